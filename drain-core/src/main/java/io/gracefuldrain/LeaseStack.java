package io.gracefuldrain;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A gate and the named leases that passed it, youngest on top: a lock-free stack. Ended leases are
 * dropped at once when they are on top, otherwise when they outnumber the open ones.
 */
final class LeaseStack extends Gate {
  /** The holder of the leases. */
  interface Holder {
    /** Its gate was closing, and the last work in it has ended. Called without a lock. */
    void becameIdle();

    /**
     * How long a drain still waits for its work at most; {@link Lease#UNLIMITED} while nothing
     * drains.
     */
    default long waitLeft(long now) {
      return Lease.UNLIMITED;
    }
  }

  private static final AtomicReferenceFieldUpdater<LeaseStack, @Nullable Lease> TOP =
      AtomicReferenceFieldUpdater.newUpdater(LeaseStack.class, Lease.class, "top");

  private final Clockwork clock;
  private final Holder holder;
  private volatile @Nullable Lease top;

  // About how many ended leases lie below open ones; a lost count only delays their removal.
  private int buried;

  LeaseStack(Clockwork clock, Holder holder) {
    this.clock = clock;
    this.holder = holder;
  }

  Gate gate() {
    return this;
  }

  Clockwork clock() {
    return clock;
  }

  @Nullable WorkLease tryBegin(String work, @Nullable Duration limit) {
    Objects.requireNonNull(work, "work");
    if (limit != null && (limit.isNegative() || limit.isZero())) {
      throw new IllegalArgumentException("limit of " + work + ": " + limit + " (expected: > 0)");
    }
    // Made before it is counted in: a failure in between would leave it counted for ever.
    Lease lease = new Lease(this, work, limit == null ? 0 : Durations.nanos(limit));
    return tryBegin() ? push(lease) : null;
  }

  WorkLease join(Lease lease, String work) {
    Objects.requireNonNull(work, "work");
    Lease joined = new Lease(this, work, 0);
    // The lease may end between this check and the join; another one inside then carries the new
    // one.
    if (!lease.open() || !tryJoin()) {
      throw new IllegalStateException(
          lease.work() + " has ended (expected: an open lease to begin " + work + " in)");
    }
    return push(joined);
  }

  private Lease push(Lease lease) {
    while (true) {
      Lease seen = top;
      lease.below = firstOpen(seen);
      if (TOP.compareAndSet(this, seen, lease)) {
        return lease;
      }
    }
  }

  /** A lease was closed; the holder hears of it if it was the last of a closing gate. */
  void closed() {
    boolean last = exit();
    drop();
    if (last) {
      holder.becameIdle();
    }
  }

  /** A lease has expired. The holder hears nothing: whoever expires looks at the gate after it. */
  void expired() {
    exit();
    drop();
  }

  private void drop() {
    Lease seen = top;
    boolean dropped =
        seen != null && !seen.open() && TOP.compareAndSet(this, seen, firstOpen(seen));
    if (!dropped && ++buried > 8 + 2 * inside()) {
      buried = 0;
      trim();
    }
  }

  // Any thread may skip ended leases, in any order: none opens again.
  private void trim() {
    for (Lease lease = top; lease != null; lease = lease.below) {
      lease.below = firstOpen(lease.below);
    }
  }

  private static @Nullable Lease firstOpen(@Nullable Lease lease) {
    Lease found = lease;
    while (found != null && !found.open()) {
      found = found.below;
    }
    return found;
  }

  long waitLeft(long now) {
    return holder.waitLeft(now);
  }

  /** Expires leases that have outlived their limit; returns how many. */
  int expire(long now) {
    return count(lease -> lease.expire(now) ? 1 : 0);
  }

  /** How long it takes until the first limit of an open lease ends; very long if none has one. */
  long limitLeft(long now) {
    long least = Lease.UNLIMITED;
    for (Lease lease = top; lease != null; lease = lease.below) {
      least = Math.min(least, lease.limitLeft(now));
    }
    return least;
  }

  private int count(ToIntFunction<Lease> of) {
    int count = 0;
    for (Lease lease = top; lease != null; lease = lease.below) {
      count += of.applyAsInt(lease);
    }
    return count;
  }

  /** How many leases are on the stack, ended ones that lie below open ones included. */
  int kept() {
    return count(lease -> 1);
  }

  /** The open lease that was begun first. */
  @Nullable Lease oldest() {
    Lease oldest = null;
    for (Lease lease = top; lease != null; lease = lease.below) {
      if (lease.open() && (oldest == null || lease.begun() - oldest.begun() <= 0)) {
        oldest = lease;
      }
    }
    return oldest;
  }
}
