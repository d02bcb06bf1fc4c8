package io.gracefuldrain;

import io.gracefuldrain.LandingLimit.Pace;
import io.gracefuldrain.LandingLimit.Way;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a drain that are on their way to other pods and will say when they have landed:
 * hinted ones, and those whose sessions are kept. It says how many more may go. Guarded by the
 * coordinator's lock.
 */
final class Transit {
  /** A client is not waited for when one that went so much later has landed. */
  static final long OVERTAKEN = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Nor is one that has been on its way for so long. */
  static final long LONGEST = TimeUnit.SECONDS.toNanos(10);

  /** The first limit is as many as go in this time, of hinted ones. */
  private static final long FIRST_HINTED = TimeUnit.SECONDS.toNanos(1);

  /** The same, once it is known that those whose sessions are kept do land. */
  private static final long FIRST_KEPT = TimeUnit.SECONDS.toNanos(2);

  /** Slots that are held back for less are no pause. */
  static final long PAUSE = Pacing.STALL.toNanos();

  /** Those that move in one way. */
  static final class Flow {
    private final Way way;
    // In the order in which they went; some of them have landed meanwhile.
    private final Deque<TrackedConnection> gone = new ArrayDeque<>();
    private int count;
    private Pace pace = Pace.UNKNOWN;
    private long landedLast;

    private Flow(Way way) {
      this.way = way;
    }

    private boolean lands() {
      return !pace.equals(Pace.UNKNOWN);
    }

    /** Waits no more for those who, as it seems, never say that they have landed. */
    private void forgetLost(long now) {
      for (TrackedConnection first = gone.peek(); first != null; first = gone.peek()) {
        SlotRecord slot = first.slot();
        if (slot.inTransit(this)) {
          long since = slot.transitSince();
          boolean overtaken = lands() && landedLast - since > OVERTAKEN;
          if (!overtaken && now - since <= LONGEST) {
            return;
          }
          slot.overdue();
          count--;
        }
        gone.remove();
      }
    }
  }

  private final boolean closed;
  private Flow hinted = new Flow(Way.HINTED);
  private Flow kept = new Flow(Way.KEPT);
  // How many connections a nanosecond had to go when slots began.
  private double perNano;
  private @Nullable LandingLimit limit;
  private int most;
  private int pauses;
  private boolean holds;
  private boolean paused;
  private long heldSince;

  /**
   * Those of no drain yet.
   *
   * @param closed whether landings limit how many go
   */
  Transit(boolean closed) {
    this.closed = closed;
  }

  // ---------------------------------------------------------------- what happens

  /** Forgets an earlier drain. */
  void reset() {
    hinted = new Flow(Way.HINTED);
    kept = new Flow(Way.KEPT);
    perNano = 0;
    limit = null;
    most = 0;
    pauses = 0;
    holds = false;
    paused = false;
  }

  /** Slots begin, for so many connections in so much time; with none, nobody is held back. */
  void opens(int connections, long window) {
    perNano = (double) connections / Math.max(1, window);
  }

  /** A client is asked to move and will say when it has landed. */
  void begins(TrackedConnection tracked, Way way, long now) {
    Flow flow = way == Way.HINTED ? hinted : kept;
    if (!tracked.slot().beginsTransit(flow, now)) {
      return;
    }
    flow.gone.add(tracked);
    flow.count++;
    flow.forgetLost(now);
    if (way == Way.HINTED && limit == null && perNano > 0) {
      limit = LandingLimit.of(perNano, FIRST_HINTED, now);
    }
    most = Math.max(most, hinted.count + kept.count);
  }

  /** One of them has landed. */
  void landed(TrackedConnection tracked, long now) {
    SlotRecord slot = tracked.slot();
    Flow flow = slot.transit();
    if (flow != hinted && flow != kept) {
      return; // of an earlier drain, or of none
    }
    boolean first = flow == kept && !kept.lands();
    long since = slot.transitSince();
    flow.landedLast = flow.lands() ? later(flow.landedLast, since) : since;
    flow.pace = flow.pace.landed(flow.way, now - since);
    if (first && perNano > 0) {
      LandingLimit other = LandingLimit.of(perNano, FIRST_KEPT, now);
      limit = limit == null || limit.limit() < other.limit() ? other : limit;
    }
    if (limit != null) {
      limit = limit.landed(flow.pace, inTransit(), now);
    }
    ended(tracked);
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  /** One of them has ended, or has landed. */
  void ended(TrackedConnection tracked) {
    Flow flow = tracked.slot().transit();
    if (flow != null && tracked.slot().endsTransit()) {
      flow.count--;
    }
  }

  // ---------------------------------------------------------------- how many may go

  /**
   * How many of those that are due now may go now; the others are held back.
   *
   * @param remaining all that wait for their slot
   * @param timeLeft until the last slot
   */
  int allowed(int due, int remaining, long timeLeft, long now) {
    LandingLimit present = limit;
    if (!closed || present == null) {
      return due;
    }
    hinted.forgetLost(now);
    kept.forgetLost(now);
    int must = LandingLimit.behind(remaining, timeLeft, perNano);
    int allowed = Math.min(due, Math.max(must, present.room(inTransit())));
    if (allowed > 0) {
      holds = false;
    } else if (!holds) {
      holds = true;
      paused = false;
      heldSince = now;
    } else if (!paused && now - heldSince >= PAUSE) {
      paused = true;
      pauses++;
    }
    return allowed;
  }

  // Those whose sessions are kept count once one of them has landed: perhaps none ever says so.
  private int inTransit() {
    return hinted.count + (kept.lands() ? kept.count : 0);
  }

  /** What the receipt says of it. */
  DrainReport.Loop report() {
    return new DrainReport.Loop(closed && limit != null, most, pauses);
  }
}
