package io.gracefuldrain.sample.plan;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.VirtualTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A pod: the coordinator of production in virtual time, and the speed of its handshakes. */
final class Pod {
  /** How often the end of its drain is looked for. */
  private static final long LOOK = Duration.ofMillis(100).toNanos();

  final String name;
  final DrainCoordinator coordinator;
  final Receiver receiver;
  final Rush arrivals = new Rush();
  private final VirtualTime time;
  private int ids;
  private boolean gone;

  Pod(String name, DrainCoordinator coordinator, Receiver receiver, VirtualTime time) {
    this.name = name;
    this.coordinator = coordinator;
    this.receiver = receiver;
    this.time = time;
  }

  /** A name for one more of its connections. */
  String nextId() {
    return name + "-" + ids++;
  }

  /** Whether its process has ended. */
  boolean gone() {
    return gone;
  }

  /** Whether a handshake that comes now is taken. */
  boolean admits(@Nullable String ticket) {
    return !gone && coordinator.admit(ticket);
  }

  /** Its deletion: it drains, and its process ends with the drain. */
  void delete(Ending ending) {
    long begun = time.nanos();
    coordinator.drain(DrainReason.SIGTERM);
    look(begun, ending);
  }

  private void look(long begun, Ending ending) {
    if (coordinator.phase() == DrainPhase.DRAINED) {
      DrainReport receipt = coordinator.report();
      gone = true;
      coordinator.close();
      ending.ended(receipt, time.nanos() - begun);
    } else {
      time.runAfter(LOOK, () -> look(begun, ending));
    }
  }

  /** Hears of the end. */
  interface Ending {
    /**
     * The process has ended.
     *
     * @param took from the deletion to its end, in nanoseconds
     */
    void ended(DrainReport receipt, long took);
  }
}
