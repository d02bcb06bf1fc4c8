package io.gracefuldrain.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A clock that stands until a test moves it. It starts anywhere, so that tests meet its wrap-around
 * too.
 */
final class VirtualTimers implements Timers {
  private record Task(long at, Runnable task) {}

  private final List<Task> tasks = new ArrayList<>();
  private long now = ThreadLocalRandom.current().nextLong();

  /** Moves the clock, and runs the tasks that are due on the way. */
  void pass(long millis) {
    long until = now + nanos(millis);
    for (Optional<Task> due = due(until); due.isPresent(); due = due(until)) {
      tasks.remove(due.get());
      now = due.get().at();
      due.get().task().run();
    }
    now = until;
  }

  private Optional<Task> due(long until) {
    return tasks.stream()
        .filter(task -> until - task.at() >= 0)
        .min(Comparator.comparingLong(task -> task.at() - now));
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Cancellable after(long millis, Runnable task) {
    Task later = new Task(now + nanos(millis), task);
    tasks.add(later);
    return () -> tasks.remove(later);
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
