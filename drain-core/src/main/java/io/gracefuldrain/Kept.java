package io.gracefuldrain;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection that was let go. It is whole, or it is none: what finds no room
 * ends it. Thread-safe; its lock is the innermost.
 */
final class Kept implements KeptSession {
  /** Hears of what is due to others. */
  interface Reactions {
    /** It has ended, other than by landing on a pod: nobody finds it any more. */
    void ended(Kept kept);

    /** Its source is to be told that it has expired, by {@link Kept#tellExpired}. */
    void owesExpiry(Kept kept);
  }

  private enum Stage {
    /** What was written is on its way to the client, and its mailbox fills. */
    FILLING,
    /** It waits for a pod; its mailbox fills on. */
    OFFERED,
    /** A pod has got it, and has not said that its client has it; its mailbox fills on. */
    TAKEN,
    /** That pod has said so. It ends here, and what has come since the take is for that pod. */
    LANDED,
    /** Nobody may take it any more, and its source is told so. */
    EXPIRED,
    /** Nobody may take it any more, and its adapter knows. */
    DROPPED
  }

  final TrackedConnection tracked;
  final String name;
  final Marks marks = new Marks();
  private final HandOverTally tally;
  private final Clockwork clock;
  private final Reactions reactions;
  private final KeptRoom room;
  private final ReentrantLock lock = new ReentrantLock();

  // All that follows is guarded by the lock.

  private Stage stage = Stage.FILLING;
  private long since;
  private boolean waited;
  private boolean askedEarly;
  private @Nullable Source source;
  private boolean owesExpiry;
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
    boolean owes;
    lock.lock();
    try {
      if (stage == Stage.LANDED && rest != null && !rest.isDone()) {
        return room.refusal(more) == null; // it is ending
      } else if (!open()) {
        return false;
      }
      String refusal = room.refusal(more);
      if (refusal == null) {
        return true;
      }
      owes = spoiled(refusal);
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
    if (owes) {
      reactions.owesExpiry(this);
    }
    return false;
  }

  @Override
  public void leftOut() {
    tally.refused("late_ack");
  }

  /** Something of it is missing: it is none. Says whether its source is to be told. */
  private boolean spoiled(String reason) {
    tally.refused(reason);
    boolean owes = stage != Stage.FILLING;
    ends(owes ? Stage.EXPIRED : Stage.DROPPED);
    owesExpiry = owes;
    return owes;
  }

