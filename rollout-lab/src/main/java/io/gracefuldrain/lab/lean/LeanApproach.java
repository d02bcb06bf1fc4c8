package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.ledger.MoveAccount;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The way to the next connection of a move: a few attempts with pauses between them, until one
 * leads to a pod that is not the one the client is leaving. Used on the client's event loop only.
 */
final class LeanApproach {
  static final int ATTEMPTS_MOST = 3;
  static final long PAUSE_LEAST_MS = 100;
  static final long PAUSE_MOST_MS = 300;

  /** How long the next pod's hello is awaited after its connect; the move then goes on without. */
  static final long HELLO_MS = 1_000;

  /** The move that owns the approach. */
  interface Listener {
    /** The next connection is there, and its pod is another one. */
    void arrived();

    /** An attempt has failed; after a pause there will be another one. */
    void pausing();

    /** Whether no further attempt is made, since a stock reconnect is due. */
    boolean alone();

    /** The last attempt has failed. */
    void failed(String reason);
  }

  private final LeanParts parts;
  private final MoveAccount account;
  private final Hint hint;
  private final PodSaid here;
  private final Listener listener;
  private final Timers timers;
  private @Nullable Connection next;
  private PodSaid there = new PodSaid();
  private int attempts;
  private boolean arrived;

  /**
   * @param here the pod that the client is leaving
   */
  LeanApproach(LeanParts parts, MoveAccount account, Hint hint, PodSaid here, Listener listener) {
    this.parts = parts;
    this.account = account;
    this.hint = hint;
    this.here = here;
    this.listener = listener;
    this.timers = parts.timers();
  }

  void attempt() {
    attempts++;
    arrived = false;
    there = new PodSaid();
    String ticket = URLEncoder.encode(hint.ticket(), StandardCharsets.UTF_8);
    next = parts.client().connection("&ticket=" + ticket);
    next.open();
  }

  /** The next connection, or the attempt to have it; null in a pause and after the end. */
  @Nullable Connection next() {
    return next;
  }

  /** The pod at the other end of the next connection. */
  PodSaid there() {
    return there;
  }

  /** Whether the next connection is there. */
  boolean connected() {
    return next != null && next.connected();
  }

  /** The attempt has led to a connection. The pod's hello tells which pod it is. */
  void nextConnected() {
    if (there.known()) {
      greeted();
    } else {
      timers.after(HELLO_MS, this::arrive);
    }
  }

  /** The next pod has said hello. */
  void hello(JsonNode payload) {
    there.hello(payload);
    if (connected() && !arrived) {
      greeted();
    }
  }

  private void greeted() {
    if (there.is(here)) {
      attemptFailed("back on " + there.pod());
    } else {
      arrive();
    }
  }

  private void arrive() {
    timers.cancel();
    arrived = true;
    listener.arrived();
  }

  /** The next connection is of no use, or has ended. */
  void attemptFailed(String reason) {
    account.nextLeft(parts.nowMs());
    leave();
    if (attempts == ATTEMPTS_MOST || listener.alone()) {
      listener.failed(reason);
      return;
    }
    listener.pausing();
    double drawn = parts.random().getAsDouble();
    timers.after(PAUSE_LEAST_MS + (long) (drawn * (PAUSE_MOST_MS - PAUSE_LEAST_MS)), this::attempt);
  }

  /** Hands the next connection over. The approach has ended. */
  @Nullable Connection take() {
    Connection taken = next;
    next = null;
    timers.cancel();
    return taken;
  }

  /** Gives the next connection up. */
  void leave() {
    Connection left = take();
    if (left != null) {
      left.leave();
    }
  }
}
