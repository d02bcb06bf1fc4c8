package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Stay;
import org.jspecify.annotations.Nullable;

/**
 * The account of one move of an aware client, from {@link Account#moving} to its end, which is
 * either {@link #landed} or {@link #failed}. All times are milliseconds since the epoch.
 * Thread-safe.
 */
public final class MoveAccount {
  // All below is guarded by the account, of which it is a part.
  private final Account account;
  private final Stays stays;
  private final MoveBook moves;
  private final Streams streams;
  private final OpenMove move;

  MoveAccount(Account account, Stays stays, MoveBook moves, Streams streams, long nowMs) {
    this.account = account;
    this.stays = stays;
    this.moves = moves;
    this.streams = streams;
    this.move = stays.moving(nowMs);
    moves.began(move);
  }

  /** The next connection is there, beside the current one. */
  public void nextConnected(@Nullable String sid, long nowMs) {
    synchronized (account) {
      stays.nextConnected(sid, nowMs);
    }
  }

  /** The pod at the other end of the next connection has said its name. */
  public void nextAnsweredBy(String pod, String generation) {
    synchronized (account) {
      stays.nextAnsweredBy(pod, generation);
    }
  }

  /** The next connection has been given up, if it was one yet. */
  public void nextLeft(long nowMs) {
    synchronized (account) {
      stays.nextLeft(nowMs);
    }
  }

  /** From now on everything that is sent goes over the next connection. */
  public void holding() {
    synchronized (account) {
      stays.holding();
    }
  }

  /** The current connection has ended, and the next one is there already. */
  public void cut(String reason, long nowMs) {
    synchronized (account) {
      streams.ended(stays.current());
      stays.cut(reason, nowMs);
    }
  }

  /** The next connection has taken over. Messages may still come over the old one. */
  public void released(long nowMs) {
    synchronized (account) {
      if (stays.released(nowMs)) {
        streams.moved();
      }
    }
  }

  /** The client has let go of the old connection. */
  public void landed(long nowMs, Move.Figures figures) {
    synchronized (account) {
      streams.ended(move.old);
      stays.moved(move, move.fromMs + figures.connectMs(), nowMs);
      moves.ended(move, nowMs, figures, null);
    }
  }

  /**
   * The client stays where it is.
   *
   * @param alone whether it has no connection at all
   */
  public void failed(String reason, boolean alone, long nowMs) {
    synchronized (account) {
      OpenStay next = stays.next();
      OpenStay current = stays.current();
      if (next != null && current != null) {
        streams.redirected(next, current);
      } else {
        streams.ended(next); // neither is left
      }
      stays.nextLeft(nowMs);
      stays.moveFailed();
      moves.ended(move, nowMs, null, reason);
      if (alone && current != null) {
        account.disconnected(Stay.NOT_TAKEN, nowMs);
      }
    }
  }
}
