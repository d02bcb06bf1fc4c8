package io.gracefuldrain;

/**
 * Told of what happens in a drain, in order, on the thread {@code drain-listener}. What is told
 * waits in a bounded queue; when a listener is so slow that the queue is full, the newest is
 * dropped, counted and logged. A listener that throws is logged and told the next.
 */
public interface DrainListener {
  /** The phase has changed; the report is of the moment after. */
  default void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {}

  /** A connection that a drain or a shed tracked has ended. */
  default void connectionEnded(String connection, Outcome outcome) {}
}
