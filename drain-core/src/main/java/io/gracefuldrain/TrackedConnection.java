package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection on the roster. Its gate takes work and is lock-free. All other fields say where it
 * stands in a drain: the coordinator's lock guards them, and only the verbs below change them.
 */
final class TrackedConnection implements ConnectionHandle {
  /** How far a drain has come with a connection. Each line of the roster stands for one. */
  enum Stage {
    /** Waits for its slot, if there is a drain. */
    PRESENT,
    /** Was hinted, and has its hint grace. */
    HINTED,
    /** Had its slot, and is let go as soon as it is idle. */
    DUE,
    /** Was asked to close. */
    LETTING_GO,
    /** Was closed by force. */
    FORCED
  }

  /** Receives the adapter's reports about a connection, without the lock. */
  interface Reactions {
    /** The client has acknowledged its hint. */
    void heard(TrackedConnection tracked);

    /** The client has arrived elsewhere. */
    void landed(TrackedConnection tracked, String pod, Duration connectTime);

    /** The connection has ended. */
    void left(TrackedConnection tracked, Departure how);
  }

  final DrainableConnection connection;
  // Asked once, at registration: foreign code is not called under the lock.
  final String id;
  final boolean aware;
  final LeaseStack leases;
  private final Reactions reactions;
  private final Roster roster;

  // When its slot came, if it has; and when a drain first saw it busy.
  private boolean slotted;
  private long slotAt;
  private boolean seenBusy;
  private long busySince;
  // Whether the client has acknowledged its hint, and when.
  private boolean heard;
  private long heardAt;
  private boolean landed;
  // Set by the thread that calls it, without the lock.
  private volatile boolean asked;

  // Its place on the roster. It has none before registration, and none once it has its outcome.
  private @Nullable Line line;
  private @Nullable TrackedConnection previous;
  private @Nullable TrackedConnection next;

  TrackedConnection(
      DrainableConnection connection, Reactions reactions, Roster roster, Clockwork clock) {
    this.connection = connection;
    this.id = Objects.requireNonNull(connection.id(), "connection.id()");
    this.aware = connection.aware();
    this.leases = new LeaseStack(clock);
    this.reactions = reactions;
    this.roster = roster;
  }

  // ---------------------------------------------------------------- what its adapter says

  @Override
  public boolean tryEnter() {
    return leases.gate().tryEnter();
  }

