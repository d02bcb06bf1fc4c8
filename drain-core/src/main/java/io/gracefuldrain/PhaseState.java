package io.gracefuldrain;

/**
 * Where the pod is in its life: the phase, since when and until when at the latest, and the record
 * of the drain. The deadline is derived, and only ever tightens.
 *
 * <p>What anybody may ask is thread-safe; the rest is called with the coordinator's lock.
 */
final class PhaseState {
  /**
   * What anybody may see without the lock; whoever sees a phase sees the probes that go with it.
   */
  record Face(DrainPhase phase, boolean ready, boolean admits) {}

  private final DrainPolicy policy;
  private final Monitor monitor;

  private volatile Face face = new Face(DrainPhase.STARTING, false, true);
  private volatile boolean closed;

  // Guarded by the monitor.
  private DrainRecord record;
  private Budget budget;
  private long since;
  private long ends;
  private boolean keepsReady;

  PhaseState(DrainPolicy policy, Monitor monitor, long now) {
    this.policy = policy;
    this.monitor = monitor;
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

  /** What this pod is called. */
  String pod() {
    return policy.pod();
  }

  /** As {@link DrainCoordinator#admits(String)}. */
  boolean admits(String ticket) {
    Face seen = face;
    return seen.admits()
        && !(seen.phase().draining() && Ticket.decode(ticket).filter(this::issuedHere).isPresent());
  }

  private boolean issuedHere(Ticket ticket) {
    return ticket.pod().equals(policy.pod()) && ticket.generation().equals(policy.generation());
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the coordinator is closed (expected: an open one)");
    }
  }

  // ---------------------------------------------------------------- with the lock

  DrainRecord record() {
    assert monitor.held();
    return record;
  }

  /** What each phase may take: as the policy says, or less when there is a tighter deadline. */
  Budget budget() {
    assert monitor.held();
    return budget;
  }

  /** When the phase began. */
  long since() {
    return since;
  }

  /** Whether the phase has had its time. */
  boolean overdue(long now) {
    return now - ends >= 0;
  }

  /** When the last slot is to be given, so that whoever gets it has the hint grace too. */
  long lastSlot() {
    return ends - budget.hintGrace();
  }

  /**
   * Until when whoever has heard a hint may count at most: a little of the settle grace, of which
   * the most is for work. Nothing hurries who moves while the pod serves.
   */
  long lastAnswer(long now) {
    long more = Math.min(SlotScheduler.LANDED_MORE, budget.settleGrace() / 2);
    return switch (face.phase()) {
      case STARTING, SERVING, UNREADY -> now + Long.MAX_VALUE / 2;
      case MOVING -> ends + more;
      case SETTLING, FORCING, DRAINED -> since + more;
    };
  }

  /** The ticket of a client that is sent away. */
  String ticket(TrackedConnection tracked) {
    return new Ticket(policy.pod(), policy.generation(), record.epoch, tracked.id).encode();
  }

  /** Opens the record of a drain, which has the whole budget before it. */
  void begin(DrainRecord fresh, boolean keepsReadyAtFirst) {
    assert monitor.held();
    record = fresh;
    keepsReady = keepsReadyAtFirst;
    restoreBudget();
  }

  /** Forgets that a deadline was tightened. */
  void restoreBudget() {
    budget = policy.budget();
  }

  /** Changes the phase; {@link DrainLifecycle#enter} alone calls it. */
  void enter(DrainPhase phase, long now) {
    assert monitor.held();
    DrainPhase from = face.phase();
    if (from.draining() && !record.drained) {
      record.phaseTook(from, now - since);
    }
    if (phase == DrainPhase.DRAINED) {
      record.drained = true;
      record.endedAt = now;
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
      case FORCING, DRAINED -> false; // nobody admitted now would be moved, only cut
    };
  }

  /** Brings the deadline forward, and says whether it was later. */
  boolean tighten(long within, long now) {
    assert monitor.held();
    if (within >= budgetRemaining(now)) {
      return false; // also when nothing is left
    }
    budget = budget.from(phase(), ends - now).fit(within);
    ends = now + budget.of(phase());
    record.compressed = true;
    return true;
  }

  /** How long the drain may still take. */
  long budgetRemaining(long now) {
    assert monitor.held();
    if (!phase().draining()) {
      return 0;
    }
    // What a late step has overrun is taken from what is to come.
    long overrun = Math.max(0, now - ends);
    return Math.max(0, budget.from(phase(), ends - now).total() - overrun);
  }
}
