package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import io.gracefuldrain.TrackedConnection.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides at each step which connections get their slot: idle and aware ones first, busy ones last.
 * It also decides when a hint has had its time. It only decides: the calls it hands out are made
 * outside the coordinator's lock, which guards it.
 */
final class SlotScheduler {
  /** Why connections get slots. */
  private enum Cause {
    DRAIN("drain"),
    /** Only idle ones are chosen. */
    SHED("shed");

    /** The word for it in a hint. */
    final String word;

    Cause(String word) {
      this.word = word;
    }
  }

  /**
   * How long a drain waits, beyond the grace, for a client whose {@code landed} has no answer. The
   * clients have the same bound (docs/protocol.md).
   */
  static final long BEYOND_GRACE_MS = 1_000;

  private static final long BEYOND_GRACE = TimeUnit.MILLISECONDS.toNanos(BEYOND_GRACE_MS);

  // How many busy ones a slot looks past to find an idle one: it bounds the cost of one step.
  private static final int LOOK = 64;

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final Announcements announcements;
  private final Stopwatch slotErrors;
  private final PhaseState state;
  private final Roster roster;

  // As the policy says, until it fails.
  private Pacing pacing;
  private long lastGiven;
  private boolean begun;
  // Whether the window ends with the grace of its last hint: not when nobody would be hinted.
  private boolean hints;

  SlotScheduler(CoordinatorParts parts) {
    this.policy = parts.policy();
    this.clock = parts.clock();
    this.announcements = parts.announcements();
    this.slotErrors = parts.counters().slotErrors;
    this.state = parts.state();
    this.roster = parts.roster();
    this.pacing = policy.pacing();
  }

  // ---------------------------------------------------------------- giving slots

  /** Forgets the slots of an earlier window. */
  void reset() {
    begun = false;
  }

  /** Gives as many connections their slot in a drain as the pacing says. */
  void drain(long now, List<Call> calls) {
    give(Cause.DRAIN, roster.unslotted(), state.ends(), now, calls);
  }

  /**
   * Gives idle connections their slot in a shed, at most so many; returns how many.
   *
   * @param ends when the window of the shed ends
   */
  int shed(int most, long ends, long now, List<Call> calls) {
    return give(Cause.SHED, most, ends, now, calls);
  }

  /**
   * Whether the last slot of a window has passed. It comes a hint grace before the window's end if
   * an aware connection waited for its slot when the window began.
   */
  boolean pastLastSlot(long ends, long now) {
    return now - lastSlot(ends) >= 0;
  }

  private long lastSlot(long ends) {
    Budget budget = state.budget();
    long grace = hints ? budget.hintGrace() : budget.goodbye();
    return ends - grace;
  }

  private int give(Cause cause, int most, long ends, long now, List<Call> calls) {
    if (most == 0) {
      return 0;
    }
    if (!begun) {
      hints = roster.anyAwareWaits();
    }
    long since = begun ? now - lastGiven : -1;
    double accrued = Math.min(most, quota(most, lastSlot(ends) - now, since));
    int quota = (int) accrued;
    if (quota < 1) {
      return 0;
    }
    // An accrued fraction of a slot is carried over; slots lost in a stall are not.
    long last = begun ? lastGiven + (long) (since * (quota / accrued)) : now;
    long from = last - (begun ? Math.min(last - lastGiven, Pacing.STALL.toNanos()) : 0);
    lastGiven = last;
    begun = true;
    int done = 0;
    while (done < quota) {
      TrackedConnection tracked = nextInLine(cause == Cause.SHED);
      if (tracked == null) {
        break;
      }
      done++;
      long intended = from + (last - from) * done / quota;
      tracked.slotGiven(now);
      if (tracked.aware) {
        hint(tracked, cause, intended, calls);
      } else {
        letGoOrDue(tracked, now, intended, calls);
      }
    }
    return done;
  }

  /** The pacing may be a user's; a failure of it must not stop the drain. */
  private double quota(int remaining, long timeLeft, long since) {
    try {
      return pacing.quota(remaining, timeLeft, since);
    } catch (RuntimeException e) {
      announcements.warn(
          LogCode.PACING_FAILED.line().put("pacing", pacing.getClass().getName()), e);
      pacing = Pacing.even();
      return pacing.quota(remaining, timeLeft, since);
    }
  }

