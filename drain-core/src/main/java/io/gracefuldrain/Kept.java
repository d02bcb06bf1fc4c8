package io.gracefuldrain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection that was let go. It is whole, or it is none: what finds no room
 * ends it. Thread-safe; its lock is the innermost.
 */
final class Kept implements KeptSession {
  /** Hears of what is due to others. */
  interface Reactions {
    /** It has ended, other than by being taken: nobody finds it any more. */
    void ended(Kept kept);

    /** Its source is to be told that it has expired, by {@link Kept#tellExpired}. */
    void owesExpiry(Kept kept);
  }

  private enum Stage {
    /** What was written is on its way to the client, and its mailbox fills. */
    FILLING,
    /** It waits for a pod; its mailbox fills on. */
    OFFERED,
    /** A pod has taken it. */
    TAKEN,
    /** Nobody may take it any more, and its source is told so. */
    EXPIRED,
    /** Nobody may take it any more, and its adapter knows. */
    DROPPED
  }

  /**
   * What is to be done with a request for it.
   *
   * @param source gives it, if this is the first request; null if the answer was given before
   * @param answer the answer
   */
  record Taking(@Nullable Source source, CompletableFuture<byte[]> answer) {}

  final TrackedConnection tracked;
  final String name;
  private final int mostBytes;
  private final int mostRoom;
  private final HandOverTally tally;
  private final Clockwork clock;
  private final Reactions reactions;
  private final ReentrantLock lock = new ReentrantLock();

  // All that follows is guarded by the lock.

  private Stage stage = Stage.FILLING;
  private long since;
  private boolean waited;
  private int packets;
  // Of all packets, each with what it counts besides.
  private long bytes;
  private @Nullable Source source;
  private boolean owesExpiry;
  private @Nullable String request;
  private @Nullable CompletableFuture<byte[]> answer;

  Kept(
      TrackedConnection tracked,
      String name,
      DrainPolicy policy,
      HandOverTally tally,
      Clockwork clock,
      Reactions reactions) {
    this.tracked = tracked;
    this.name = name;
    this.mostBytes = policy.handoverSessionBytes();
    this.mostRoom = policy.handoverPodBytes();
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
    long counted = (long) more + PACKET_BYTES;
    lock.lock();
    try {
      if (stage != Stage.FILLING && stage != Stage.OFFERED) {
        return false;
      }
      if (bytes + counted > mostBytes) {
        owes = spoiled("too_big");
      } else if (!roomFor(counted)) {
        owes = spoiled("pod_full");
      } else {
        packets++;
        bytes += counted;
        return true;
      }
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
    if (owes) {
      reactions.owesExpiry(this);
    }
    return false;
  }

  private boolean roomFor(long more) {
    if (tally.room.addAndGet(more) <= mostRoom) {
      return true;
    }
    tally.room.addAndGet(-more);
    return false;
  }

  /** Something of it is missing: it is none. Says whether its source is to be told. */
  private boolean spoiled(String reason) {
    tally.refused(reason);
    boolean owes = stage == Stage.OFFERED;
    ends(owes ? Stage.EXPIRED : Stage.DROPPED);
    owesExpiry = owes;
    return owes;
  }

  private void ends(Stage how) {
    stage = how;
    freesRoom();
  }

  private void freesRoom() {
    tally.room.addAndGet(-bytes);
    bytes = 0;
    answer = null;
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
      if (stage != Stage.FILLING && stage != Stage.OFFERED) {
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
    if (stage == Stage.OFFERED && there != null) {
      return there;
    }
    throw switch (stage) {
      case FILLING ->
          new HandOverRefusal("unproven", "the client has not confirmed the end of its connection");
      case TAKEN -> new HandOverRefusal("taken", "another request has taken the session");
      case OFFERED, EXPIRED, DROPPED -> new HandOverRefusal("expired", "the session has ended");
    };
  }

  /** A request takes it, perhaps not for the first time. */
  Taking take(String by) throws HandOverRefusal {
    lock.lock();
    try {
      CompletableFuture<byte[]> before = answer;
      if (stage == Stage.TAKEN && before != null && by.equals(request)) {
        return new Taking(null, before);
      }
      Source giver = waiting();
      CompletableFuture<byte[]> first = new CompletableFuture<>();
      stage = Stage.TAKEN;
      since = clock.nanos();
      source = null;
      request = by;
      answer = first;
      return new Taking(giver, first);
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- its end

  /** Its source has given it. */
  void given() {
    lock.lock();
    try {
      tally.taken.increment();
      tally.packets.add(packets);
      tally.bytes.add(bytes - (long) packets * PACKET_BYTES);
    } finally {
      lock.unlock();
    }
  }

  /** Its source has failed to give it. */
  void failed() {
    lock.lock();
    try {
      ends(Stage.DROPPED);
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
  }

  /** Whether it has waited for a pod: all that was sent to the client had arrived. */
  boolean waited() {
    lock.lock();
    try {
      return waited;
    } finally {
      lock.unlock();
    }
  }

  /** How long it has waited, was taken, or fills. */
  long age(long now) {
    lock.lock();
    try {
      return now - since;
    } finally {
      lock.unlock();
    }
  }

  /** Its wait begins anew, since the pod serves again. */
  void waitsAnew(long now) {
    lock.lock();
    try {
      since = now;
    } finally {
      lock.unlock();
    }
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
        case FILLING -> {
          tally.refused("unproven");
          ends(Stage.DROPPED);
        }
        case TAKEN -> freesRoom(); // its answer has had its time
        case EXPIRED, DROPPED -> {}
      }
      owes = owesExpiry;
    } finally {
      lock.unlock();
    }
    reactions.ended(this);
    return owes;
  }

  /** Whether it is waiting, or fills; otherwise it has been taken or has ended. */
  boolean untaken() {
    lock.lock();
    try {
      return stage == Stage.FILLING || stage == Stage.OFFERED;
    } finally {
      lock.unlock();
    }
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
    if (manner == CloseManner.FORCE && untaken()) {
      expire();
    }
    tellExpired();
    return !dropped();
  }

  private boolean dropped() {
    lock.lock();
    try {
      return stage == Stage.DROPPED;
    } finally {
      lock.unlock();
    }
  }
}
