package io.gracefuldrain.handover;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Says of each kind of event when it is worth a line: at once, and then at most once a minute, with
 * how often it happened. Thread-safe.
 */
final class Sparse {
  private static final long BETWEEN = TimeUnit.MINUTES.toNanos(1);

  private record Seen(long toldAt, long count, boolean due) {}

  private final Map<String, Seen> kinds = new ConcurrentHashMap<>();
  private final Time time;

  Sparse(Time time) {
    this.time = time;
  }

  /**
   * One more event of a kind, of which there are few.
   *
   * @return how many are to be told now, this one among them; 0 if none
   */
  long count(String kind) {
    long now = time.nanos();
    Seen seen =
        kinds.compute(
            kind,
            (same, before) -> {
              if (before == null) {
                return new Seen(now, 1, true);
              }
              long count = before.due() ? 1 : before.count() + 1;
              boolean due = now - before.toldAt() >= BETWEEN;
              return new Seen(due ? now : before.toldAt(), count, due);
            });
    return seen.due() ? seen.count() : 0;
  }
}
