package io.gracefuldrain;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The pod's gate: cells with a sealed bit each, so that threads do not contend for one field. */
final class StripedGate implements WorkGate {
  /** The gate is quiet when no work has been admitted for this time. */
  static final long QUIET = 2_000_000_000L;

  // Apart, so that the cells' times do not share a cache line.
  private static final int APART = 8;

  private final Clockwork clock;
  private final LeaseStack[] cells;
  // When work was last admitted, by cell.
  private final AtomicLongArray admitted;

  /**
   * An open gate.
   *
   * @param waitLeft as {@link LeaseStack.Holder#waitLeft}
   */
  StripedGate(Clockwork clock, LongUnaryOperator waitLeft) {
    this.clock = clock;
    LeaseStack.Holder pod =
        new LeaseStack.Holder() {
          @Override
          public void becameIdle() {} // its gates are never closing: they are sealed

          @Override
          public long waitLeft(long now) {
            return waitLeft.applyAsLong(now);
          }
        };
    int size =
        Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 2 - 1));
    cells = new LeaseStack[size];
    for (int i = 0; i < size; i++) {
      cells[i] = new LeaseStack(clock, pod);
    }
    admitted = new AtomicLongArray(size * APART);
    for (int i = 0; i < size; i++) {
      admitted.set(i * APART, clock.nanos() - QUIET);
    }
  }

  private int cell() {
    long id = Thread.currentThread().getId();
    return (int) (id ^ (id >>> 7)) & (cells.length - 1);
  }

  @Override
  public @Nullable WorkLease tryBegin(String work) {
    return admit(work, null);
  }

  @Override
  public @Nullable WorkLease tryBegin(String work, Duration limit) {
    return admit(work, limit);
  }

  @Override
  public @Nullable WorkLease tryBeginOwn(String work) {
    return cells[cell()].tryBegin(work, null);
  }

  private @Nullable WorkLease admit(String work, @Nullable Duration limit) {
    int cell = cell();
    WorkLease lease = cells[cell].tryBegin(work, limit);
    if (lease != null) {
      admitted.setOpaque(cell * APART, clock.nanos());
    }
    return lease;
  }

  /** Whether nobody comes any more: the gate may be sealed ahead of time. */
  boolean quiet(long now) {
    return untilQuiet(now) <= 0;
  }

  /** How long it is until the gate is quiet, if nobody comes any more. */
  long untilQuiet(long now) {
    long longest = 0;
    for (int i = 0; i < cells.length; i++) {
      longest = Math.max(longest, QUIET - (now - admitted.getOpaque(i * APART)));
    }
    return longest;
  }

  @Override
  public WorkLease begin(String work) {
    return SealedException.require(tryBegin(work), "the pod's work", work);
  }

  @Override
  public WorkLease begin(String work, Duration limit) {
    return SealedException.require(tryBegin(work, limit), "the pod's work", work);
  }

  @Override
  public int inFlight() {
    int sum = 0;
    for (LeaseStack cell : cells) {
      sum += cell.gate().inside();
    }
    return sum;
  }

  @Override
  public boolean sealed() {
    for (LeaseStack cell : cells) {
      if (!cell.gate().sealed()) {
        return false;
      }
    }
    return true;
  }

  void seal() {
    for (LeaseStack cell : cells) {
      cell.gate().seal();
    }
  }

  void open() {
    for (LeaseStack cell : cells) {
      cell.gate().open();
    }
  }

  int expire(long now) {
    int expired = 0;
    for (LeaseStack cell : cells) {
      expired += cell.expire(now);
    }
    return expired;
  }

  /** How long it takes until the first limit of an open lease ends; very long if none has one. */
  long limitLeft(long now) {
    long least = Lease.UNLIMITED;
    for (LeaseStack cell : cells) {
      least = Math.min(least, cell.limitLeft(now));
    }
    return least;
  }

  @Nullable Lease oldest() {
    Lease oldest = null;
    for (LeaseStack cell : cells) {
      Lease candidate = cell.oldest();
      if (candidate != null && (oldest == null || candidate.begun() - oldest.begun() < 0)) {
        oldest = candidate;
      }
    }
    return oldest;
  }
}
