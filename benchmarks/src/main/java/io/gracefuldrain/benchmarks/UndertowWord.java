package io.gracefuldrain.benchmarks;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A restatement of the counter in Undertow's GracefulShutdownHandler, made from its idea and not
 * its code. The requests in flight and the shutdown bit are one atomic long. A request that enters
 * sees in the same step whether it is too late. A request that exits sees whether it is the last.
 */
final class UndertowWord {
  private static final long SHUTDOWN = Long.MIN_VALUE;

  private final AtomicLong word = new AtomicLong();
  private volatile boolean empty;

  /** Counts a request that begins, unless shut down. */
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

  /** Counts a request that ends. */
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

  /** Whether it was shut down and the last request has ended. */
  boolean empty() {
    return empty;
  }
}
