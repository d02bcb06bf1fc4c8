package io.gracefuldrain;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A named lease. Its close and its expiry race on one compare-and-set. */
final class Lease implements WorkLease {
  /** More time than any limit has. */
  static final long UNLIMITED = Long.MAX_VALUE / 2;

  private enum End {
    CLOSED,
    EXPIRED
  }

  private final LeaseStack stack;
  private final String work;
  private final long begun;
  private final long limit;

  // Null while it is open: a field not written at birth costs no fence.
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();

  /** The lease below this one on its holder's stack. */
  @Nullable Lease below;

  /** A lease whose place in the gate is already taken; a limit of zero is none. */
  Lease(LeaseStack stack, String work, long limit) {
    this.stack = stack;
    this.work = work;
    this.begun = stack.clock().nanos();
    this.limit = limit;
  }

  @Override
  public String work() {
    return work;
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(stack.clock().nanos() - begun);
  }

  @Override
  public Optional<Duration> timeLeft() {
    long now = stack.clock().nanos();
    long wait = stack.waitLeft(now);
    return wait == UNLIMITED
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, Math.min(wait, limitLeft(now)))));
  }

  long begun() {
    return begun;
  }

  @Override
  public boolean expired() {
    return end.get() == End.EXPIRED;
  }

  boolean open() {
    return end.get() == null;
  }

  @Override
  public WorkLease begin(String name) {
    return stack.join(this, name);
  }

  @Override
  public void close() {
    if (end.compareAndSet(null, End.CLOSED)) {
      stack.closed();
    }
  }

  /** Expires the lease if its limit has passed, and says whether it did. */
  boolean expire(long now) {
    if (limitLeft(now) > 0 || !end.compareAndSet(null, End.EXPIRED)) {
      return false;
    }
    stack.expired();
    return true;
  }

  /** How long its limit still is; {@link #UNLIMITED} if it has none or has ended. */
  long limitLeft(long now) {
    return limit == 0 || !open() ? UNLIMITED : limit - (now - begun);
  }

  @Override
  public String toString() {
    return work + " (" + (open() ? "OPEN" : end.get()) + ")";
  }
}