  private @Nullable TrackedConnection nextInLine(boolean idleOnly) {
    for (int looked = 0; looked < LOOK; looked++) {
      TrackedConnection tracked = roster.waiting.first();
      if (tracked == null) {
        break;
      } else if (tracked.idle() || (tracked.aware && !idleOnly)) {
        // An aware client moves while its work goes on here, and is let go when that is done.
        return tracked;
      } else if (idleOnly) {
        tracked.waits();
      } else {
        tracked.waitsBusy();
      }
    }
    return idleOnly || !roster.waiting.isEmpty() ? null : roster.busy.first();
  }

  private void hint(TrackedConnection tracked, Cause cause, long intended, List<Call> calls) {
    tracked.hinted();
    ReconnectHint hint =
        new ReconnectHint(
            cause.word,
            Duration.ofNanos(state.budget().hintGrace()),
            ticket(tracked),
            policy.reconnectUrl().orElse(null));
    calls.add(inSlot(tracked, Kind.HINT, intended, () -> tracked.connection.hint(hint)));
  }

  private String ticket(TrackedConnection tracked) {
    long epoch = state.record().epoch();
    return new Ticket(policy.pod(), policy.generation(), epoch, tracked.id).encode();
  }

  private void letGoOrDue(TrackedConnection tracked, long now, long intended, List<Call> calls) {
    if (tracked.letGoIfIdle()) {
      Runnable close = () -> tracked.connection.close(CloseManner.LET_GO);
      calls.add(inSlot(tracked, Kind.LET_GO, intended, close));
    } else {
      tracked.due(now);
    }
  }

  private Call inSlot(TrackedConnection tracked, Kind kind, long intended, Runnable action) {
    return new Call(
        tracked,
        kind,
        () -> {
          slotErrors.record(Math.max(0, clock.nanos() - intended));
          action.run();
        });
  }

  // ---------------------------------------------------------------- after the slot

  /**
   * Lets go of those whose slot is over and whose work is done; returns how many leases expired.
   */
  int letGo(long now, List<Call> calls) {
    endHints(now);
    int[] expired = new int[1];
    roster.due.forEach(
        tracked -> {
          expired[0] += tracked.leases.expire(now);
          if (tracked.idle()) {
            letGoOrDue(tracked, now, now, calls);
          } else {
            tracked.foundBusy(now);
          }
        });
    return expired[0];
  }

  /** A client that was hinted and did not go in time is treated like a stock client. */
  private void endHints(long now) {
    long grace = state.budget().hintGrace();
    long last = lastAnswer(now);
    roster.hinted.forEach(
        tracked -> {
          long left = grace - tracked.sinceSlot(now);
          if (tracked.hasHeard()) { // its own count is not over before this
            long own = grace + BEYOND_GRACE - tracked.sinceHeard(now);
            left = Math.max(left, Math.min(own, last - now));
          }
          if (left <= 0) {
            tracked.due(now);
          }
        });
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

  /** No connection has a slot to wait for any more. */
  void allDue(long now) {
    roster.waiting.forEach(tracked -> tracked.due(now));
    roster.busy.forEach(tracked -> tracked.due(now));
  }

  /** Closes every connection that was not yet closed by force. */
  void force(long now, List<Call> calls) {
    roster.forEach(
        tracked -> {
          if (!tracked.at(Stage.FORCED)) {
            force(tracked, now, calls);
          }
        });
  }

  private void force(TrackedConnection tracked, long now, List<Call> calls) {
    tracked.forced(now);
    calls.add(new Call(tracked, Kind.FORCE, () -> tracked.connection.close(CloseManner.FORCE)));
  }

  /**
   * A call threw or got stuck: a connection that cannot be hinted is let go, and one that cannot be
   * let go is cut.
   */
  void failed(Call call, long now, List<Call> calls) {
    TrackedConnection tracked = call.tracked();
    if (call.kind() == Kind.HINT && tracked.at(Stage.HINTED)) {
      tracked.due(now);
    } else if (call.kind() == Kind.LET_GO && tracked.at(Stage.LETTING_GO)) {
      force(tracked, now, calls); // it is sealed already, and so of no use to its client
    }
  }
}
