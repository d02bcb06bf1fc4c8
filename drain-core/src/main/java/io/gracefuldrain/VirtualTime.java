package io.gracefuldrain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Time that passes only when told, and coordinators that live in it: for simulations, and for tests
 * that do not wait.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * DrainCoordinator coordinator = time.coordinator(DrainPolicy.defaults());
 * coordinator.started();
 * coordinator.drain(DrainReason.SIGTERM);
 * time.advance(Duration.ofSeconds(30)); // the drain is over
 * }</pre>
 *
 * <p>A coordinator here decides by the code that decides in production. It differs in two things.
 * Its steps, its calls to connections and its log lines happen on the thread that lets time pass.
 * And each counts as a process of its own, in a pod of Kubernetes. Listeners, participants and
 * those who wait for a drain are told on threads, as ever, which virtual time does not wait for:
 * ask {@link DrainCoordinator#phase} and {@link DrainCoordinator#report} instead.
 *
 * <p>Not thread-safe: one thread makes it, lets time pass, and calls what lives in it.
 */
public final class VirtualTime {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private record Due(long at, long number, Runnable action) {}

  private final PriorityQueue<Due> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
  private long now;
  private long numbers;

  /** Time at its beginning, 0. */
  public VirtualTime() {}

  /** Nanoseconds since the beginning. */
  public long nanos() {
    return now;
  }

  /**
   * Has something done later, by the thread that lets time pass. What is due at the same moment is
   * done in the order in which it was asked for.
   *
   * @param delay nanoseconds from now; one that is not more than zero means at the present moment,
   *     once time goes on
   */
  public void runAfter(long delay, Runnable action) {
    Objects.requireNonNull(action, "action");
    waiting.add(new Due(now + Math.max(0, delay), numbers++, action));
  }

  /**
   * Does what is due next, at its moment.
   *
   * @return false if nothing is to be done any more: time stands still
   */
  public boolean next() {
    Due next = waiting.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    next.action().run();
    return true;
  }

  /**
   * Lets time pass, and does what is due meanwhile.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public void advance(Duration by) {
    if (Objects.requireNonNull(by, "by").isNegative()) {
      throw new IllegalArgumentException("advance: " + by + " (expected: >= 0)");
    }
    long until = now + by.toNanos();
    for (Due next = waiting.peek(); next != null && next.at() <= until; next = waiting.peek()) {
      next();
    }
    now = until;
  }

  /**
   * A coordinator in {@link DrainPhase#STARTING} that lives in this time. Its receipt is written
   * where the policy says.
   *
   * @throws IllegalArgumentException as {@link DrainCoordinator#create}
   */
  public DrainCoordinator coordinator(DrainPolicy policy) {
    Journal journal = new Journal(policy, System.out, Runnable::run);
    return new DrainCoordinator(
        policy, new Life(), journal, true, (time, log) -> new InlineCaller());
  }

  /** The time of one coordinator: it ends with it. */
  private final class Life implements Clockwork {
    private final Map<Object, Object> notes = new ConcurrentHashMap<>();
    private boolean closed;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public Instant wallTime() {
      return BEGINNING.plusNanos(now);
    }

    @Override
    public void runAfter(long delayNanos, Runnable step) {
      VirtualTime.this.runAfter(
          delayNanos,
          () -> {
            if (!closed) {
              step.run();
            }
          });
    }

    @Override
    public GraceClock newGraceClock() {
      return new GraceClock(() -> notes);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
