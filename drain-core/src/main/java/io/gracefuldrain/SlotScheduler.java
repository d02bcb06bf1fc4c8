package io.gracefuldrain;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import io.gracefuldrain.RosterEntry.Line;
import io.gracefuldrain.RosterEntry.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
   * The end of the settle grace is for finishing: no dispatch begins any more on those that are
   * due. At most half of the grace.
   */
  static final long FINISHING = TimeUnit.SECONDS.toNanos(1);

  // The end of work hands its connection on. This is for limits that are taken meanwhile, and the
  // net for a hand-over that failed.
  private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(250);

  /**
   * How many connections one step deals with at most where all are to go or to be looked at: it
   * holds the lock meanwhile. The next step comes soon then.
   */
  static final int BULK = 1_000;

  // How many busy ones a slot looks past to find an idle one: it bounds the cost of one step.
  private static final int LOOK = 64;

  private final DrainPolicy policy;
  private final Clockwork clock;
  private final Stopwatch slotErrors;
  private final PhaseState state;
  private final Roster roster;
  private final Transit transit;
  private final SlotPace pace;
  private final HintGraces graces;
  private final LookRound looksAtLeaving;
  private final LookRound looksAtDue;
  private final LookRound looksAtOutlived;

  // When all that are due or outlived are looked at next.
  private long nextLook;
  // Whether the window ends with the grace of its last hint: not when nobody would be hinted.
  private boolean hints;

  SlotScheduler(CoordinatorParts parts) {
    this.policy = parts.policy();
    this.clock = parts.clock();
    this.slotErrors = parts.counters().slotErrors;
    this.state = parts.state();
    this.roster = parts.roster();
    this.transit = parts.transit();
    this.pace = new SlotPace(policy.pacing(), transit);
    this.graces = new HintGraces(parts);
    this.looksAtLeaving = new LookRound(roster.lettingGo);
    this.looksAtDue = new LookRound(roster.due);
    this.looksAtOutlived = new LookRound(roster.outlived);
    this.nextLook = clock.nanos();
  }

  // ---------------------------------------------------------------- giving slots

  /** Forgets the slots of an earlier window. */
  void reset() {
    pace.reset();
    transit.reset();
  }

  /** Whether there is more to be done now than the last step has done. */
  boolean hurries(long now) {
    return switch (state.phase()) {
      case STARTING -> false;
      case SERVING, UNREADY, MOVING -> pace.owes();
      case SETTLING -> roster.unslotted() > 0 || (finishing(now) && !looksAtDue.over());
      case FORCING, DRAINED -> !allForced();
    };
  }

  /** How long it is until a step finds slots to give to so many in a window that ends then. */
  long untilSlot(int most, long ends, long now) {
    return pace.next(most, lastSlot(ends) - now, now);
  }

  /** How long it is until a hint's time comes, or all that are due are looked at. */
  long untilLook(long now) {
    if (!roster.late.isEmpty() || !lookedAtAll()) {
      return StepLoop.TICK;
    }
    boolean looks = settling() || roster.due.size() + roster.lettingGo.size() > 0;
    return Math.min(graces.untilDue(now), looks ? nextLook - now : StepLoop.LONGEST);
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
    if (!pace.begun() && most > 0) {
      hints = roster.anyAwareWaits();
      transit.opens(cause == Cause.DRAIN ? most : 0, lastSlot(ends) - now);
    }
    int quota = pace.take(most, lastSlot(ends) - now, BULK, now);
    int done = 0;
    while (done < quota) {
      TrackedConnection tracked = nextInLine(cause == Cause.SHED);
      if (tracked == null) {
        break;
      }
      done++;
      long intended = pace.intended(done);
      tracked.slot().give(now);
      if (tracked.knowsHints()) {
        hint(tracked, cause, now, intended, calls);
      } else {
        letGoOrDue(tracked, now, intended, calls);
      }
    }
    return done;
  }

  private @Nullable TrackedConnection nextInLine(boolean idleOnly) {
    for (int looked = 0; looked < LOOK; looked++) {
      TrackedConnection tracked = roster.waiting.first();
      if (tracked == null) {
        break;
      } else if (tracked.idle() || (tracked.knowsHints() && !idleOnly)) {
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

  private void hint(
      TrackedConnection tracked, Cause cause, long now, long intended, List<Call> calls) {
    ReconnectHint hint =
        new ReconnectHint(
            cause.word,
            Duration.ofNanos(state.budget().hintGrace()),
            ticket(tracked),
            policy.reconnectUrl().orElse(null));
    tracked.hinted(hint, now);
    graces.begin(tracked);
    transit.begins(tracked, LandingLimit.Way.HINTED, now);
    calls.add(inSlot(tracked, Kind.HINT, intended, tracked::sayHint));
  }

  private String ticket(TrackedConnection tracked) {
    long epoch = state.record().epoch();
    return new Ticket(policy.pod(), policy.generation(), state.process(), epoch, tracked.id)
        .encode();
  }

  private void letGoOrDue(TrackedConnection tracked, long now, long intended, List<Call> calls) {
    if (tracked.letGoOrDue(now)) {
      calls.add(inSlot(tracked, Kind.LET_GO, intended, closing(tracked, CloseManner.LET_GO, now)));
    } else {
      if (finishing(now)) {
        tracked.bar();
      }
      lookWithin(tracked.leases.limitLeft(now), now);
    }
  }

  /** Asks a connection to close, and says how long the drain waits for its end. */
  private Runnable closing(TrackedConnection tracked, CloseManner manner, long now) {
    long ends = now + state.timeToClose(manner, now);
    return () -> tracked.close(manner, Duration.ofNanos(Math.max(0, ends - clock.nanos())));
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
   * Lets go of those that are idle and whose slot is over. One that is busy is due; it comes to
   * {@link #becameIdle} in the moment when its work is done.
   *
   * @return how many leases expired
   */
  int letGo(long now, List<Call> calls) {
    graces.look(now, tracked -> letGoOrDue(tracked, now, now, calls), calls);
    roster.late.forEach(tracked -> letGoOrDue(tracked, now, now, calls));
    if (now - nextLook >= 0 && lookedAtAll()) {
      nextLook = now + LOOK_AGAIN;
      looksAtLeaving.begin();
      looksAtDue.begin();
      looksAtOutlived.begin();
    }
    return look(now, calls);
  }

  private boolean lookedAtAll() {
    return looksAtLeaving.over() && looksAtDue.over() && (looksAtOutlived.over() || !settling());
  }

  /**
   * Ends leases that have outlived their limit, and finds what has failed to say that it is idle.
   */
  private int look(long now, List<Call> calls) {
    int[] expired = new int[1];
    looksAtLeaving.visit(
        BULK,
        tracked -> {
          if (!tracked.idle()) { // what came between its seal and its close goes on
            letGoOrDue(tracked, now, now, calls);
          }
        });
    looksAtDue.visit(
        BULK,
        tracked -> {
          expired[0] += tracked.leases.expire(now);
          letGoOrDue(tracked, now, now, calls);
        });
    if (settling()) {
      lookWithin(now - finishes() < 0 ? finishes() - now : LOOK_AGAIN, now);
      looksAtOutlived.visit(
          BULK,
          tracked -> {
            expired[0] += tracked.leases.expire(now);
            outlived(tracked, now);
          });
    }
    return expired[0];
  }

  private void outlived(TrackedConnection tracked, long now) {
    if (tracked.idle()) {
      tracked.workEnded();
    } else {
      tracked.slot().foundBusy(now);
      lookWithin(tracked.leases.limitLeft(now), now);
    }
  }

  private void lookWithin(long delay, long now) {
    nextLook = now + Math.min(nextLook - now, delay);
  }

  private boolean settling() {
    return state.phase() == DrainPhase.SETTLING;
  }

  /** Whether work in flight may only come to its end. */
  private boolean finishing(long now) {
    return settling() && now - finishes() >= 0;
  }

  private long finishes() {
    return state.ends() - Math.min(FINISHING, state.budget().settleGrace() / 2);
  }

  /** The last work has ended of one whose gate was closing, perhaps once more. */
  void becameIdle(TrackedConnection tracked, long now, List<Call> calls) {
    if (tracked.at(Stage.OUTLIVED)) {
      tracked.workEnded();
    } else if (tracked.at(Stage.DUE)) {
      letGoOrDue(tracked, now, now, calls);
    } else if (tracked.at(Stage.LETTING_GO)) { // what came between its seal and its close is done
      calls.add(new Call(tracked, Kind.LET_GO, closing(tracked, CloseManner.LET_GO, now)));
    }
  }

  /** No connection has a slot to wait for any more. */
  void allDue(long now, List<Call> calls) {
    int most = BULK;
    most -= firstOf(roster.waiting, most, tracked -> letGoOrDue(tracked, now, now, calls));
    firstOf(roster.busy, most, tracked -> letGoOrDue(tracked, now, now, calls));
  }

  /** All that are due or outlived are looked at from the next step on. */
  void lookNow(long now) {
    nextLook = now;
  }

  /** Closes connections by force that were not yet closed so. */
  void force(long now, List<Call> calls) {
    int most = BULK;
    for (Line line : roster.notForced()) {
      most -= firstOf(line, most, tracked -> force(tracked, now, calls));
    }
  }

  /** Does something with the first ones of a line, which they leave by that; says with how many. */
  private static int firstOf(Line line, int most, Consumer<TrackedConnection> action) {
    int done = 0;
    for (TrackedConnection tracked = line.first();
        tracked != null && done < most;
        tracked = line.first()) {
      action.accept(tracked);
      done++;
    }
    return done;
  }

  /** Whether no connection is left that was not closed by force. */
  boolean allForced() {
    return roster.size() == roster.forced.size();
  }

  private void force(TrackedConnection tracked, long now, List<Call> calls) {
    tracked.forced(now);
    calls.add(new Call(tracked, Kind.FORCE, closing(tracked, CloseManner.FORCE, now)));
  }

  /**
   * Whether every connection that was let go or forced has been asked to close, as far as its calls
   * have been made.
   */
  boolean allAsked() {
    return roster.lettingGo.all(TrackedConnection::asked)
        && roster.forced.all(TrackedConnection::asked);
  }

  /**
   * A call threw or got stuck: a connection that cannot be hinted is let go, and one that cannot be
   * let go is cut. In a drain, one that is stuck in its call is cut in FORCING: another call is
   * likely to get stuck too, and would cost a thread.
   */
  void failed(Call call, boolean stuck, long now, List<Call> calls) {
    TrackedConnection tracked = call.tracked();
    if (call.kind() == Kind.HINT && tracked.at(Stage.HINTED)) {
      letGoOrDue(tracked, now, now, calls);
    } else if (call.kind() == Kind.LET_GO
        && tracked.at(Stage.LETTING_GO)
        && !(stuck && state.phase().draining())) {
      force(tracked, now, calls); // it is sealed already, and so of no use to its client
    }
  }
}
