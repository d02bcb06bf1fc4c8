package io.gracefuldrain;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection that was let go. It is whole, or it is none: what finds no room
 * ends it. Thread-safe; its lock is the innermost.
 */
final class Kept implements KeptSession {
  /** Closing by force must take so long at least for a session to be waited for that a pod has. */
  static final long LEAST_FORCE = TimeUnit.MILLISECONDS.toNanos(600);

  private static final String DISCONNECTED = "disconnected";

  /** Hears of what is due to others. */
  interface Reactions {
    /** It has ended, other than by landing on a pod: nobody finds it any more. */
    void ended(Kept kept);

    /** Somebody is to be told of its end, by {@link Kept#tell}. */
    void owes(Kept kept);
  }

  final TrackedConnection tracked;
  final String name;
  final Marks marks = new Marks();
  private final HandOverTally tally;
  private final Clockwork clock;
  private final Reactions reactions;
  private final KeptRoom room;
  private final AtomicReference<@Nullable Runnable> owed = new AtomicReference<>();
  private final ReentrantLock lock = new ReentrantLock();

  // All that follows is guarded by the lock.

  private KeptStage stage = KeptStage.FILLING;
  private long since;
  private boolean waited;
  private boolean askedEarly;
  private @Nullable Source source;
  private final PutOffEnd end = new PutOffEnd();
  private final Takers takers = new Takers();
  private @Nullable CompletableFuture<byte[]> rest;

  Kept(
      TrackedConnection tracked,
      String name,
      DrainPolicy policy,
      HandOverTally tally,
      Clockwork clock,
      Reactions reactions) {
    this.tracked = tracked;
    this.name = name;
    this.room = new KeptRoom(policy, tally);
    this.tally = tally;
    this.clock = clock;
    this.reactions = reactions;
    this.since = clock.nanos();
  }

  // ---------------------------------------------------------------- what its adapter says

