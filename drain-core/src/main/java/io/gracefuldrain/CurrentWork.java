package io.gracefuldrain;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose work a thread does, without a word from the application's code. An adapter says whose
 * message it dispatches: what such a handler hands to an executor can then be work of that
 * connection. Whoever runs work with a lease says which: a thread that waits for a drain does not
 * then wait for itself. Thread-safe.
 */
public final class CurrentWork {
  /** Until it is closed, on the thread that opened it, a lease is the one of what runs. */
  @FunctionalInterface
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** The leases of a thread, the innermost first. */
  private record Held(WorkLease lease, @Nullable Held outer) {}

  // A thread that does nobody's work holds null. To remove its entry would cost a new one, and so
  // an allocation, with each message that it dispatches.
  private static final ThreadLocal<@Nullable WorkGate> GATE = new ThreadLocal<>();
  private static final ConcurrentMap<Thread, Held> HELD = new ConcurrentHashMap<>();

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
      GATE.set(before);
    }
  }

  /**
   * Says that this thread does the work of a lease. Scopes may be nested, and end in the reverse
   * order.
   *
   * @return ends that, and not the lease
   */
  public static Scope holding(WorkLease lease) {
    Thread thread = Thread.currentThread();
    Held outer = HELD.get(thread);
    HELD.put(thread, new Held(Objects.requireNonNull(lease, "lease"), outer));
    return () -> {
      if (outer == null) {
        HELD.remove(thread);
      } else {
        HELD.put(thread, outer);
      }
    };
  }

  /**
   * Ends the leases whose work this thread does. It is for a thread that asks for a drain and waits
   * for it: the drain would wait for the thread until its time is over.
   */
  public static void endLeases() {
    endLeases(HELD.get(Thread.currentThread()));
  }

  /**
   * Ends the leases of other threads in the same way.
   *
   * @param threads asked about each thread that does work
   */
  public static void endLeases(Predicate<? super Thread> threads) {
    HELD.forEach(
        (thread, held) -> {
          if (threads.test(thread)) {
            endLeases(held);
          }
        });
  }

  private static void endLeases(@Nullable Held innermost) {
    for (Held held = innermost; held != null; held = held.outer()) {
      held.lease().close();
    }
  }
}