  private void ends(Stage how) {
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
      if (stage == Stage.FILLING) {
        stage = Stage.OFFERED;
        since = clock.nanos();
        tally.offered.increment();
        return;
      }
      stage = Stage.EXPIRED; // it had ended before
      owesExpiry = true;
    } finally {
      lock.unlock();
    }
    reactions.owesExpiry(this);
  }

  @Override
  public void drop(String reason) {
    lock.lock();
    try {
      if (!open()) {
        return;
      }
      tally.refused(reason);
      ends(Stage.DROPPED);
      source = null;
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
  }

  /** Its adapter has ended the connection, and nobody has taken the session. */
  void left() {
    drop(waited() ? "disconnected" : "unproven");
  }

  // ---------------------------------------------------------------- what other pods ask

  /** What answers a question about it. */
  Source asked() throws HandOverRefusal {
    lock.lock();
    try {
      return waiting();
    } finally {
      lock.unlock();
    }
  }

  private Source waiting() throws HandOverRefusal {
    Source there = source;
    boolean free =
        stage == Stage.OFFERED || (stage == Stage.TAKEN && takers.mayChange(clock.nanos()));
    if (free && there != null) {
      return there;
    }
    if (stage == Stage.FILLING && !askedEarly) {
      askedEarly = true; // and it may ask again
      tally.refused("early");
    }
    throw switch (stage) {
      case FILLING ->
          new HandOverRefusal("unproven", "the client has not confirmed the end of its connection");
      case TAKEN, LANDED -> new HandOverRefusal("taken", "another request has taken the session");
      case OFFERED, EXPIRED, DROPPED -> new HandOverRefusal("expired", "the session has ended");
    };
  }

  /**
   * A request takes it, perhaps not for the first time: its answer may have been lost. Returns what
   * gives it.
   */
  Source take(String by) throws HandOverRefusal {
    lock.lock();
    try {
      Source giver = source;
      if (stage != Stage.TAKEN || !takers.has(by) || giver == null) {
        giver = waiting();
        long now = clock.nanos();
        if (!takers.change(by, now)) {
          throw new HandOverRefusal("taken", "another request has taken the session since");
        }
        stage = Stage.TAKEN;
        since = now;
      }
      room.given();
      return giver;
    } finally {
      lock.unlock();
    }
  }

  /**
   * It has landed.
   *
   * @param told is to be told so; null if that was said before
   * @param rest completes when it has ended, with what has come since the take
   */
  record Landing(@Nullable Source told, CompletableFuture<byte[]> rest) {}

  /** The pod that has taken it says that its client has it. */
  Landing landed(String by) throws HandOverRefusal {
    lock.lock();
    try {
      CompletableFuture<byte[]> known = rest;
      if (stage == Stage.LANDED && takers.has(by) && known != null) {
        return new Landing(null, known);
      } else if (stage != Stage.TAKEN || !takers.has(by)) {
        throw new HandOverRefusal("taken", "this request does not have the session");
      }
      Source told = source;
      stage = Stage.LANDED; // its room is free when it has ended
      since = clock.nanos();
      source = null;
      tally.taken.increment();
      room.landed();
      CompletableFuture<byte[]> comes = new CompletableFuture<>();
      rest = comes;
      return new Landing(told, comes);
    } finally {
      lock.unlock();
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

  /** Its source has failed to give it. */
  void failed() {
    lock.lock();
    try {
      if (!open()) {
        return;
      }
      ends(Stage.DROPPED);
      source = null;
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
  }

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

  /** Its time is over. Says whether its source is to be told so. */
  boolean expire() {
    boolean owes;
    lock.lock();
    try {
      switch (stage) {
        case OFFERED -> {
          tally.expired.increment();
          ends(Stage.EXPIRED);
          owesExpiry = true;
        }
        case TAKEN -> {
          tally.refused("unconfirmed");
          ends(Stage.EXPIRED);
          owesExpiry = true;
        }
        case FILLING -> {
          tally.refused("unproven");
          ends(Stage.DROPPED);
        }
        case LANDED, EXPIRED, DROPPED -> {}
      }
      owes = owesExpiry;
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
    ended(null, new HandOverRefusal("failed", "the session has not ended here in time"));
    return owes;
  }

  /** Whether it is here still; otherwise it has landed on another pod, or has ended. */
  boolean here() {
    return locked(() -> open());
  }

  private boolean open() {
    return stage == Stage.FILLING || stage == Stage.OFFERED || stage == Stage.TAKEN;
  }

  /** Tells its source that it has expired, once. */
  void tellExpired() {
    Source told;
    lock.lock();
    try {
      told = owesExpiry ? source : null;
      owesExpiry = false;
      source = null;
    } finally {
      lock.unlock();
    }
    if (told != null) {
      told.expired();
    }
  }

  /**
   * Its connection is to be closed. Once it has waited for a pod, there is no transport to close:
   * force ends the wait, and nothing else is done.
   *
   * @return whether that is all
   */
  boolean endsFor(CloseManner manner) {
    if (!waited()) {
      if (manner == CloseManner.FORCE) {
        drop("forced");
      }
      return false;
    }
    if (manner == CloseManner.FORCE && here()) {
      expire();
    }
    tellExpired();
    return locked(() -> stage != Stage.DROPPED);
  }

  private <T> T locked(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }
}
