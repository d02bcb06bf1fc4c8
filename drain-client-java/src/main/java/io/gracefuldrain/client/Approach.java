package io.gracefuldrain.client;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a move to connect, and the pauses between them. An attempt has succeeded when its
 * connection has joined every namespace and leads to another pod. On the event thread.
 */
final class Approach {
  /** What an approach reports. */
  interface Events {
    /** An attempt has succeeded. */
    void connected(Connection next);

    /** An attempt has failed. */
    void lost(String why);

    /** No attempt is left. */
    void fail(String why);
  }

  private final Supplier<Connection> opening;
  private final Pod from;
  private final Grace grace;
  private final Timers timers;
  private final Receipt receipt;
  private final Events events;
  private int made;
  private @Nullable Connection next;
  private final Inbox inbox = new Inbox();
  private boolean joinedAll;
  private Timers.Cancellable step = Timers.NONE;

  Approach(
      Supplier<Connection> opening,
      Pod from,
      Grace grace,
      Timers timers,
      Receipt receipt,
      Events events) {
    this.opening = opening;
    this.from = from;
    this.grace = grace;
    this.timers = timers;
    this.receipt = receipt;
    this.events = events;
  }

  void attempt() {
    if (grace.millisLeft() <= 0) {
      events.fail(grace.exceeded());
      return;
    }
    made++;
    joinedAll = false;
    next = opening.get();
    next.channels().forEach(Channel::open);
  }

  /** A namespace was joined, or is not wanted any more. */
  void joined() {
    if (joinedAll || next == null || !next.whole()) {
      return;
    }
    joinedAll = true;
    receipt.connected(timers.nanoTime());
    if (next.pod().known()) {
      identified();
    } else {
      step = timers.after(Bounds.HELLO_MS, this::identified);
    }
  }

  /** The next pod has said hello. */
  void greeted() {
    if (joinedAll) {
      identified();
    }
  }

  /** The next pod is known, or will say no hello. */
  private void identified() {
    step.cancel();
    Connection candidate = next;
    if (candidate == null) {
      return;
    }
    if (candidate.pod().known() && candidate.pod().equals(from)) {
      events.lost("led back to " + from.pod());
    } else {
      events.connected(candidate);
    }
  }

  /** Gives up this attempt, and tries again after a pause. */
  void again(String why) {
    drop();
    Attempts.pause(made, grace.millisLeft(), ThreadLocalRandom.current().nextDouble())
        .ifPresentOrElse(
            pause -> step = timers.after(pause, this::attempt),
            () -> events.fail("attempt " + made + " of " + Bounds.ATTEMPTS_MOST + ": " + why));
  }

  /** Closes the next connection, if there is one. */
  void drop() {
    step.cancel();
    if (next != null) {
      next.drop();
      next = null;
    }
    inbox.forgetAll();
  }

  /** One more namespace is to come along. */
  void join(AwareSocket socket) {
    if (next != null) {
      next.channel(socket).open();
    }
  }

  void leave(AwareSocket socket) {
    inbox.forget(socket);
    if (next != null) {
      next.leave(socket);
    }
  }

  /** The deliveries of the next connection. */
  Inbox inbox() {
    return inbox;
  }

  /** The next connection; null between two attempts. */
  @Nullable Connection next() {
    return next;
  }

  /** Whether the next connection stands in all its namespaces. */
  boolean stands() {
    return next != null && joinedAll && next.whole();
  }
}
