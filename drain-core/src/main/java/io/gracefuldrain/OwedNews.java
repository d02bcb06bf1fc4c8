package io.gracefuldrain;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What others are still to hear, the oldest first. News that fails, for instance since memory is
 * short, is told again at the next step, before anything newer: so none is lost and all keep their
 * order. Whoever was told before the failure may then be told twice.
 *
 * <p>Guarded by the coordinator's lock.
 */
final class OwedNews {
  private final Announcements announcements;
  private final StepLoop steps;
  private final Deque<Runnable> owed = new ArrayDeque<>();
  // Whether the first one has failed: this is logged once, and not at every step.
  private boolean failing;

  OwedNews(CoordinatorParts parts) {
    this.announcements = parts.announcements();
    this.steps = parts.steps();
  }

  void add(Runnable news) {
    owed.add(news);
  }

  /** What the last news was to tell has not happened. */
  void removeLast() {
    owed.removeLast();
  }

  boolean isEmpty() {
    return owed.isEmpty();
  }

  /** Tells all, as far as it succeeds. Never throws: what has happened goes on. */
  void tell() {
    try {
      for (Runnable next = owed.peek(); next != null; next = owed.peek()) {
        next.run();
        owed.remove();
      }
      failing = false;
    } catch (Throwable e) {
      later(e);
    }
  }

  private void later(Throwable cause) {
    try {
      steps.wake();
      if (!failing) {
        failing = true;
        announcements.warn(LogCode.STEP_FAILED.line(), cause);
      }
    } catch (Throwable e) {
      // There is no memory for a line of the log. The next step may have some.
    }
  }
}