  @Override
  public void exit() {
    leases.gate().exit();
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
  public boolean sealed() {
    return leases.gate().sealed();
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
  public void left(Departure how) {
    reactions.left(this, how);
  }

  // ---------------------------------------------------------------- where it stands

  boolean idle() {
    return leases.gate().inside() == 0;
  }

  boolean at(Stage stage) {
    return line != null && line.stage == stage;
  }

  /** Whether it is on the roster: registered, and without an outcome yet. */
  boolean onRoster() {
    return line != null;
  }

  boolean slotted() {
    return slotted;
  }

  /** How long ago its slot came. */
  long sinceSlot(long now) {
    return now - slotAt;
  }

  /** Whether the client has acknowledged its hint. */
  boolean hasHeard() {
    return heard;
  }

  /** How long ago the client acknowledged its hint. */
  long sinceHeard(long now) {
    return now - heardAt;
  }

  /** Whether a drain has seen it busy. */
  boolean seenBusy() {
    return seenBusy;
  }

  /** How long ago a drain first saw it busy. */
  long sinceBusy(long now) {
    return now - busySince;
  }

  /** Whether a call has asked it to close. */
  boolean asked() {
    return asked;
  }

  /** Whether it was to be closed, and no call has been made for it. */
  boolean neverAsked() {
    return !asked && (at(Stage.LETTING_GO) || at(Stage.FORCED));
  }

  /** The call that asks it to close. */
  Runnable close(CloseManner manner) {
    return () -> {
      asked = true;
      connection.close(manner);
    };
  }

  /** The outcome of its end; asked while it is on the roster. */
  Outcome outcome(Departure how) {
    if (landed) {
      return Outcome.LANDED;
    }
    return switch (Objects.requireNonNull(line, "line").stage) {
      case FORCED -> asked ? Outcome.FORCED : onItsOwn(how);
      case LETTING_GO -> Outcome.CLOSED;
      case PRESENT, HINTED, DUE -> onItsOwn(how);
    };
  }

  private static Outcome onItsOwn(Departure how) {
    return how == Departure.GOODBYE ? Outcome.LEFT : Outcome.LOST;
  }

  // ---------------------------------------------------------------- what happens to it

  /** It waits for its slot, behind the others. */
  void waits() {
    roster.waiting.add(this);
  }

  /** It waits for its slot behind those that are idle. */
  void waitsBusy() {
    roster.busy.add(this);
  }

  /** Its slot has come: it counts from now. */
  void slotGiven(long now) {
    slotted = true;
    slotAt = now;
  }

  /** It is hinted in its slot. */
  void hinted() {
    roster.hinted.add(this);
  }

  /** The client has acknowledged its hint; only the first time after a hint counts. */
  void heardHint(long now) {
    if (at(Stage.HINTED) && !heard) {
      heard = true;
      heardAt = now;
    }
  }

  /** The client has arrived elsewhere; says whether that is news, and due to a slot. */
  boolean landedElsewhere() {
    boolean counts = onRoster() && slotted && !landed;
    landed |= counts;
    return counts;
  }

  /** Its slot is over and it is busy: it goes as soon as it is idle. */
  void due(long now) {
    slotAtLatest(now);
    roster.due.add(this);
  }

  /** A drain sees it busy. */
  void foundBusy(long now) {
    if (!seenBusy) {
      seenBusy = true;
      busySince = now;
    }
  }

  /** It is asked to close, unless work is in flight: one step with its seal. */
  boolean letGoIfIdle() {
    if (!leases.gate().sealIfIdle()) {
      return false;
    }
    roster.lettingGo.add(this);
    return true;
  }

  /** It is closed by force, and sealed even with work in flight. */
  void forced(long now) {
    slotAtLatest(now);
    leases.gate().seal();
    roster.forced.add(this);
  }

  private void slotAtLatest(long now) {
    if (!slotted) {
      slotGiven(now);
    }
  }

  /** The drain is recalled before it was let go: it stays as if there had been none. */
  void kept() {
    slotted = false;
    seenBusy = false;
    heard = false;
    landed = false;
    waits();
  }

  /** It is accounted for, or has left outside a drain. It leaves the roster. */
  void gone() {
    Line.remove(this);
  }

  /**
   * A line of connections, in order of arrival. They are linked through themselves, so that
   * admitting and leaving cost no allocation and no hash.
   */
  static final class Line {
    private final Stage stage;
    private @Nullable TrackedConnection first;
    private @Nullable TrackedConnection last;
    private int size;

    Line(Stage stage) {
      this.stage = stage;
    }

    int size() {
      return size;
    }

    boolean isEmpty() {
      return size == 0;
    }

    @Nullable TrackedConnection first() {
      return first;
    }

    /** Puts a connection at this line's end, and takes it off its former line. */
    private void add(TrackedConnection tracked) {
      remove(tracked);
      tracked.line = this;
      tracked.previous = last;
      if (last == null) {
        first = tracked;
      } else {
        last.next = tracked;
      }
      last = tracked;
      size++;
    }

    /** Takes a connection off its line, if it is on one. */
    private static void remove(TrackedConnection tracked) {
      Line line = tracked.line;
      if (line == null) {
        return;
      }
      TrackedConnection before = tracked.previous;
      TrackedConnection after = tracked.next;
      if (before == null) {
        line.first = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        line.last = before;
      } else {
        after.previous = before;
      }
      tracked.line = null;
      tracked.previous = null;
      tracked.next = null;
      line.size--;
    }

    /** Visits all; the action may remove the visited one, or add it elsewhere. */
    void forEach(Consumer<TrackedConnection> action) {
      TrackedConnection tracked = first;
      // Bounded by the size at the beginning: one put back at the end is not visited twice.
      for (int left = size; left > 0 && tracked != null; left--) {
        TrackedConnection after = tracked.next;
        action.accept(tracked);
        tracked = after;
      }
    }
  }
}
