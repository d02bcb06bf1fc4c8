package io.gracefuldrain;

import java.time.Duration;
import java.util.Optional;

/**
 * Work in flight, which a drain waits for within its budget. Thread-safe: any thread may close it,
 * and only the first close counts.
 */
public interface WorkLease extends AutoCloseable {
  /** The name of the work. */
  String work();

  /** How long it has been held. */
  Duration age();

  /**
   * How long a drain still waits for it at most, until it closes by force; empty while nothing
   * drains. A drain may be shortened later, so ask again before each long step.
   */
  Optional<Duration> timeLeft();

  /**
   * Whether its limit ended it, so that no drain waits for it any more: during a drain, or when its
   * connection had left.
   */
  boolean expired();

  /**
   * Takes another lease of the same holder. While this one is open it is always admitted, in every
   * phase.
   *
   * @throws IllegalStateException if this lease is closed or expired
   */
  WorkLease begin(String work);

  /** Ends the work. */
  @Override
  void close();
}
