package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.protocol.Packet;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sees whether the answer to a CONNECT has reached the client, as far as a server can: it was
 * written, and what the client had sent until then was read, and was not its end. Thread-safe.
 */
final class AnswerWatch {
  /** The loop reads before it runs what was scheduled. */
  static final Duration ONE_READ = Duration.ofMillis(1);

  private final Packet answer;
  private final CompletableFuture<Void> written = new CompletableFuture<>();

  AnswerWatch(Packet answer) {
    this.answer = answer;
  }

  /**
   * Completes on an event loop. Fails if it is not written, but for an answer to a poll that never
   * comes: that does not complete.
   */
  CompletableFuture<Void> written() {
    return written;
  }

  /** Whether the answer is one of these. */
  boolean among(Collection<Packet> packets) {
    return packets.stream().anyMatch(packet -> packet == answer);
  }

  /**
   * It is about to be written, called on the event loop.
   *
   * @param poll completes when the answer to a poll was written; a WebSocket's says nothing
   */
  void writtenOn(ChannelHandlerContext ctx, Transport transport, ChannelFuture poll) {
    Channel channel = ctx.channel();
    if (transport == Transport.POLLING) {
      poll.addListener(done -> over(done.isSuccess()));
      return;
    }
    // netty-socketio does not say when a text was written. This comes behind it.
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done -> {
              if (!done.isSuccess() || channel.eventLoop().isShuttingDown()) {
                over(false);
                return;
              }
              var unused =
                  channel
                      .eventLoop()
                      .schedule(
                          () -> over(channel.isActive()),
                          ONE_READ.toMillis(),
                          TimeUnit.MILLISECONDS);
            });
  }

  /** Whether it has reached the client was seen in another way, or is over. */
  void over(boolean reached) {
    if (reached) {
      written.complete(null);
    } else {
      written.completeExceptionally(new IllegalStateException("the client was not answered"));
    }
  }
}
