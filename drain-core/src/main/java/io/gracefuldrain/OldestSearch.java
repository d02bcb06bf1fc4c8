package io.gracefuldrain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds the work that has been going on for the longest. */
final class OldestSearch {
  private final long now;
  private DrainReport.@Nullable OldestWork oldest;

  OldestSearch(long now) {
    this.now = now;
  }

  void consider(TrackedConnection tracked) {
    if (tracked.idle()) {
      return;
    }
    Lease lease = tracked.leases.oldest();
    consider(tracked.id, lease);
    if (lease == null && tracked.slot().seenBusy()) {
      offer(tracked.id, "dispatch", tracked.slot().sinceBusy(now));
    }
  }

  void consider(String holder, @Nullable Lease lease) {
    if (lease != null) {
      offer(holder, lease.work(), now - lease.begun());
    }
  }

  private void offer(String holder, String work, long age) {
    if (oldest == null || age > oldest.age().toNanos()) {
      oldest = new DrainReport.OldestWork(holder, work, Duration.ofNanos(Math.max(0, age)));
    }
  }

  DrainReport.@Nullable OldestWork found() {
    return oldest;
  }
}
