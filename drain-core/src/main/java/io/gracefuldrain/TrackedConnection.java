package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tracked connection. Its gate takes work and is lock-free. All other fields say where it stands
 * in a drain: the coordinator's lock guards them, and only the verbs below change them.
 */
final class TrackedConnection extends RosterEntry implements ConnectionHandle, LeaseStack.Holder {
  /** Receives the adapter's reports about a connection, without the lock. */
  interface Reactions {
    /** Its client knows hints. */
    void aware(TrackedConnection tracked);

    /** The client has acknowledged its hint. */
    void heard(TrackedConnection tracked);

    /** The client has arrived elsewhere. */
    void landed(TrackedConnection tracked, String pod, Duration connectTime);

    /** Asks where the connection stands, with the lock. */
    <T> T asked(Supplier<T> question);

    /** Begins to keep its session, as {@link ConnectionHandle#keep}. */
    default @Nullable KeptSession keep(TrackedConnection tracked, String session) {
      return null;
    }

    /** The connection has ended. */
    void left(TrackedConnection tracked, Departure how);

    /** The last work of one whose gate was closing has ended. */
    void becameIdle(TrackedConnection tracked);

    /** As {@link LeaseStack.Holder#waitLeft}. */
    long waitLeft(long now);
  }

  final DrainableConnection connection;
  // Asked once, at registration: foreign code is not called under the lock.
  final String id;
  final LeaseStack leases;
  private final Reactions reactions;
  private final Roster roster;

  // Whether its client knows hints, as far as is known now.
  private boolean aware;
  // Whether it has ended, perhaps before it was registered.
  private boolean ended;
  // Made when a drain first asks for them: a connection that is never drained has none.
  private @Nullable SlotRecord slot;
  private @Nullable HintRecord hint;
  // Set by the thread that calls it, without the lock.
  private volatile boolean asked;
  private volatile @Nullable Kept session;

  /**
   * A connection that is not on the roster yet.
   *
   * @param connecting makes the connection; it gets this handle before anybody else does
   */
  TrackedConnection(
      Function<? super ConnectionHandle, ? extends DrainableConnection> connecting,
      Reactions reactions,
      Roster roster,
      Clockwork clock) {
    this.leases = new LeaseStack(clock, this);
    this.reactions = reactions;
    this.roster = roster;
    this.connection = Objects.requireNonNull(connecting.apply(this), "connection");
    this.id = Objects.requireNonNull(connection.id(), "connection.id()");
    if (connection.aware()) { // else its handle may have said so meanwhile
      this.aware = true;
    }
  }

  // ---------------------------------------------------------------- what its adapter says

  @Override
  public boolean tryEnter() {
    return leases.gate().tryEnter();
  }

  @Override
  public boolean tryEnterLate() {
    return leases.gate().tryEnterLate();
  }

  @Override
  public void exit() {
    if (leases.gate().exit()) {
      becameIdle();
    }
  }

  @Override
  public void becameIdle() {
    reactions.becameIdle(this);
  }

  @Override
  public long waitLeft(long now) {
    return reactions.waitLeft(now);
  }

  @Override
  public @Nullable WorkLease tryBegin(String work) {
    return leases.tryBegin(work, null);
  }

  @Override
  public @Nullable WorkLease tryBegin(String work, Duration limit) {
    return leases.tryBegin(work, limit);
  }

  @Override
  public WorkLease begin(String work) {
    return SealedException.require(tryBegin(work), "connection " + id, work);
  }

  @Override
  public WorkLease begin(String work, Duration limit) {
    return SealedException.require(tryBegin(work, limit), "connection " + id, work);
  }

  @Override
  public int inFlight() {
    return leases.gate().inside();
  }

  @Override
  public boolean sealed() {
    return leases.gate().sealed();
  }

  @Override
  public void aware() {
    reactions.aware(this);
  }

  @Override
  public void heard() {
    reactions.heard(this);
  }

  @Override
  public void landed(String pod, Duration connectTime) {
    reactions.landed(this, pod, connectTime);
  }

  @Override
  public boolean moving() {
    return session != null || reactions.asked(() -> hint != null && hint.given());
  }

  @Override
  public Optional<String> movedTo() {
    return reactions.asked(() -> hint().landedOn());
  }

  @Override
  public @Nullable KeptSession keep(String name) {
    return reactions.keep(this, Objects.requireNonNull(name, "session"));
  }

  @Override
  public void left(Departure how) {
    reactions.left(this, how);
  }

  // ---------------------------------------------------------------- calls, without the lock

  /** Says its hint, unless it was heard or withdrawn since that was decided. */
  void sayHint() {
    HintRecord given = hint;
    ReconnectHint said = given == null ? null : given.toSay();
    if (said != null) {
      connection.hint(said);
    }
  }

  /** Asks it to close. One whose session waits for a pod is closed already: the wait ends. */
  void close(CloseManner manner, Duration within) {
    asked = true;
    Kept kept = session;
    if (kept == null || !kept.endsFor(manner, within.toNanos())) {
      connection.close(manner, within);
    }
  }

  // ---------------------------------------------------------------- where it stands

