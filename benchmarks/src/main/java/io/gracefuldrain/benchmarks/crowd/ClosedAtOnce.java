package io.gracefuldrain.benchmarks.crowd;

import java.time.Duration;

/** A server that knows no way to let clients go: it closes all at once. */
final class ClosedAtOnce implements Ending {
  private final OpenChannels channels;

  ClosedAtOnce(OpenChannels channels) {
    this.channels = channels;
  }

  @Override
  public int end(Duration window) throws InterruptedException {
    channels.close(Duration.ofSeconds(10));
    return 0;
  }
}
