package io.gracefuldrain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts the work in flight, and finds what has been going on for the longest. */
final class OldestSearch {
  private final long now;
  private int inFlight;
  private DrainReport.@Nullable OldestWork oldest;

  OldestSearch(long now) {
    this.now = now;
  }

  void consider(TrackedConnection tracked) {
    int inside = tracked.inFlight();
    if (inside == 0) {
      return;
    }
    inFlight += inside;
    Lease lease = tracked.leases.oldest();
    consider(tracked.id, lease);
    if (lease == null && tracked.slot().seenBusy()) {
      offer(tracked.id, "dispatch", tracked.slot().sinceBusy(now));
    }
  }

  void consider(StripedGate pod) {
    inFlight += pod.inFlight();
    consider("pod", pod.oldest());
  }

  private void consider(String holder, @Nullable Lease lease) {
    if (lease != null) {
      offer(holder, lease.work(), now - lease.begun());
    }
  }

  private void offer(String holder, String work, long age) {
    if (oldest == null || age > oldest.age().toNanos()) {
      oldest = new DrainReport.OldestWork(holder, work, Duration.ofNanos(Math.max(0, age)));
    }
  }

  int inFlight() {
    return inFlight;
  }

  DrainReport.@Nullable OldestWork found() {
    return oldest;
  }
}
