package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import io.gracefuldrain.TrackedConnection.Stage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides at each step who goes: idle and aware ones first, busy ones last, each in its own slot.
 * It only decides; the calls it hands out are made outside the coordinator's lock, which guards it.
 */
final class SlotScheduler {
  static final String DRAIN = "drain";
  static final String SHED = "shed";

  // How many busy ones a slot looks past to find an idle one: a bound on what one step may cost.
  private static final int LOOK = 64;

  /** How long beyond its grace a client waits for the answer to its landed (docs/protocol.md). */
  static final long LANDED_MORE = 1_000_000_000L;

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final Announcements announcements;
  private final Stopwatch slotErrors;
  private final PhaseState state;
  private final Roster roster;

  // As the policy says, until it fails.
  private Pacing pacing;
  private long lastSlot;
  private boolean begun;

  SlotScheduler(CoordinatorParts parts) {
    this.policy = parts.policy();
    this.clock = parts.clock();
    this.announcements = parts.announcements();
    this.slotErrors = parts.counters().slotErrors;
    this.state = parts.state();
    this.roster = parts.roster();
    this.pacing = policy.pacing();
  }

  /** Forgets the slots of an earlier window. */
  void reset() {
    begun = false;
  }

  /**
   * Lets go of as many as the pacing says, of at most {@code most}; returns how many had their
   * slot.
   */
  int move(long now, long lastSlotAt, int most, long hintGrace, String reason, List<Call> calls) {
    if (most == 0) {
      return 0;
    }
    long since = begun ? now - lastSlot : -1;
    double accrued = Math.min(most, quota(most, lastSlotAt - now, since));
    int quota = (int) accrued;
    if (quota < 1) {
      return 0;
    }
    // The fraction of a slot that has accrued is carried; what a stall has cost is not.
    long last = begun ? lastSlot + (long) (since * (quota / accrued)) : now;
    long from = last - (begun ? Math.min(last - lastSlot, Pacing.STALL.toNanos()) : 0);
    lastSlot = last;
    begun = true;
    int done = 0;
    while (done < quota) {
      TrackedConnection tracked = nextInLine(reason.equals(SHED));
      if (tracked == null) {
        break;
      }
      done++;
      slot(tracked, now, from + (last - from) * done / quota, hintGrace, reason, calls);
    }
    return done;
  }

  /** Pacing may be a user's: one that fails must not stop the drain. */
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
        // Who knows the hint moves while its work goes on here, and is let go when that is done.
        return tracked;
      } else if (idleOnly) {
        roster.waiting.add(tracked);
      } else {
        roster.busy.add(tracked);
      }
    }
    return idleOnly || !roster.waiting.isEmpty() ? null : roster.busy.first();
  }

  /** One connection's slot: a hint for who knows it, the close for who does not. */
  private void slot(
      TrackedConnection tracked,
      long now,
      long intended,
      long hintGrace,
      String reason,
      List<Call> calls) {
    tracked.slotted = true;
    tracked.slotAt = now;
    if (!tracked.aware) {
      letGo(tracked, now, intended, calls);
      return;
    }
    tracked.stage = Stage.HINTED;
    roster.hinted.add(tracked);
    ReconnectHint hint =
        new ReconnectHint(
            reason,
            Duration.ofNanos(hintGrace),
            state.ticket(tracked),
            policy.reconnectUrl().orElse(null));
    calls.add(
        new Call(
            tracked,
            Kind.HINT,
            () -> {
              slotErrors.record(Math.max(0, clock.nanos() - intended));
              tracked.connection.hint(hint);
            }));
  }

  private void letGo(TrackedConnection tracked, long now, long intended, List<Call> calls) {
    if (!tracked.leases.gate().sealIfIdle()) {
      due(tracked, now);
      return;
    }
    tracked.stage = Stage.LETTING_GO;
    roster.leaving.add(tracked);
    calls.add(
        new Call(
            tracked,
            Kind.LET_GO,
            () -> {
              slotErrors.record(Math.max(0, clock.nanos() - intended));
              tracked.connection.close(CloseManner.LET_GO);
            }));
  }

  /** Its slot is over and it is busy: it goes as soon as it is not. */
  void due(TrackedConnection tracked, long now) {
    if (!tracked.slotted) {
      tracked.slotted = true;
      tracked.slotAt = now;
    }
    tracked.stage = Stage.DUE;
    roster.due.add(tracked);
  }

  /** Whoever was hinted and did not go in time is treated as who knows no hints. */
  void endHints(long now, long hintGrace, long last) {
    roster.hinted.forEach(
        tracked -> {
          long left = tracked.slotAt + hintGrace - now;
          if (tracked.heard) { // its own count is not over before this
            long own = tracked.heardAt + hintGrace + LANDED_MORE - now;
            left = Math.max(left, Math.min(own, last - now));
          }
          if (left <= 0) {
            due(tracked, now);
          }
        });
  }

  /**
   * Lets go of those whose slot is over and whose work is done; returns how many leases expired.
   */
  int letGoOfIdle(long now, List<Call> calls) {
    int[] expired = new int[1];
    roster.due.forEach(
        tracked -> {
          expired[0] += tracked.leases.expire(now);
          if (tracked.idle()) {
            letGo(tracked, now, now, calls);
          } else if (!tracked.seenBusy) {
            tracked.seenBusy = true;
            tracked.busySince = now;
          }
        });
    return expired[0];
  }

  /** Nobody has a slot to wait for any more. */
  void allDue(long now) {
    roster.waiting.forEach(tracked -> due(tracked, now));
    roster.busy.forEach(tracked -> due(tracked, now));
  }

  /** Closes everybody who was not yet closed by force. */
  void force(long now, List<Call> calls) {
    roster.forEach(
        tracked -> {
          if (tracked.stage != Stage.FORCED) {
            force(tracked, now, calls);
          }
        });
  }

  private void force(TrackedConnection tracked, long now, List<Call> calls) {
    if (!tracked.slotted) {
      tracked.slotted = true;
      tracked.slotAt = now;
    }
    tracked.leases.gate().seal();
    tracked.stage = Stage.FORCED;
    roster.leaving.add(tracked);
    calls.add(new Call(tracked, Kind.FORCE, () -> tracked.connection.close(CloseManner.FORCE)));
  }

  /**
   * A call threw or got stuck: whoever cannot be hinted is let go, and who cannot be let go is cut.
   */
  void failed(Call call, long now, List<Call> calls) {
    TrackedConnection tracked = call.tracked();
    if (tracked.ended || tracked.accounted) {
      return;
    }
    if (call.kind() == Kind.HINT && tracked.stage == Stage.HINTED) {
      due(tracked, now);
    } else if (call.kind() == Kind.LET_GO && tracked.stage == Stage.LETTING_GO) {
      force(
          tracked, now,
          calls); // sealed already: left as it is, it would be of no use to its client
    }
  }
}
