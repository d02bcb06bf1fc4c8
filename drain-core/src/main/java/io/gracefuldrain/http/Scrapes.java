package io.gracefuldrain.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Answers with the application's metrics, at most two at a time. */
final class Scrapes {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> metrics;
  // A scrape runs the application's code; one that hangs must not take thread after thread.
  private final Semaphore places = new Semaphore(2);

  Scrapes(Supplier<String> metrics) {
    this.metrics = metrics;
  }

  CompletableFuture<Answer> scrape(Request request, Query query) {
    if (!places.tryAcquire()) {
      throw new Refusal(Answer.error(503, "metrics: two scrapes are going on (expected: fewer)"));
    }
    try {
      return Answer.now(Answer.of(200, FORMAT, metrics.get()));
    } finally {
      places.release();
    }
  }
}
