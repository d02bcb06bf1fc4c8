package io.gracefuldrain;

/**
 * Hears the events of a drain, in order, on the thread {@code drain-listener}. News waits in a
 * bounded queue. When a listener is so slow that the queue is full, the newest is dropped, counted
 * and logged. A listener that throws is logged, and hears the next.
 */
public interface DrainListener {
  /** The phase has changed; the report shows the state right after the change. */
  default void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {}

  /** A connection that a drain or a shed tracked has ended. */
  default void connectionEnded(String connection, Outcome outcome) {}
}
