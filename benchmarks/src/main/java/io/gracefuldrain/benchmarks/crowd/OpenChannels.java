package io.gracefuldrain.benchmarks.crowd;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What all ways of others need: the channels of a server, in no order. Thread-safe. */
final class OpenChannels {
  private final ChannelGroup group = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(
        new ChannelInboundHandlerAdapter() {
          @Override
          public void handlerAdded(ChannelHandlerContext context) {
            group.add(context.channel()); // which leaves by itself when it closes
          }
        });
  }

  /** Those of the present moment. */
  List<Channel> now() {
    return List.copyOf(group);
  }

  /** Waits, to some ten microseconds. */
  static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Closes all, and waits until they are closed. */
  void close(Duration within) throws InterruptedException {
    var unused = group.close();
    awaitNone(within);
  }

  /** Waits until all are closed. */
  void awaitNone(Duration within) throws InterruptedException {
    if (!group.newCloseFuture().await(within.toMillis())) {
      throw new IllegalStateException(
          "channels: %s open (expected: none within %s)".formatted(group.size(), within));
    }
  }
}
