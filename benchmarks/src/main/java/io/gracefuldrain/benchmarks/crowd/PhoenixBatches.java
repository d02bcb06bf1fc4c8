package io.gracefuldrain.benchmarks.crowd;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;

/**
 * Phoenix' drainer of sockets, restated from {@code Phoenix.Socket.PoolDrainer} in {@code
 * lib/phoenix/socket/pool_supervisor.ex} (a copy of the 1.7 line). It asks {@code batch_size}
 * clients to go, all at once, then sleeps for {@code batch_interval}.
 *
 * <p>The interval is its default, 2 s. The size (10,000 by default) is what fills the window: of
 * 10,000 clients all would go at once else.
 */
final class PhoenixBatches implements Ending {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final OpenChannels channels;

  PhoenixBatches(OpenChannels channels) {
    this.channels = channels;
  }

  @Override
  public int end(Duration window) throws InterruptedException {
    List<Channel> clients = channels.now();
    int size = size(window, clients.size());
    for (int i = 0; i < clients.size(); i++) {
      if (i > 0 && i % size == 0) {
        OpenChannels.pause(INTERVAL.toNanos());
      }
      var unused = clients.get(i).close();
    }
    channels.awaitNone(Duration.ofSeconds(10));
    return 0;
  }

  /** How many go at once so that all go within the window. */
  static int size(Duration window, int clients) {
    int batches = (int) Math.max(1, window.dividedBy(INTERVAL));
    return Math.max(1, (clients + batches - 1) / batches);
  }
}
