package io.gracefuldrain;

import java.time.Duration;

/**
 * Work in flight, which a drain waits for within its budget. Thread-safe: any thread may close it,
 * and only the first close counts.
 */
public interface WorkLease extends AutoCloseable {
  /** The name of the work. */
  String work();

  /** How long it has been held. */
  Duration age();

  /** Whether its limit ended it during a drain, so that no drain waits for it any more. */
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
