package io.gracefuldrain.client;

/**
 * The old connection after the release. The client listens to it until the overlap ends. After that
 * the connection lingers while the old pod owes answers. On the event thread.
 */
final class RetiredConnection {
  /** What a retired connection reports. */
  interface Events {
    /** The overlap has ended, and the next move may begin. */
    void over();

    /** Nobody needs the old connection any more, and it was dropped. */
    void dropped();
  }

  private final Connection old;
  private final long overlapMs;
  private final Timers timers;
  private final Events events;
  private final Receipt receipt;
  private Timers.Cancellable step = Timers.NONE;
  private boolean lingering;
  private boolean ended;

  RetiredConnection(Connection old, long overlapMs, Timers timers, Receipt receipt, Events events) {
    this.old = old;
    this.overlapMs = overlapMs;
    this.timers = timers;
    this.receipt = receipt;
    this.events = events;
  }

  void begin() {
    if (ended) {
      return; // the application has disconnected in the release
    }
    if (old.standing() == null) {
      finish();
    } else {
      step = timers.after(overlapMs, this::linger);
    }
  }

  private void linger() {
    if (!old.owed()) {
      finish();
      return;
    }
    lingering = true;
    step = timers.after(Bounds.LINGER_MOST_MS - overlapMs, this::finish);
    events.over(); // the next move need not wait for the answers of this one
  }

  /** The old pod has given an answer that it owed. */
  void answered() {
    if (lingering && !old.owed()) {
      finish();
    }
  }

  /** The old connection has lost a namespace. */
  void left() {
    if (old.standing() == null) {
      finish();
    }
  }

  /** The application has had this event already. */
  void countDuplicate() {
    receipt.countDuplicate();
  }

  private void finish() {
    if (!ended) {
      drop();
      events.dropped();
      events.over();
    }
  }

  /** Drops the old connection, and says nothing. */
  void drop() {
    ended = true;
    step.cancel();
    old.drop();
  }
}
