package io.gracefuldrain;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * All state of the pod's lifecycle: the phase with its beginning and its latest end, the record of
 * the drain, and the reasons that hold it. The deadline is derived, and only ever tightens.
 *
 * <p>The first group of methods is thread-safe; the rest is called with the coordinator's lock.
 */
final class PhaseState {
  /**
   * The state that may be read without the lock. A reader who sees a phase sees the probes that go
   * with it.
   */
  record Face(DrainPhase phase, boolean ready, boolean admits) {}

  private final DrainPolicy policy;
  private final BooleanSupplier locked;
  private final GraceClock grace;
  private final String process = ProcessEpoch.fresh();
  // A cookie may lead a client back that was asked to go. Its refusal expires the cookie.
  private final boolean refusesOwn;

  private volatile Face face = new Face(DrainPhase.STARTING, false, true);
  private volatile boolean started;
  private volatile boolean closed;

  // All that follows is guarded by the coordinator's lock.

  private long since;
  private long ends;
  private Budget budget;
  private DrainRecord record;
  private boolean keepsReady;
  // The reasons that asked for the drain and have not been taken back.
  private final Set<DrainReason> holding = EnumSet.noneOf(DrainReason.class);
  // Whether the platform has given up waiting for the drain.
  private boolean shortNotice;
  // When the platform's grace period began, if something has ended the process.
  private boolean graceRuns;
  private long graceSince;

  /**
   * The state at the start.
   *
   * @param locked whether the calling thread has the lock; asked by assertions only
   * @param grace the grace period that it shares with other coordinators
   */
  PhaseState(DrainPolicy policy, BooleanSupplier locked, GraceClock grace, long now) {
    this.policy = policy;
    this.locked = locked;
    this.grace = grace;
    this.refusesOwn = !policy.affinityCookies().isEmpty();
    this.record = DrainRecord.blank(now);
    this.budget = policy.budget();
    this.since = now;
  }

  // ---------------------------------------------------------------- what anybody may ask

  Face face() {
    return face;
  }

  DrainPhase phase() {
    return face.phase();
  }

  /** This pod's name. */
  String pod() {
    return policy.pod();
  }

  /** As {@link DrainCoordinator#processEpoch}. */
  String process() {
    return process;
  }

  /**
   * As {@link DrainCoordinator#admit}, and counts nothing.
   *
   * @param own whether the client comes with a ticket that was {@linkplain #issuedHere issued here}
   */
  boolean admits(boolean own) {
    Face seen = face;
    return seen.admits() && !(own && (refusesOwn || seen.phase().draining()));
  }

  /** Whether this process has made a ticket. */
  boolean issuedHere(String ticket) {
    return Ticket.decode(ticket).filter(this::issuedHere).isPresent();
  }

  // A ticket of version 1 does not name the process.
  private boolean issuedHere(Ticket ticket) {
    return ticket.pod().equals(policy.pod())
        && ticket.generation().equals(policy.generation())
        && (ticket.process().isEmpty() || ticket.process().equals(process));
  }

