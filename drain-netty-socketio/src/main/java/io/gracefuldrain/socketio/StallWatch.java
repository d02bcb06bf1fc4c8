package io.gracefuldrain.socketio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Acts when a channel has made no progress for a while, or has taken too long in all. Progress is a
 * byte that the network has taken, or what its user says. A channel that closes is watched no more.
 * Confined to the channel's event loop.
 */
final class StallWatch {
  /** How often the watch looks. An action comes this much later at most. */
  static final long TICK_MILLIS = 250;

  private final Channel channel;
  private final long mostSilentTicks;
  private final Runnable stalled;
  private long ticksLeft;
  private long silentTicks;
  private long pending;
  private long written;
  private @Nullable ScheduledFuture<?> next;

  private StallWatch(Channel channel, long silenceMillis, long mostMillis, Runnable stalled) {
    this.channel = channel;
    this.mostSilentTicks = silenceMillis / TICK_MILLIS;
    this.ticksLeft = mostMillis / TICK_MILLIS;
    this.stalled = stalled;
  }

  /**
   * Begins to watch.
   *
   * @param silenceMillis how long the channel may make no progress
   * @param mostMillis how long it may take in all
   */
  static StallWatch begin(Channel channel, long silenceMillis, long mostMillis, Runnable stalled) {
    StallWatch watch = new StallWatch(channel, silenceMillis, mostMillis, stalled);
    watch.wrote();
    watch.lookLater();
    return watch;
  }

  /** Notes progress that the channel's output does not show. */
  void progress() {
    silentTicks = 0;
  }

  void end() {
    if (next != null) {
      next.cancel(false);
    }
  }

  private void lookLater() {
    next = channel.eventLoop().schedule(this::look, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!channel.isOpen()) {
      return;
    }
    silentTicks = wrote() ? 0 : silentTicks + 1;
    ticksLeft--;
    if (silentTicks >= mostSilentTicks || ticksLeft <= 0) {
      stalled.run();
    } else {
      lookLater();
    }
  }

  /** Whether the network has taken bytes since the last call. */
  private boolean wrote() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long pendingNow = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    long writtenNow = buffer == null ? 0 : buffer.currentProgress();
    boolean wrote = pendingNow < pending || (pendingNow == pending && writtenNow != written);
    pending = pendingNow;
    written = writtenNow;
    return wrote;
  }
}
