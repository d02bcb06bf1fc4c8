package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says hints again until they are heard, and knows whose grace is over. All that are hinted stand
 * in the order in which their time comes, so a step looks only at those whose time has come.
 *
 * <p>Guarded by the coordinator's lock.
 */
final class HintGraces {
  /** How often a hint is said in its grace at most, until the client has heard it. */
  static final int HINTS = 4;

  /**
   * How long a drain waits, beyond the grace, for a client whose {@code landed} has no answer. The
   * clients have the same bound (docs/protocol.md).
   */
  static final long BEYOND_GRACE_MS = 1_000;

  private static final long BEYOND_GRACE = TimeUnit.MILLISECONDS.toNanos(BEYOND_GRACE_MS);
  private static final long LEAST_REPEAT = TimeUnit.MILLISECONDS.toNanos(250);

  private final PhaseState state;
  private final Roster roster;

  // In the order in which their hints were last said. Some may have heard it since, or have gone.
  private final ArrayDeque<TrackedConnection> unheard = new ArrayDeque<>();

  HintGraces(CoordinatorParts parts) {
    this.state = parts.state();
    this.roster = parts.roster();
  }

  /** One was hinted. */
  void begin(TrackedConnection tracked) {
    unheard.add(tracked);
  }

  /**
   * Hands out those whose grace is over, which then are hinted no more, and says hints again to
   * others.
   */
  void look(long now, Consumer<TrackedConnection> over, List<Call> calls) {
    long grace = state.budget().hintGrace();
    for (TrackedConnection tracked = roster.hinted.first();
        tracked != null && tracked.slot().since(now) >= grace;
        tracked = roster.hinted.first()) {
      over.accept(tracked);
    }
    lookAtHeard(grace, now, over);
    if (roster.hinted.isEmpty()) {
      unheard.clear();
    } else {
      sayAgain(repeatAfter(grace), now, calls);
    }
  }

  /** A client that has heard its hint counts its grace from then on, and so goes later. */
  private void lookAtHeard(long grace, long now, Consumer<TrackedConnection> over) {
    if (now - lastAnswer(now) >= 0) { // nobody's own count matters any more
      roster.heard.forEach(
          tracked -> {
            if (tracked.slot().since(now) >= grace) {
              over.accept(tracked);
            }
          });
      return;
    }
    for (TrackedConnection tracked = roster.heard.first();
        tracked != null && tracked.hint().sinceHeard(now) >= grace + BEYOND_GRACE;
        tracked = roster.heard.first()) {
      over.accept(tracked);
    }
  }

  /**
   * Until when a client that has heard its hint may count at most: a little of the settle grace,
   * most of which is for work. Nothing hurries a client that moves while the pod serves.
   */
  private long lastAnswer(long now) {
    long more = Math.min(BEYOND_GRACE, state.budget().settleGrace() / 2);
    return switch (state.phase()) {
      case STARTING, SERVING, UNREADY -> now + Long.MAX_VALUE / 2;
      case MOVING -> state.ends() + more;
      case SETTLING, FORCING, DRAINED -> state.since() + more;
    };
  }

  private void sayAgain(long after, long now, List<Call> calls) {
    for (TrackedConnection next = next(after, now); next != null; next = next(after, now)) {
      TrackedConnection tracked = next;
      tracked.hint().saidAgain(now);
      calls.add(new Call(tracked, Kind.HINT, tracked::sayHint));
      unheard.add(tracked);
    }
  }

  /** The next one that has not heard its hint for so long. */
  private @Nullable TrackedConnection next(long after, long now) {
    TrackedConnection tracked = longestUnheard();
    return tracked != null && tracked.hint().unheardFor(now) >= after ? unheard.remove() : null;
  }

  private @Nullable TrackedConnection longestUnheard() {
    TrackedConnection tracked = unheard.peek();
    while (tracked != null && !tracked.standsIn(roster.hinted)) {
      unheard.remove();
      tracked = unheard.peek();
    }
    return tracked;
  }

  /** How long it is until {@link #look} finds something to do; that may only become longer. */
  long untilDue(long now) {
    long grace = state.budget().hintGrace();
    long due = StepLoop.LONGEST;
    TrackedConnection hinted = roster.hinted.first();
    if (hinted != null) {
      due = Math.min(due, grace - hinted.slot().since(now));
    }
    TrackedConnection heard = roster.heard.first();
    if (heard != null) {
      long answer = lastAnswer(now) - now; // from then on each counts for itself
      long beyond = grace + BEYOND_GRACE - heard.hint().sinceHeard(now);
      due = Math.min(due, Math.min(answer, beyond));
    }
    TrackedConnection next = longestUnheard();
    if (next != null) {
      due = Math.min(due, repeatAfter(grace) - next.hint().unheardFor(now));
    }
    return due;
  }

  private static long repeatAfter(long grace) {
    return Math.max(LEAST_REPEAT, grace / HINTS);
  }
}
