package io.gracefuldrain;

/**
 * Hears the events of a drain, in order, on a thread {@code drain-listener} of its own. So one that
 * is slow or blocks delays no other. Changes of the phase are not dropped. When 65,536 events wait,
 * the outcomes of further connections are dropped, counted and logged; the receipt has them all. A
 * listener that throws is logged, and hears the next.
 */
public interface DrainListener {
  /** The phase has changed; the report shows the state right after the change. */
  default void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {}

  /** A connection that a drain or a shed tracked has ended. */
  default void connectionEnded(String connection, Outcome outcome) {}
}
