package io.gracefuldrain.benchmarks;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A restatement of the counter in Undertow's GracefulShutdownHandler, from its idea and not its
 * code: the requests in flight and the shutdown bit are one atomic long, so that who counts itself
 * in sees in the same step whether it came too late, and who counts itself out whether it was the
 * last.
 */
final class UndertowWord {
  private static final long SHUTDOWN = Long.MIN_VALUE;

  private final AtomicLong word = new AtomicLong();
  private volatile boolean empty;

  /** Counts one in, unless shut down. */
  boolean tryEnter() {
    long seen = word.get();
    while ((seen & SHUTDOWN) == 0) {
      long witness = word.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Counts one out. */
  void exit() {
    if (word.decrementAndGet() == SHUTDOWN) {
      empty = true;
    }
  }

  void shutdown() {
    if (word.getAndUpdate(seen -> seen | SHUTDOWN) == 0) {
      empty = true;
    }
  }

  /** Whether it was shut down and the last one has left. */
  boolean empty() {
    return empty;
  }
}