  @Override
  public boolean reserve(int more) {
    if (more < 0) {
      throw new IllegalArgumentException("bytes: " + more + " (expected: >= 0)");
    }
    lock.lock();
    try {
      if (stage == KeptStage.LANDED && rest != null && !rest.isDone()) {
        return room.refusal(more) == null; // it is ending
      } else if (!stage.open()) {
        return false;
      }
      String refusal = room.refusal(more);
      if (refusal == null) {
        return true;
      }
      tally.refused(refusal); // something of it is missing: it is none
      expires();
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
    if (owed.get() != null) {
      reactions.owes(this);
    }
    return false;
  }

  @Override
  public void leftOut() {
    tally.refused("late_ack");
  }

  /** It ends without its adapter. That is told so, if it has offered it. */
  private void expires() {
    ends(stage == KeptStage.FILLING ? KeptStage.DROPPED : KeptStage.EXPIRED);
    owes(source == null ? null : source::expired);
    source = null;
  }

  private void ends(KeptStage how) {
    stage = how;
    room.free();
  }

  @Override
  public void offer(Source given) {
    lock.lock();
    try {
      if (source != null) {
        throw new IllegalStateException("session: offered twice (expected: once)");
      }
      source = given;
      waited = true;
      if (stage == KeptStage.FILLING) {
        stage = KeptStage.OFFERED;
        since = clock.nanos();
        tally.offered.increment();
        return;
      }
      expires(); // it had ended before
    } finally {
      lock.unlock();
    }
    reactions.owes(this);
  }

  @Override
  public void drop(String reason) {
    if (drops(reason)) {
      reactions.ended(this);
    }
  }

  /** Its source has failed to give it. */
  void failed() {
    if (drops(null)) {
      reactions.ended(this);
    }
  }

  /** Says whether nobody finds it from now on. A pod that has it finds out why it has ended. */
  private boolean drops(@Nullable String reason) {
    return locked(
        () -> {
          if (!stage.open()) {
            return false;
          } else if (reason != null) {
            tally.refused(reason);
          }
          boolean found = stage == KeptStage.TAKEN && DISCONNECTED.equals(reason);
          ends(found ? KeptStage.THROWN_OUT : KeptStage.DROPPED);
          since = clock.nanos();
          source = null;
          return !found;
        });
  }

  /**
   * Its adapter has ended the connection, and nobody has taken the session.
   *
   * @param account accounts for the connection
   * @return whether the caller does that now; if not, it is done soon
   */
  boolean left(Runnable account) {
    drop(waited() ? DISCONNECTED : "unproven");
    return locked(() -> stage != KeptStage.THROWN_OUT || !end.putOff(account));
  }

  // ---------------------------------------------------------------- what other pods ask

  /** What answers a question about it. */
  Source asked() throws HandOverRefusal {
    return locked(this::waiting);
  }

  private Source waiting() throws HandOverRefusal {
    Source there = source;
    boolean free =
        stage == KeptStage.OFFERED || (stage == KeptStage.TAKEN && takers.mayChange(clock.nanos()));
    if (free && there != null) {
      return there;
    }
    if (stage == KeptStage.FILLING && !askedEarly) {
      askedEarly = true; // and it may ask again
      tally.refused("early");
    }
    throw stage.refusal();
  }

  /**
   * A request takes it, perhaps not for the first time: its answer may have been lost. Returns what
   * gives it.
   */
  Source take(String by) throws HandOverRefusal {
    return locked(
        () -> {
          Source giver = source;
          long now = clock.nanos();
          if (stage == KeptStage.TAKEN && takers.has(by) && giver != null) {
            takers.renew(now);
          } else {
            giver = waiting();
            if (!takers.change(by, now)) {
              throw new HandOverRefusal("taken", "another request has taken the session since");
            }
            stage = KeptStage.TAKEN;
            since = now;
          }
          room.given();
          return giver;
        });
  }

  /** The pod that has taken it says that its client has it. */
  Landing landed(String by) throws HandOverRefusal {
    if (isHeardBy(by)) {
      reactions.owes(this);
    }
    return locked(
        () -> {
          CompletableFuture<byte[]> known = rest;
          if (stage == KeptStage.LANDED && takers.has(by) && known != null) {
            return new Landing(null, known);
          } else if (stage == KeptStage.THROWN_OUT) {
            throw stage.refusal();
          } else if (stage != KeptStage.TAKEN || !takers.has(by)) {
            throw new HandOverRefusal("taken", "this request does not have the session");
          }
          Source told = source;
          stage = KeptStage.LANDED; // its room is free when it has ended
          since = clock.nanos();
          source = null;
          tally.taken.increment();
          room.landed();
          CompletableFuture<byte[]> comes = new CompletableFuture<>();
          rest = comes;
          return new Landing(told, comes);
        });
  }

  /** Whether its client was thrown out, and the pod that has it finds out now. */
  private boolean isHeardBy(String by) {
    return locked(
        () -> {
          if (stage == KeptStage.THROWN_OUT && takers.has(by)) {
            owes(end.come());
          }
          return owed.get() != null;
        });
  }

  private void owes(@Nullable Runnable news) {
    if (news != null) {
      owed.set(news);
    }
  }

  /**
   * It has ended after it has landed, or its time for that is over. What comes second is late.
   *
   * @param given what has come since the take; null if that is not to be had
   * @param otherwise why
   */
  void ended(byte @Nullable [] given, @Nullable HandOverRefusal otherwise) {
    CompletableFuture<byte[]> comes;
    lock.lock();
    try {
      comes = rest;
      if (comes == null || given == null) {
        rest = null;
        room.free();
      } else {
        room.landedRest(given.length);
      }
    } finally {
      lock.unlock();
    }
    if (comes != null && given != null) {
      comes.complete(given);
    } else if (comes != null) {
      comes.completeExceptionally(Objects.requireNonNull(otherwise, "otherwise"));
    }
  }

  // ---------------------------------------------------------------- its end

  /** Whether it has waited for a pod: all that was sent to the client had arrived. */
  boolean waited() {
    return locked(() -> waited);
  }

  /** How long it has been where it stands. */
  long age(long now) {
    return locked(() -> now - since);
  }

  /** Its wait begins anew, since the pod serves again. */
  void waitsAnew(long now) {
    var unused = locked(() -> since = now);
  }

  /** Its time is over. Says whether somebody is to be told so. */
  boolean expire() {
    lock.lock();
    try {
      timeIsOver();
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
    ended(null, new HandOverRefusal("failed", "the session has not ended here in time"));
    return owed.get() != null;
  }

  private void timeIsOver() {
    switch (stage) {
      case OFFERED -> {
        tally.expired.increment();
        expires();
      }
      case TAKEN -> {
        tally.refused("unconfirmed");
        expires();
      }
      case FILLING -> {
        tally.refused("unproven");
        expires();
      }
      case THROWN_OUT -> {
        ends(KeptStage.DROPPED);
        owes(end.come());
      }
      case LANDED, EXPIRED, DROPPED -> {}
    }
  }

  /** Whether it is here still; otherwise it has landed on another pod, or has ended. */
  boolean here() {
    return locked(() -> stage.open());
  }

  /** Whether a pod has it, and is about to ask once more. */
  boolean awaitsDone() {
    return locked(() -> stage == KeptStage.TAKEN || end.waits());
  }

  /** Tells of its end whoever is to be told, once. */
  void tell() {
    Runnable news = owed.getAndSet(null);
    if (news != null) {
      news.run();
    }
  }

  /**
   * Its connection is to be closed. Once it has waited for a pod, there is no transport to close:
   * force ends the wait, and nothing else is done. A pod that has it has a moment to say so.
   *
   * @param within how long the drain still waits
   * @return whether that is all
   */
  boolean endsFor(CloseManner manner, long within) {
    if (!waited()) {
      if (manner == CloseManner.FORCE) {
        drop("forced");
      }
      return false;
    }
    boolean waits = awaitsDone() && within >= LEAST_FORCE;
    if (manner == CloseManner.FORCE && !waits && (here() || awaitsDone())) {
      expire();
    }
    tell();
    return waits || locked(() -> stage != KeptStage.DROPPED);
  }

  private <T, E extends Exception> T locked(Look<T, E> look) throws E {
    lock.lock();
    try {
      return look.at();
    } finally {
      lock.unlock();
    }
  }

  private interface Look<T, E extends Exception> {
    T at() throws E;
  }
}
