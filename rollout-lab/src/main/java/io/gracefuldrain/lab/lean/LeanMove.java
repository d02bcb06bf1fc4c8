package io.gracefuldrain.lab.lean;

import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.ledger.MoveAccount;

/**
 * One move of a lean client, make before break, as docs/protocol.md describes it. The states follow
 * each other; only a next connection that is lost while preparing leads back to connecting. Used on
 * the client's event loop only.
 */
final class LeanMove implements LeanApproach.Listener {
  static final long OVERLAP_MS = 500;

  /** Landed is said again after this much without an answer. */
  static final long LANDED_AGAIN_MS = 500;

  /** How long an unanswered landed is awaited beyond the grace. */
  static final long BEYOND_GRACE_MS = 1_000;

  /**
   * A cut of one connection often cuts the other too. Nothing is sent until that would be known.
   */
  static final long BOTH_CUT_MS = 50;

  private static final String LATE = "not within its grace";

  private enum State {
    /** The next connection is being made; the pauses between attempts are part of it. */
    CONNECTING,
    /** It is there, and the application gets ready on it. */
    PREPARING,
    /** The old pod is told of the landing; emits are held until it answers. */
    HOLDING,
    /** The next connection has taken over; the old one may still bring something. */
    OVERLAP,
    /** It has ended, and another move may begin. */
    IDLE
  }

  /** All moves of the client, including this one. */
  interface Owner {
    /** The next connection has taken over. */
    void tookOver(PodSaid there);

    /** The old connection is no longer needed, unless it owes an answer. */
    void overlapped(LeanMove move);

    /** Another move may begin. */
    void over();
  }

  private final LeanParts parts;
  private final Owner owner;
  private final Hint hint;
  private final LeanApproach approach;
  private final Timers timers;
  private final MoveAccount account;
  private final MoveCost cost;
  private final OldConnection old;
  private State state = State.CONNECTING;
  // The old pod has sent the client away; that is final only if the move fails.
  private boolean sentAway;

  LeanMove(LeanParts parts, Owner owner, Hint hint, Connection old, PodSaid here) {
    this.parts = parts;
    this.owner = owner;
    this.hint = hint;
    this.old = new OldConnection(old);
    this.cost = new MoveCost(parts.nowMs());
    this.account = parts.account().moving(cost.beganMs());
    this.approach = new LeanApproach(parts, account, hint, here, this);
    this.timers = parts.timers();
  }

  // ---------------------------------------------------------------- its states

  private void enter(State next) {
    timers.cancel();
    state = next;
    if (next == State.CONNECTING || next == State.PREPARING) {
      timers.after(Math.max(0, leftMs()), () -> failed(LATE));
    }
  }

  private long leftMs() {
    return cost.beganMs() + hint.graceMs() - parts.nowMs();
  }

  void begin() {
    if (leftMs() <= 0) {
      failed(LATE);
      return;
    }
    enter(State.CONNECTING);
    approach.attempt();
  }

  @Override
  public void pausing() {
    enter(State.CONNECTING);
  }

  /** The next connection is there; its pod is not known yet. */
  void nextConnected(Connection next) {
    cost.connected(parts.nowMs());
    account.nextConnected(next.sid(), parts.nowMs());
    approach.nextConnected();
  }

  @Override
  public void arrived() {
    enter(State.PREPARING);
    Connection next = approach.next();
    if (next == null) {
      return;
    }
    next.emit(
        FeedEvents.WHO_AM_I,
        "{}",
        pod -> {
          if (next == approach.next()) {
            account.nextAnsweredBy(pod.path("name").asText(), pod.path("generation").asText());
            timers.after(Client.READY_MS, this::hold);
          }
        });
  }

  private void hold() {
    enter(State.HOLDING);
    holdEmits();
    if (old.gone()) {
      takeOver();
      return;
    }
    sayLanded();
    timers.after(LANDED_AGAIN_MS, this::sayLanded);
    timers.after(Math.max(0, leftMs()) + BEYOND_GRACE_MS, this::takeOver);
  }

  private void holdEmits() {
    if (parts.outbox().hold()) {
      account.holding();
    }
  }

