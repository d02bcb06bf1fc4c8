package io.gracefuldrain.client;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a move to connect, and the pauses between them. An attempt has succeeded when its
 * connection has an answer in every namespace, has joined one, and leads to another pod. On the
 * event thread.
 */
final class Approach {
  /** What an approach reports. */
  interface Events {
    /** An attempt has succeeded. */
    void connected(Connection next);

    /** An attempt has failed. */
    void lost(Failure code, String why);

    /** No attempt is left, or another one would be of no use. */
    void fail(Failure code, String why);
  }

  private final IntFunction<@Nullable Connection> opening;
  private final Pod from;
  private final Grace grace;
  private final Timers timers;
  private final Receipt receipt;
  private final Events events;
  private int made;
  private @Nullable Connection next;
  private final Inbox inbox = new Inbox();
  private final Map<AwareSocket, String> declined = new HashMap<>();
  private boolean joinedAll;
  private String refusal = "refused";
  private Timers.Cancellable step = Timers.NONE;

  /**
   * The approach of one move.
   *
   * @param opening makes the connection of an attempt, by its number; null if the move has ended
   */
  Approach(
      IntFunction<@Nullable Connection> opening,
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
      events.fail(Failure.TIMEOUT, grace.exceeded());
      return;
    }
    made++;
    joinedAll = false;
    Connection opened = opening.apply(made);
    next = opened;
    if (opened != null) {
      opened.channels().forEach(Channel::open);
    }
  }

  /** A namespace was joined or refused, or is not wanted any more. */
  void joined() {
    Connection candidate = next;
    if (joinedAll || candidate == null || !candidate.settled()) {
      return;
    }
    if (candidate.standing() == null) {
      events.fail(Failure.REFUSED, refusal);
      return;
    }
    joinedAll = true;
    receipt.connected(timers.nanoTime());
    if (candidate.pod().known()) {
      identified();
    } else {
      step = timers.after(Bounds.HELLO_MS, this::identified);
    }
  }

  /** The server has refused a namespace. It is not tried again by itself. */
  void refused(AwareSocket socket, String why) {
    declined.put(socket, why);
    refusal = why;
  }

  /** The namespaces that a server has refused, and why. */
  Map<AwareSocket, String> declined() {
    return declined;
  }

  /** Why a server has refused a namespace. */
  String refusal() {
    return refusal;
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
    if (candidate.pod().known() && candidate.pod().isSamePlace(from)) {
      events.lost(Failure.BOOMERANG, "led back to " + from.pod());
    } else {
      events.connected(candidate);
    }
  }

  /** Gives up this attempt, and tries again after a pause. */
  void again(Failure code, String why) {
    drop();
    OptionalLong pause =
        Attempts.pause(made, grace.millisLeft(), ThreadLocalRandom.current().nextDouble());
    if (pause.isPresent()) {
      step = timers.after(pause.getAsLong(), this::attempt);
    } else if (made < Bounds.ATTEMPTS_MOST) {
      events.fail(Failure.TIMEOUT, grace.exceeded() + ": " + why);
    } else {
      events.fail(code, why);
    }
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
    declined.remove(socket);
    if (next != null) {
      Channel channel = next.channel(socket);
      if (!channel.inner().isActive()) {
        channel.open();
      }
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

  /** How many attempts were made. */
  int made() {
    return made;
  }

  /** Whether the next connection stands, with an answer in all its namespaces. */
  boolean stands() {
    return next != null && joinedAll && next.settled() && next.standing() != null;
  }
}
