package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's connections: the ended ones, the current one, those beside it in a move, and the times
 * without any. Not thread-safe.
 */
final class Stays {
  private static final long NOT_WAITING = -1;
  private static final long NEVER = -1;

  private final List<Stay> ended = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private @Nullable OpenStay current;
  // Until its next connection has taken over.
  private @Nullable OpenMove move;
  // After that, until the old one has ended.
  private final List<OpenMove> leaving = new ArrayList<>();
  private boolean holding;
  private @Nullable OpenGap gap;
  private long firstConnectedMs = NEVER;
  private boolean attempting;
  private long waitingSince = NOT_WAITING;
  private int firstConnectFailures;
  private int gapFailures;

  // ---------------------------------------------------------------- one after the other

  void attempting(long nowMs) {
    attempting = true;
    if (gap != null && waitingSince != NOT_WAITING) {
      gap.backoffMs += nowMs - waitingSince;
    }
    waitingSince = NOT_WAITING;
  }

  void failed(long nowMs) {
    if (!attempting) {
      return;
    }
    attempting = false;
    waitingSince = nowMs;
    if (gap == null) {
      firstConnectFailures++;
    } else {
      gap.failedConnects++;
      gapFailures++;
    }
  }

  /** An attempt has failed, and its beginning was not reported. */
  void failedUntold(long nowMs) {
    attempting = true;
    failed(nowMs);
    waitingSince = NOT_WAITING; // its wait is unknown, and not guessed
  }

  void connected(@Nullable String sid, long nowMs) {
    arrive(new OpenStay(sid, nowMs), nowMs);
  }

  private void arrive(OpenStay at, long nowMs) {
    attempting = false;
    waitingSince = NOT_WAITING;
    end(current, Stay.NOT_TAKEN, nowMs); // the next of a move that was not ready in time
    current = at;
    if (firstConnectedMs == NEVER) {
      firstConnectedMs = nowMs;
    }
    if (gap != null) {
      gaps.add(gap.ended(nowMs));
      gap = null;
    }
  }

  void answeredBy(String pod, String generation) {
    name(current, pod, generation);
  }

  private static void name(@Nullable OpenStay which, String pod, String generation) {
    if (which != null) {
      which.pod = pod;
      which.generation = generation;
    }
  }

  /** The connection has ended, and there is none now. */
  void lost(String reason, long nowMs) {
    end(current, reason, nowMs);
    current = null;
    gap = new OpenGap(nowMs);
    waitingSince = nowMs;
  }

  private void end(@Nullable OpenStay which, String reason, long nowMs) {
    if (which != null) {
      ended.add(which.ended(nowMs, reason));
    }
  }

  // ---------------------------------------------------------------- moves

  OpenMove moving(long nowMs) {
    move = new OpenMove(nowMs);
    return move;
  }

  void nextConnected(@Nullable String sid, long nowMs) {
    if (move != null) {
      move.next.sid = sid;
      move.next.fromMs = nowMs;
    }
  }

  void nextAnsweredBy(String pod, String generation) {
    name(next(), pod, generation);
  }

  /** The next one is given up; the current one goes on. */
  void nextLeft(long nowMs) {
    if (move == null) {
      return;
    }
    if (move.next.sid != null && move.next != current) {
      end(move.next, Stay.NOT_TAKEN, nowMs);
    }
    move.next = new OpenStay(null, nowMs);
  }

  /** From now on everything that is sent goes over the next one. */
  void holding() {
    holding = true;
  }

  /** The current one has ended, and the next one is there already. */
  void cut(String reason, long nowMs) {
    end(current, reason, nowMs);
    current = next();
  }

  /**
   * The next one has taken over.
   *
   * @return whether the client had no connection until now
   */
  boolean released(long nowMs) {
    holding = false;
    OpenMove done = move;
    if (done == null) {
      return false;
    }
    move = null;
    leaving.add(done);
    if (current == null) {
      done.next.fromMs = nowMs;
      arrive(done.next, nowMs);
      return true;
    }
    done.old = current == done.next ? null : current;
    current = done.next;
    return false;
  }

  /**
   * The old connection of a move has ended.
   *
   * @param connectedMs when the next one was there, as the client says
   */
  void moved(OpenMove done, long connectedMs, long nowMs) {
    done.next.fromMs = Math.min(done.next.fromMs, connectedMs);
    end(done.old, Stay.MOVED, nowMs);
    leaving.remove(done);
  }

  void moveFailed() {
    holding = false;
    move = null;
  }

  // ---------------------------------------------------------------- open ones

  @Nullable OpenStay current() {
    return current;
  }

  /** The next one of a move, or null outside of a move. */
  @Nullable OpenStay next() {
    return move == null ? null : move.next;
  }

  /** The one that everything is sent over now, or null. */
  @Nullable OpenStay out() {
    return holding && move != null ? move.next : current;
  }

  /** The one that leads to a pod, as far as that is known; null without a connection. */
  @Nullable OpenStay to(@Nullable String pod) {
    if (pod == null || (current != null && (current.pod == null || pod.equals(current.pod)))) {
      return current;
    }
    for (OpenMove each : leaving) {
      if (each.old != null && pod.equals(each.old.pod)) {
        return each.old;
      }
    }
    return move == null ? current : move.next;
  }

  // ---------------------------------------------------------------- figures

  boolean never() {
    return firstConnectedMs == NEVER;
  }

  long firstConnectedMs() {
    return firstConnectedMs;
  }

  int firstConnectFailures() {
    return firstConnectFailures;
  }

  int failures() {
    return firstConnectFailures + gapFailures;
  }

  int stayCount() {
    return ended.size() + (current == null ? 0 : 1);
  }

  int gapCount() {
    return gaps.size() + (gap == null ? 0 : 1);
  }

  /** All of them, in the order in which they began. */
  List<Stay> stays() {
    List<Stay> all = new ArrayList<>(ended);
    List<@Nullable OpenStay> open = new ArrayList<>();
    leaving.forEach(each -> open.add(each.old));
    open.add(current);
    open.add(move == null || move.next.sid == null || move.next == current ? null : move.next);
    open.stream()
        .filter(Objects::nonNull)
        .forEach(each -> all.add(Objects.requireNonNull(each).ended(null, null)));
    all.sort(Comparator.comparingLong(Stay::fromMs));
    return List.copyOf(all);
  }

  /** All of them, the unfinished one included. */
  List<Gap> gaps() {
    List<Gap> all = new ArrayList<>(gaps);
    if (gap != null) {
      all.add(gap.ended(null));
    }
    return List.copyOf(all);
  }
}