  private void sayLanded() {
    old.sayLanded(approach.there(), cost.connectMs(), this::takeOver);
  }

  private void takeOver() {
    Connection taken = state == State.HOLDING ? approach.take() : null;
    if (taken == null) {
      return;
    }
    enter(State.OVERLAP);
    cost.released(parts.nowMs());
    Connection own = parts.client().current();
    if (own != null && !old.is(own)) {
      own.leave(); // the client's own reconnection, which was slower
    }
    parts.client().adopt(taken);
    account.released(cost.releasedMs());
    owner.tookOver(approach.there());
    cost.dropped(parts.inbox().release());
    parts.outbox().release();
    parts.client().sendNow();
    if (old.gone()) {
      overlapped();
    } else {
      timers.after(OVERLAP_MS, this::overlapped);
    }
  }

  private void overlapped() {
    enter(State.IDLE);
    owner.overlapped(this);
    owner.over();
  }

  /** Lets go of the old connection: the move has landed. */
  void finish() {
    old.leave();
    account.landed(parts.nowMs(), cost.figures());
    parts.client().sendNow(); // numbers that the old one has left unanswered
  }

  @Override
  public boolean alone() {
    return parts.outbox().holding() && parts.client().current() == null && !sentAway;
  }

  /** The client stays where it is. */
  @Override
  public void failed(String reason) {
    enter(State.IDLE);
    approach.leave();
    parts.inbox().forget();
    Connection left = parts.client().current();
    if (sentAway) {
      parts.client().stayAway();
    } else if (left == null && !parts.client().reconnecting()) {
      parts.client().reconnect();
    }
    boolean alone = left == null || !left.connected();
    account.failed(reason, alone, parts.nowMs());
    if (alone) {
      parts.outbox().forget(); // it is due again over the connection to come
    }
    parts.outbox().release();
    owner.over();
  }

  // ---------------------------------------------------------------- connections that end

  /**
   * A connection has ended.
   *
   * @return whether nothing else is to be done about it
   */
  boolean ended(Connection which, Connection.End end) {
    if (!underWay()) {
      return false;
    }
    if (which == approach.next()) {
      nextEnded(end);
      return true;
    }
    return old.lost(which) && oldEnded(end);
  }

  private void nextEnded(Connection.End end) {
    if (end.refused() || (sentAway && end.forGood())) {
      failed(end.reason()); // an answer, and no failed attempt
      return;
    }
    if (state != State.HOLDING) {
      approach.attemptFailed(end.reason());
      return;
    }
    approach.leave();
    if (parts.client().current() == null && !sentAway) {
      parts.client().reconnect();
    }
    unlessBothAreCut(() -> failed(end.reason()));
  }

  private boolean oldEnded(Connection.End end) {
    if (state == State.OVERLAP) {
      overlapped();
      return true;
    }
    sentAway = end.forGood();
    if (!approach.connected()) {
      cost.lost(parts.nowMs());
      if (!sentAway) {
        return false; // it reconnects in the stock way, and the move may still be faster
      }
      parts.account().disconnected(end.reason(), parts.nowMs());
    } else {
      account.cut(end.reason(), parts.nowMs());
    }
    parts.client().adopt(null);
    holdEmits();
    if (state == State.HOLDING) {
      unlessBothAreCut(this::takeOver);
    }
    return true;
  }

  private void unlessBothAreCut(Runnable then) {
    timers.cancel();
    timers.after(BOTH_CUT_MS, then);
  }

  /** The client leaves for good; it lets go of its current connection itself. */
  void close() {
    enter(State.IDLE);
    approach.leave();
    Connection current = parts.client().current();
    if (current == null || !old.is(current)) {
      old.leave();
    }
  }

  // ---------------------------------------------------------------- queries

  boolean underWay() {
    return state != State.IDLE;
  }

  boolean isOf(Hint other) {
    return hint.ticket().equals(other.ticket());
  }

  LeanApproach approach() {
    return approach;
  }

  OldConnection old() {
    return old;
  }

  MoveCost cost() {
    return cost;
  }
}
