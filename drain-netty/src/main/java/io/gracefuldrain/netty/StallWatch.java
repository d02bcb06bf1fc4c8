package io.gracefuldrain.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Acts once when a channel has made no progress for a while, or has taken too long in all. Progress
 * is a byte that the network has taken, or what its user says. A channel that closes is watched no
 * more. Confined to the channel's event loop.
 */
final class StallWatch {
  /** How often the watch looks. It sees a silence this much later at most. */
  static final long TICK_MILLIS = 250;

  private final Channel channel;
  private final long mostSilentMillis;
  private final Runnable stalled;
  private long leftMillis;
  private long silentMillis;
  private boolean progressed;
  private long pending;
  private long written;

  private StallWatch(Channel channel, long mostSilentMillis, long mostMillis, Runnable stalled) {
    this.channel = channel;
    this.mostSilentMillis = mostSilentMillis;
    this.leftMillis = mostMillis;
    this.stalled = stalled;
  }

  /**
   * Begins to watch.
   *
   * @param mostSilentMillis how long the channel may make no progress
   * @param mostMillis how long it may take in all
   */
  static StallWatch begin(
      Channel channel, long mostSilentMillis, long mostMillis, Runnable stalled) {
    StallWatch watch = new StallWatch(channel, mostSilentMillis, mostMillis, stalled);
    watch.wrote();
    watch.lookLater();
    return watch;
  }

  /** Notes progress that the channel's output does not show. */
  void progress() {
    progressed = true;
  }

  /** From now on it may take this long in all, or what is left if that is less. */
  void atMost(long mostMillis) {
    leftMillis = Math.min(leftMillis, mostMillis);
  }

  private void lookLater() {
    long wait = Math.max(0, Math.min(TICK_MILLIS, leftMillis));
    var unused = channel.eventLoop().schedule(() -> look(wait), wait, TimeUnit.MILLISECONDS);
  }

  private void look(long waited) {
    if (!channel.isOpen()) {
      return;
    }
    leftMillis -= waited;
    silentMillis = wrote() || progressed ? 0 : silentMillis + waited;
    progressed = false;
    if (silentMillis >= mostSilentMillis || leftMillis <= 0) {
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
