package io.gracefuldrain;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * When the platform's grace period began: one clock for all coordinators of the process, since the
 * platform ends them together. The first word that the process ends counts for all, whichever of
 * them it reached. Thread-safe.
 *
 * <p>The words are kept as notes of the process, by default its system properties: two copies of
 * this library, under two class loaders, share nothing else.
 */
final class GraceClock {
  /**
   * How long after its grace period a word still counts. Later it was not the platform's: the
   * process would not be alive.
   */
  private static final long AFTERWARDS = 2_000_000_000L;

  private static final String PREFIX = "io.gracefuldrain.grace.";

  private final Supplier<? extends Map<Object, Object>> notes;
  private final String own = PREFIX + UUID.randomUUID();

  /** The clock as one coordinator sees it; those with the same notes share it. */
  GraceClock(Supplier<? extends Map<Object, Object>> notes) {
    this.notes = notes;
  }

  /**
   * Something has ended the process.
   *
   * @param period the grace period, in nanoseconds
   * @return when it began: now, or with an earlier word
   */
  long begin(long now, long period) {
    Map<Object, Object> all = notes.get();
    all.putIfAbsent(own, Long.toString(now));
    long longest = 0;
    for (Map.Entry<Object, Object> note : all.entrySet()) {
      if (note.getKey() instanceof String name && name.startsWith(PREFIX)) {
        long used = now - since(note.getValue(), now);
        longest = used <= period + AFTERWARDS ? Math.max(longest, used) : longest;
      }
    }
    return now - longest;
  }

  private static long since(Object word, long now) {
    try {
      return Long.parseLong(String.valueOf(word));
    } catch (NumberFormatException e) {
      return now; // not one of ours
    }
  }

  /** This coordinator's word is taken back. */
  void stop() {
    notes.get().remove(own);
  }
}
