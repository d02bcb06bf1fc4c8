package io.gracefuldrain.signal;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Other copies of this library in the JVM, under other class loaders: none may end the process
 * while another still drains. Each marks until when it may take, as a system property, since they
 * share nothing else. Thread-safe.
 */
final class Copies {
  private static final String PREFIX = "io.gracefuldrain.exit.";
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final Map<Object, Object> marks;
  private final String own = PREFIX + UUID.randomUUID();

  Copies(Map<Object, Object> marks) {
    this.marks = marks;
  }

  /** This copy drains and stops, for so many nanoseconds at most. */
  void mark(long left) {
    marks.put(own, Long.toString(System.nanoTime() + left));
  }

  /** This copy has stopped. */
  void unmark() {
    marks.remove(own);
  }

  /** Waits until the others have stopped, or their time is over. */
  void awaitOthers() {
    try {
      while (left() > 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // does not wait any longer
    }
  }

  /** How many nanoseconds the others may still take. */
  private long left() {
    long now = System.nanoTime();
    long most = 0;
    for (Map.Entry<Object, Object> mark : marks.entrySet()) {
      if (mark.getKey() instanceof String name && name.startsWith(PREFIX) && !name.equals(own)) {
        most = Math.max(most, until(mark.getValue(), now) - now);
      }
    }
    return most;
  }

  private static long until(Object mark, long now) {
    try {
      return Long.parseLong(String.valueOf(mark));
    } catch (NumberFormatException e) {
      return now; // not one of ours
    }
  }
}
