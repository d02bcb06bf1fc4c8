package io.gracefuldrain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The account of a drain: of one that has ended, or of the current one so far. Once the phase is
 * {@link DrainPhase#DRAINED} it is the receipt. The outcomes and the remaining connections always
 * add up to all that were tracked.
 *
 * @param pod the pod's name
 * @param generation the pod's generation
 * @param processEpoch the name of the process, as {@link DrainCoordinator#processEpoch} says
 * @param epoch how many drains this process has begun; 0 before the first
 * @param phase where the pod is
 * @param ready the readiness probe's answer
 * @param reasons the reasons for the drain, in order
 * @param notes what askers said of the drain, in order, the first eight, and what the drain found
 *     itself
 * @param startedAt when the drain began, or null before the first
 * @param elapsed how long it has taken
 * @param phases how long each phase took that has begun
 * @param connections connections here now
 * @param tracked connections there at the beginning, and those admitted later
 * @param late of these, how many were admitted once connections were being let go
 * @param remaining tracked connections without an outcome yet
 * @param outcomes how many had each outcome
 * @param workInFlight leases open now: of connections, of connections that have ended since, and of
 *     the pod
 * @param workAbandoned leases that were still open when the drain ended
 * @param workExpired leases that their own limit ended
 * @param oldestWork the work that has been going on for the longest, or null
 * @param handshakesRefused handshakes refused in this drain
 * @param failures calls to connections that threw, blocked or could not be made in time, and to
 *     participants that failed
 * @param compressed whether the deadline was tightened
 * @param budgetRemaining time until the deadline, zero when it has passed or nothing drains
 * @param moves how long it took from a connection's slot to its end
 * @param landings how long clients said that connecting elsewhere took them
 * @param pacing whether landings limited how many went, and how many were on their way
 * @param shedAsked connections that sheds have chosen since the start of the process
 * @param shedCameBack how often clients with a ticket of a shed, or of a recalled drain, came back
 *     to this process while it served
 * @param ticketKeyNames the names of the keys by which sessions are handed over, the first one
 *     makes tokens; none if hand-over is off
 * @param handedOver sessions of this drain, for other pods, and of other pods; before the first
 *     drain, since the start of the process; null if hand-over is off
 * @param slowest the moves that took longest, the slowest first
 */
public record DrainReport(
    String pod,
    String generation,
    String processEpoch,
    long epoch,
    DrainPhase phase,
    boolean ready,
    List<DrainReason> reasons,
    List<String> notes,
    @Nullable Instant startedAt,
    Duration elapsed,
    Map<DrainPhase, Duration> phases,
    int connections,
    int tracked,
    int late,
    int remaining,
    Map<Outcome, Integer> outcomes,
    int workInFlight,
    int workAbandoned,
    int workExpired,
    @Nullable OldestWork oldestWork,
    long handshakesRefused,
    int failures,
    boolean compressed,
    Duration budgetRemaining,
    Spread moves,
    Spread landings,
    Loop pacing,
    long shedAsked,
    long shedCameBack,
    List<String> ticketKeyNames,
    @Nullable HandOverCounts handedOver,
    List<SlowMove> slowest) {

  /**
   * Work in flight and its holder.
   *
   * @param holder the connection's id, or {@code pod}
   * @param work its name; {@code dispatch} for a message being handled
   * @param age how long it has been going on; for a dispatch, since a drain first saw it
   */
  public record OldestWork(String holder, String work, Duration age) {}

  /**
   * How durations were spread.
   *
   * @param count how many
   * @param p50 the median, within a tenth
   * @param p99 the 99th percentile, within a tenth
   * @param max the longest
   */
  public record Spread(long count, Duration p50, Duration p99, Duration max) {}

  /**
   * How slots followed the landings of clients that say when they have landed.
   *
   * @param closed whether landings limited how many went; otherwise the clock alone did
   * @param mostInTransit how many of these clients were on their way at the same time, at most
   * @param pauses how often slots were due and all were held back
   */
  public record Loop(boolean closed, int mostInTransit, int pauses) {}

  /**
   * One connection whose move took long.
   *
   * @param connection its id
   * @param transport its transport
   * @param outcome its outcome
   * @param took from its slot to its end
   */
  public record SlowMove(String connection, String transport, Outcome outcome, Duration took) {}

  /** Copies the parts that can change. */
  public DrainReport {
    reasons = List.copyOf(reasons);
    notes = List.copyOf(notes);
    phases = Map.copyOf(phases);
    outcomes = Map.copyOf(outcomes);
    ticketKeyNames = List.copyOf(ticketKeyNames);
    slowest = List.copyOf(slowest);
  }

  /** How many ended with an outcome; zero for one that none had. */
  public int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  /** Whether every connection tracked is either accounted for or still waiting for its outcome. */
  public boolean addsUp() {
    return outcomes.values().stream().mapToInt(Integer::intValue).sum() + remaining == tracked;
  }

  /** This report as one line of JSON; durations in milliseconds. */
  public String toJson() {
    return ReportFormat.json(this);
  }

  /** This report as one line for people. */
  public String toText() {
    return ReportFormat.text(this);
  }
}
