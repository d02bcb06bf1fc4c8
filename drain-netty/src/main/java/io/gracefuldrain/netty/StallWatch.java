package io.gracefuldrain.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the writing of a channel's output by its progress: a slow reader that still reads gets
 * all. The watch acts once, when the network has taken no byte for a while, or when the whole takes
 * too long. A channel that closes is watched no more. Confined to the channel's event loop.
 */
public final class StallWatch {
  /** How often the watch looks. It sees a silence this much later at most. */
  static final long TICK_MILLIS = 250;

  private final Channel channel;
  private final Runnable stalled;
  private long mostSilentMillis;
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
   * @param mostSilent how long the channel may make no progress. Its end is seen 250 ms late at
   *     most
   * @param most how long it may take in all; zero acts at once
   * @param stalled what to do then, on the channel's event loop
   */
  public static StallWatch begin(
      Channel channel, Duration mostSilent, Duration most, Runnable stalled) {
    StallWatch watch = new StallWatch(channel, mostSilent.toMillis(), most.toMillis(), stalled);
    watch.wrote();
    watch.lookLater();
    return watch;
  }

  /** Notes progress that the channel's output does not show. */
  void progress() {
    progressed = true;
  }

  /** From now on it may make no progress for this long. */
  void mostSilent(Duration most) {
    mostSilentMillis = most.toMillis();
  }

  /** From now on it may take this long in all, or what is left if that is less. */
  void atMost(Duration most) {
    leftMillis = Math.min(leftMillis, most.toMillis());
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
