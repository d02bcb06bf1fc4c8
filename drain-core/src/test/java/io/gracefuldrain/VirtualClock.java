package io.gracefuldrain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only when told, and the steps that wait for it. It starts within a drain of the
 * end of the long's range, so that a comparison of times other than by subtraction fails.
 */
final class VirtualClock implements Clockwork {
  static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");

  private static final Random STARTS = new Random();

  private record Step(long at, long number, Runnable action) {}

  // Times since the start do not wrap, and may be compared as they are.
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingLong(Step::number));
  // What coordinators of the same process know of each other.
  private final Map<Object, Object> notes = new ConcurrentHashMap<>();
  private final long start;
  private long elapsed;
  private long numbers;
  private boolean closed;
  // What the next request for a step fails with, if it does.
  private @Nullable Error refusal;

  VirtualClock() {
    this(Long.MAX_VALUE - STARTS.nextInt(20_000) * 1_000_000L);
  }

  VirtualClock(long start) {
    this.start = start;
  }

  @Override
  public synchronized long nanos() {
    return start + elapsed;
  }

  @Override
  public synchronized Instant wallTime() {
    return MORNING.plusNanos(elapsed);
  }

  @Override
  public synchronized void runAfter(long delayNanos, Runnable step) {
    if (refusal != null) {
      Error thrown = refusal;
      refusal = null;
      throw thrown;
    }
    if (!closed) {
      steps.add(new Step(elapsed + Math.max(0, delayNanos), numbers++, step));
    }
  }

  @Override
  public GraceClock newGraceClock() {
    return new GraceClock(() -> notes);
  }

  @Override
  public synchronized void close() {
    closed = true;
    steps.clear();
  }

  synchronized void refuseNext(Error failure) {
    refusal = failure;
  }

  synchronized boolean closed() {
    return closed;
  }

  /** How many steps were asked for. */
  synchronized long asked() {
    return numbers;
  }

  synchronized boolean idle() {
    return steps.isEmpty();
  }

  synchronized Duration elapsed() {
    return Duration.ofNanos(elapsed);
  }

  /** Lets time pass, and runs each step when it is due. */
  void advance(Duration by) {
    long until = elapsed().plus(by).toNanos();
    for (Step step = due(until); step != null; step = due(until)) {
      step.action().run();
    }
    pass(until);
  }

  /**
   * Lets time pass while the coordinator's thread has no processor: due steps wait for the next
   * advance.
   */
  void stall(Duration by) {
    pass(elapsed().plus(by).toNanos());
  }

  private synchronized Step due(long until) {
    Step next = steps.peek();
    if (next == null || next.at() > until) {
      return null;
    }
    elapsed = Math.max(elapsed, next.at());
    return steps.poll();
  }

  private synchronized void pass(long until) {
    elapsed = Math.max(elapsed, until);
  }

  @Override
  public String toString() {
    return "started at " + start + ", now " + elapsed() + " later";
  }
}
