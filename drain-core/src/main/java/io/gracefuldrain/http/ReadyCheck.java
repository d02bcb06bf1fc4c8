package io.gracefuldrain.http;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One condition of the application's own for its readiness. It is asked on a thread of its own,
 * once at a time: one that hangs has one thread. Thread-safe.
 */
final class ReadyCheck {
  private static final Logger LOG = LoggerFactory.getLogger("io.gracefuldrain.http.DrainEndpoints");

  private final String name;
  private final BooleanSupplier condition;
  // Guarded by this.
  private @Nullable CompletableFuture<String> open;
  private boolean hangs;
  private boolean good = true;

  ReadyCheck(String name, BooleanSupplier condition) {
    this.name = name;
    this.condition = condition;
  }

  String name() {
    return name;
  }

  /**
   * Asks, or joins who asks already: completes with what is wrong, which is empty when all is well.
   */
  CompletableFuture<String> ask() {
    CompletableFuture<String> question = new CompletableFuture<>();
    synchronized (this) {
      if (open != null) {
        return hangs ? CompletableFuture.completedFuture(hanging()) : open;
      }
      open = question;
      hangs = false;
    }
    try {
      Workers.daemon("drain-ready-" + name, () -> look(question)).start();
    } catch (OutOfMemoryError e) { // no more threads
      answered(question, name + " was not asked", e);
    }
    return question;
  }

  private void look(CompletableFuture<String> question) {
    String wrong;
    Throwable failure = null;
    try {
      wrong = condition.getAsBoolean() ? "" : name + " is not ready";
    } catch (Throwable e) { // foreign code
      wrong = name + " failed"; // the rest is in the log: the answer is for everybody
      failure = e;
    }
    answered(question, wrong, failure);
  }

  private void answered(
      CompletableFuture<String> question, String wrong, @Nullable Throwable failure) {
    boolean changed;
    synchronized (this) {
      open = null;
      changed = becomes(wrong.isEmpty());
    }
    question.complete(wrong);
    if (changed) {
      tell(wrong, failure);
    }
  }

  /** Says what is wrong, after a probe has waited for this question long enough. */
  String late(CompletableFuture<String> question) {
    boolean changed;
    synchronized (this) {
      if (open != question) { // answered meanwhile, and perhaps asked anew
        return question.join();
      }
      hangs = true;
      changed = becomes(false);
    }
    if (changed) {
      tell(hanging(), null);
    }
    return hanging();
  }

  private String hanging() {
    return name + " does not answer";
  }

  private boolean becomes(boolean now) {
    boolean changed = good != now;
    good = now;
    return changed;
  }

  private void tell(String wrong, @Nullable Throwable failure) {
    if (wrong.isEmpty()) {
      LOG.info("DRAIN-048 {} is ready again", name);
    } else {
      LOG.warn("DRAIN-047 not ready: {}", wrong, failure);
    }
  }
}
