package io.gracefuldrain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Admission of work that belongs to the pod and not to one connection: HTTP requests, background
 * jobs. Open until the end of {@link DrainPhase#MOVING}, then sealed; a recall opens it again. As
 * long as work begins, {@code MOVING} lasts to the end of its window: whoever still comes is
 * served, and can be told to go elsewhere. It ends earlier when no connection is left and no work
 * has begun for two seconds.
 *
 * <pre>{@code
 * WorkLease lease = coordinator.work().tryBegin("nightly report");
 * if (lease != null) {
 *   try (lease) {
 *     write(report);
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe; no method blocks.
 */
public interface WorkGate {
  /**
   * Takes a lease.
   *
   * @return the lease, or null if the gate is sealed
   */
  @Nullable WorkLease tryBegin(String work);

  /**
   * Takes a lease that a drain may expire.
   *
   * @param limit how long a drain respects it, counted from this call; more than zero
   * @return the lease, or null if the gate is sealed
   */
  @Nullable WorkLease tryBegin(String work, Duration limit);

  /** How many leases are open; exact if none begins or ends meanwhile. */
  int inFlight();

  /** Whether no more work can begin. */
  boolean sealed();
}