  boolean idle() {
    return leases.gate().inside() == 0;
  }

  /** Whether its client knows hints. */
  @Override
  boolean knowsHints() {
    return aware;
  }

  /** Whether its end was noted, perhaps before it was registered. */
  boolean ended() {
    return ended;
  }

  /** When its slot came. */
  SlotRecord slot() {
    if (slot == null) {
      slot = new SlotRecord();
    }
    return slot;
  }

  /** What has become of its hint. */
  HintRecord hint() {
    if (hint == null) {
      hint = new HintRecord();
    }
    return hint;
  }

  /** Its session, from the moment at which it is kept for another pod. */
  @Nullable Kept session() {
    return session;
  }

  private boolean sessionWaited() {
    Kept kept = session;
    return kept != null && kept.waited();
  }

  /** Whether a call has asked it to close. */
  boolean asked() {
    return asked;
  }

  /** Whether it was to be closed, and no call has been made for it. */
  boolean neverAsked() {
    return !asked && !sessionWaited() && (at(Stage.LETTING_GO) || at(Stage.FORCED));
  }

  /** The outcome of its end; asked while it is on the roster. */
  Outcome outcome(Departure how) {
    if (hint().landedOn().isPresent()) {
      return Outcome.LANDED;
    } else if (sessionWaited()) {
      return Outcome.CLOSED;
    }
    return switch (stage()) {
      case FORCED -> asked ? Outcome.FORCED : onItsOwn(how);
      case LETTING_GO -> Outcome.CLOSED;
      case PRESENT, HINTED, DUE -> onItsOwn(how);
      case OUTLIVED -> throw new IllegalStateException(id + " has its outcome already");
    };
  }

  private static Outcome onItsOwn(Departure how) {
    return how == Departure.GOODBYE ? Outcome.LEFT : Outcome.LOST;
  }

  // ---------------------------------------------------------------- what happens to it

  /** Its client has said that it knows hints: it is hinted in its slot. */
  void saidAware() {
    if (!aware) {
      aware = true;
      becameAware();
    }
  }

  /** Its adapter says that it has ended. */
  void saidEnded() {
    ended = true;
  }

  /** It waits for its slot, behind the others. */
  void waits() {
    movesTo(roster.waiting);
  }

  /** It waits for its slot behind those that are idle. */
  void waitsBusy() {
    movesTo(roster.busy);
  }

  /** It is hinted in its slot. */
  void hinted(ReconnectHint said, long now) {
    movesTo(roster.hinted);
    hint().give(said, now);
  }

  /** The client has acknowledged its hint; only the first time after a hint counts. */
  void heardHint(long now) {
    if (standsIn(roster.hinted)) {
      hint().heard(now);
      joins(roster.heard);
    }
  }

  /** The client has arrived elsewhere; says whether that is news, and due to a slot. */
  boolean landedElsewhere(String pod) {
    return onRoster() && slot().given() && hint().landed(pod);
  }

  /** Its session is kept for another pod from now on. */
  void keeps(Kept kept) {
    session = kept;
  }

  /** Its client has its session on another pod. */
  void takenBy(String pod) {
    hint().landed(pod);
  }

  /** It came while others are let go: it is next. */
  void late(long now) {
    slot().giveAtLatest(now);
    movesTo(roster.late);
  }

  /**
   * Its slot is over: it is asked to close, in one step with its seal. If work is in flight it is
   * due, and the end of the last work seals it.
   *
   * @return whether it is asked to close now
   */
  boolean letGoOrDue(long now) {
    slot().giveAtLatest(now);
    if (leases.gate().close()) {
      movesTo(roster.lettingGo);
      return true;
    }
    if (!standsIn(roster.due)) {
      movesTo(roster.due);
    }
    slot().foundBusy(now);
    return false;
  }

  /** While it is due no dispatch begins any more: work that overlaps for ever comes to an end. */
  void bar() {
    leases.gate().bar();
  }

  /** It is closed by force, and sealed even with work in flight. */
  void forced(long now) {
    slot().giveAtLatest(now);
    leases.gate().shut();
    movesTo(roster.forced);
  }

  /** The drain is recalled: it stays as if there had been none, unless it is sealed already. */
  boolean keptUnlessSealed() {
    if (!leases.gate().stayOpen()) {
      return false;
    }
    waits(); // and withdraws its hint
    slot = null;
    hint = null;
    return true;
  }

  /**
   * It is accounted for, or has left outside a drain. It leaves the roster. If work is in flight,
   * the work stays until its last lease ends.
   */
  void gone() {
    if (leases.gate().end()) {
      workEnded();
    } else { // no message of it begins any more; a handler may still take leases
      movesTo(roster.outlived);
    }
  }

  /** It stands elsewhere now. A call to say its hint that still waits says nothing. */
  private void movesTo(Line line) {
    withdrawHint();
    joins(line);
  }

  /** It has no work, or the work that has outlived it has ended. */
  void workEnded() {
    withdrawHint();
    leavesRoster();
  }

  private void withdrawHint() {
    if (hint != null) {
      hint.withdraw();
    }
  }
}