  /** Whether the application has started; true before a face says so. */
  boolean started() {
    return started;
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
    grace.stop();
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the coordinator is closed (expected: an open one)");
    }
  }

  // ---------------------------------------------------------------- what holds now

  DrainRecord record() {
    assert locked.getAsBoolean();
    return record;
  }

  /** The time for each phase: as the policy says, or less when there is a tighter deadline. */
  Budget budget() {
    assert locked.getAsBoolean();
    return budget;
  }

  /** When the phase began. */
  long since() {
    return since;
  }

  /** When the phase is to end at the latest. */
  long ends() {
    return ends;
  }

  /** Whether the phase has had its time. */
  boolean overdue(long now) {
    return now - ends >= 0;
  }

  /** How long the drain may still take. */
  long budgetRemaining(long now) {
    assert locked.getAsBoolean();
    if (!phase().draining()) {
      return 0;
    }
    // The overrun of a late step is taken from later phases.
    long overrun = Math.max(0, now - ends);
    return Math.max(0, budget.from(phase(), ends - now).total() - overrun);
  }

  /**
   * How long the drain waits for the end of a connection that it asks to close now: until the force
   * begins, or until the drain is over. While the pod serves, as long as a planned drain would.
   */
  long timeToClose(CloseManner manner, long now) {
    if (!phase().draining()) {
      return budget.moveWindow() + budget.settleGrace();
    }
    long forced = budgetRemaining(now) - budget.linger();
    return Math.max(0, manner == CloseManner.FORCE ? forced : forced - budget.forceTimeout());
  }

  /** How long the drain still waits for work at most: until it closes by force. */
  long waitLeft(long now) {
    return phase().draining() ? timeToClose(CloseManner.LET_GO, now) : Lease.UNLIMITED;
  }

  /** The reasons that asked for the drain and have not been taken back. */
  Set<DrainReason> holding() {
    return Collections.unmodifiableSet(holding);
  }

  /** Whether the platform has given up waiting for the drain. */
  boolean shortNotice() {
    return shortNotice;
  }

  /** Whether a reason ends the process, so that its grace period runs. */
  boolean graceRuns() {
    return graceRuns;
  }

  /** How much of the platform's grace period is left; negative when it is over. */
  long graceLeft(long now) {
    return Durations.nanos(policy.gracePeriod()) - (now - graceSince);
  }

  // ---------------------------------------------------------------- what changes it

  void applicationStarted() {
    started = true;
  }

  /** Opens the record of a drain, which has the whole budget before it. */
  void begin(DrainRecord fresh, boolean keepsReadyAtFirst) {
    assert locked.getAsBoolean();
    record = fresh;
    keepsReady = keepsReadyAtFirst;
    holding.clear();
    budget = policy.budget();
  }

  /** Somebody else asks for the current drain. */
  void asked(DrainReason reason, long now) {
    holding.add(reason);
    record.asked(reason);
    if (reason.terminates() && !graceRuns) {
      graceRuns = true;
      graceSince = grace.begin(now, Durations.nanos(policy.gracePeriod()));
    }
  }

  /** The preStop hook no longer holds the drain; says whether nothing else does. */
  boolean hookReleased() {
    holding.remove(DrainReason.PRE_STOP);
    graceStops();
    return holding.isEmpty();
  }

  /** The platform has given up waiting for the drain. */
  void noticeCutShort() {
    shortNotice = true;
  }

  /** The drain is taken back: nothing holds it, and no tighter deadline remains. */
  void recalled() {
    holding.clear();
    shortNotice = false;
    graceStops();
    budget = policy.budget();
  }

  private void graceStops() {
    graceRuns = false;
    grace.stop();
  }

  /** Brings the deadline forward, and says whether it was later. */
  boolean tighten(long within, long now) {
    assert locked.getAsBoolean();
    if (within >= budgetRemaining(now)) {
      return false; // also when nothing is left
    }
    budget = budget.from(phase(), ends - now).fit(within);
    ends = now + budget.of(phase());
    record.tightened();
    return true;
  }

  /** Changes the phase; {@link DrainLifecycle#enter} alone calls it. */
  void enter(DrainPhase phase, long now) {
    assert locked.getAsBoolean();
    DrainPhase from = face.phase();
    if (from.draining()) {
      record.phaseEnded(from, now - since);
    }
    if (phase == DrainPhase.DRAINED) {
      record.endedAt(now);
    }
    since = now;
    // Counted from when the last phase was to end: a late step must not put off the deadline.
    ends = (from.draining() && overdue(now) ? ends : now) + budget.of(phase);
    face = new Face(phase, ready(phase), admits(phase));
  }

  private boolean ready(DrainPhase phase) {
    return phase == DrainPhase.SERVING || (phase == DrainPhase.UNREADY && keepsReady);
  }

  private boolean admits(DrainPhase phase) {
    return switch (phase) {
      case STARTING, SERVING, UNREADY -> true;
      case MOVING, SETTLING -> policy.handshakes() == DrainPolicy.Handshakes.ADMIT;
      case FORCING, DRAINED -> false; // a connection admitted now would not be moved, only cut
    };
  }
}
