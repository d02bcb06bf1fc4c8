package io.gracefuldrain.benchmarks.crowd;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * NATS' lame duck mode, restated from {@code Server.lameDuckMode} in {@code server/server.go} of
 * nats-server 2.14.6. It closes the clients one after the other in the order of a map, which is
 * none. Between two it sleeps for a random part of duration / clients, at least for half of it, and
 * at most for a second.
 *
 * <p>So it needs five eighths of its duration on average. The grace period before it (10 s of two
 * minutes) is left out: its {@code lame_duck_duration} is the window plus that.
 */
final class NatsLameDuck implements Ending {
  private static final long MOST = Duration.ofSeconds(1).toNanos();

  private final OpenChannels channels;

  NatsLameDuck(OpenChannels channels) {
    this.channels = channels;
  }

  @Override
  public int end(Duration window) throws InterruptedException {
    List<Channel> clients = channels.now();
    long each = each(window, clients.size());
    for (Channel client : clients) {
      var unused = client.close();
      OpenChannels.pause(pause(each, ThreadLocalRandom.current().nextLong(each)));
    }
    channels.awaitNone(Duration.ofSeconds(10));
    return 0;
  }

  /** Its {@code si}, in nanoseconds. */
  static long each(Duration window, int clients) {
    return Math.max(1, Math.min(MOST, window.toNanos() / Math.max(1, clients)));
  }

  /**
   * Its {@code v}.
   *
   * @param random from 0 to less than each
   */
  static long pause(long each, long random) {
    return Math.max(each / 2, random);
  }
}
