package io.gracefuldrain.benchmarks.crowd;

import io.netty.channel.ChannelPipeline;
import java.time.Duration;

/** How one server lets its clients go. Thread-safe. */
interface Ending {
  /** Adds what it needs to see of a channel, behind the HTTP codec. */
  default void addTo(ChannelPipeline pipeline) {}

  /**
   * Lets all clients go.
   *
   * @param window how long that may take
   * @return how many were cut since time was up, once it is over
   */
  int end(Duration window) throws InterruptedException;

  /** Frees what it holds, once all channels are closed. */
  default void close() {}
}
