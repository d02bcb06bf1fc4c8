package io.gracefuldrain;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose work a thread does: the connection whose message an adapter dispatches on it. What such a
 * handler hands to an executor can then be work of that connection, without a word from the
 * handler. Thread-safe.
 */
public final class CurrentWork {
  private static final ThreadLocal<WorkGate> GATE = new ThreadLocal<>();

  private CurrentWork() {}

  /** The gate of the connection whose work this thread does, or null if it does nobody's. */
  public static @Nullable WorkGate gate() {
    return GATE.get();
  }

  /** Runs something as the work of a connection. Calls may be nested: the innermost counts. */
  public static void during(WorkGate gate, Runnable work) {
    Objects.requireNonNull(gate, "gate");
    WorkGate before = GATE.get();
    GATE.set(gate);
    try {
      work.run();
    } finally {
      if (before == null) {
        GATE.remove();
      } else {
        GATE.set(before);
      }
    }
  }
}
