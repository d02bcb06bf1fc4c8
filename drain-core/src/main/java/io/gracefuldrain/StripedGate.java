package io.gracefuldrain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The pod's gate: cells with a sealed bit each, so that threads do not contend for one field. */
final class StripedGate implements WorkGate {
  private final LeaseStack[] cells;

  StripedGate(Clockwork clock) {
    int size =
        Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 2 - 1));
    cells = new LeaseStack[size];
    for (int i = 0; i < size; i++) {
      cells[i] = new LeaseStack(clock, () -> {});
    }
  }

  private LeaseStack cell() {
    long id = Thread.currentThread().getId();
    return cells[(int) (id ^ (id >>> 7)) & (cells.length - 1)];
  }

  @Override
  public @Nullable WorkLease tryBegin(String work) {
    return cell().tryBegin(work, null);
  }

  @Override
  public @Nullable WorkLease tryBegin(String work, Duration limit) {
    return cell().tryBegin(work, limit);
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
