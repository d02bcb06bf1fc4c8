package io.gracefuldrain.sample.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's connections: those that were, the one that it uses, the one beside that in a move, and
 * the times without any. Not thread-safe.
 */
final class Connections {
  private static final long NOT_WAITING = -1;
  private static final long NEVER = -1;

  private final List<Stay> stays = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  // Where the client is.
  private @Nullable OpenStay stay;
  // In a move, until the next has taken over: that one. From then on: the one it took over from.
  private @Nullable OpenStay beside;
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

  void connected(@Nullable String sid, long nowMs) {
    arrive(new OpenStay(sid, nowMs), nowMs);
  }

  private void arrive(OpenStay at, long nowMs) {
    attempting = false;
    waitingSince = NOT_WAITING;
    end(stay, Stay.NOT_TAKEN, nowMs); // a move's, that was not ready in time
    stay = at;
    if (firstConnectedMs == NEVER) {
      firstConnectedMs = nowMs;
    }
    if (gap != null) {
      gaps.add(gap.ended(nowMs));
      gap = null;
    }
  }

  void answeredBy(String pod, String generation) {
    name(stay, pod, generation);
  }

  private static void name(@Nullable OpenStay which, String pod, String generation) {
    if (which != null) {
      which.pod = pod;
      which.generation = generation;
    }
  }

  /** The connection has ended, and there is none now. */
  void lost(String reason, long nowMs) {
    end(stay, reason, nowMs);
    stay = null;
    gap = new OpenGap(nowMs);
    waitingSince = nowMs;
  }

  private void end(@Nullable OpenStay which, String reason, long nowMs) {
    if (which != null) {
      stays.add(which.ended(nowMs, reason));
    }
  }

  // ---------------------------------------------------------------- moves

  void moving(long nowMs) {
    beside = new OpenStay(null, nowMs);
  }

  void nextConnected(@Nullable String sid, long nowMs) {
    if (beside != null) {
      beside.sid = sid;
      beside.fromMs = nowMs;
    }
  }

  void nextAnsweredBy(String pod, String generation) {
    name(beside, pod, generation);
  }

  /** The next one is given up; the one there is goes on. */
  void nextLeft(long nowMs) {
    if (beside != null && beside.sid != null) {
      end(beside, Stay.NOT_TAKEN, nowMs);
    }
    moving(nowMs);
  }

  /** The one there is has ended, and the next is there already. */
  void cut(String reason, long nowMs) {
    end(stay, reason, nowMs);
    stay = beside;
    beside = null;
  }

  /**
   * The next one has taken over.
   *
   * @return whether there was none before
   */
  boolean released(long nowMs) {
    OpenStay next = beside;
    if (next == null) {
      return false; // it had when the old one was cut
    }
    boolean away = stay == null;
    beside = stay;
    if (away) {
      next.fromMs = nowMs;
      arrive(next, nowMs);
    } else {
      stay = next;
    }
    return away;
  }

  void moved(long nowMs) {
    end(beside, Stay.MOVED, nowMs);
    beside = null;
  }

  void moveFailed() {
    beside = null;
  }

  // ---------------------------------------------------------------- what there is

  @Nullable OpenStay stay() {
    return stay;
  }

  @Nullable OpenStay beside() {
    return beside;
  }

  /** The one that leads to a pod, as far as that is known; null if there is none at all. */
  @Nullable OpenStay to(@Nullable String pod) {
    boolean elsewhere = stay == null || (pod != null && stay.pod != null && !pod.equals(stay.pod));
    return elsewhere && beside != null ? beside : stay;
  }

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
    return stays.size() + (stay == null ? 0 : 1);
  }

  int gapCount() {
    return gaps.size() + (gap == null ? 0 : 1);
  }

  /** All of them, by when they began. */
  List<Stay> stays() {
    List<Stay> all = new ArrayList<>(stays);
    for (OpenStay open : new OpenStay[] {stay, beside}) {
      if (open != null && (open == stay || open.sid != null)) {
        all.add(open.ended(null, null));
      }
    }
    all.sort(Comparator.comparingLong(Stay::fromMs));
    return List.copyOf(all);
  }

  /** All of them, with the one that goes on. */
  List<Gap> gaps() {
    List<Gap> all = new ArrayList<>(gaps);
    if (gap != null) {
      all.add(gap.ended(null));
    }
    return List.copyOf(all);
  }
}
