package io.gracefuldrain;

import io.gracefuldrain.RosterEntry.Line;
import io.gracefuldrain.RosterEntry.Stage;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tracked connections, each on one line; the line says how far a drain has come with it.
 * Guarded by the coordinator's lock.
 */
final class Roster {
  /** Wait for their slot, the longest connected first. */
  final Line waiting = new Line(Stage.PRESENT);

  /** Wait for their slot behind the others: they were busy when it came near. */
  final Line busy = new Line(Stage.PRESENT);

  /** Were hinted and have not heard it yet, the first hinted first. */
  final Line hinted = new Line(Stage.HINTED);

  /** Have heard their hint, the first that heard first. */
  final Line heard = new Line(Stage.HINTED);

  /** Came while others are let go. */
  final Line late = new Line(Stage.DUE);

  /** Had their slot and were busy: their gates are closing. */
  final Line due = new Line(Stage.DUE);

  /** Were asked to close. */
  final Line lettingGo = new Line(Stage.LETTING_GO);

  /** Were closed by force. */
  final Line forced = new Line(Stage.FORCED);

  /** Are no connections any more, but their work goes on: their gates are closing. */
  final Line outlived = new Line(Stage.OUTLIVED);

  /** How many connections there are; work that has outlived its connection is none. */
  int size() {
    return waiting.size()
        + busy.size()
        + hinted.size()
        + heard.size()
        + late.size()
        + due.size()
        + lettingGo.size()
        + forced.size();
  }

  /** How many have yet to have their slot. */
  int unslotted() {
    return waiting.size() + busy.size();
  }

  /** Whether an aware connection has yet to have its slot. */
  boolean anyAwareWaits() {
    return waiting.aware() + busy.aware() > 0;
  }

  /** The lines of those that were not closed by force. */
  List<Line> notForced() {
    return List.of(waiting, busy, hinted, heard, late, due, lettingGo);
  }

  /** Visits all connections. */
  void forEach(Consumer<TrackedConnection> action) {
    notForced().forEach(line -> line.forEach(action));
    forced.forEach(action);
  }

  /** Visits all that may have work in flight. */
  void forEachHolder(Consumer<TrackedConnection> action) {
    forEach(action);
    outlived.forEach(action);
  }
}
