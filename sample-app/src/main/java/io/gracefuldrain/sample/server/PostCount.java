package io.gracefuldrain.sample.server;

import org.jspecify.annotations.Nullable;

/** Counts the numbers that a client sends without asking for an answer. Not thread-safe. */
final class PostCount {
  /**
   * What has come.
   *
   * @param first the first number, or null
   * @param last the last one, or null
   * @param odd how many did not follow the one before, or came with other bytes than they should
   */
  record Posts(long count, @Nullable Long first, @Nullable Long last, long odd) {}

  private long count;
  private @Nullable Long first;
  private @Nullable Long last;
  private long odd;

  /**
   * Takes a number.
   *
   * @param whole whether its bytes are those that it should have
   */
  void take(long n, boolean whole) {
    count++;
    if (first == null) {
      first = n;
    }
    if ((last != null && n != last + 1) || !whole) {
      odd++;
    }
    last = n;
  }

  Posts all() {
    return new Posts(count, first, last, odd);
  }
}
