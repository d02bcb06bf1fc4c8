package io.gracefuldrain;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests that have taken a session, one after the other: the last one has it. Not
 * thread-safe.
 */
final class Takers {
  /**
   * When another request may have what was taken and not confirmed: the pod that took it is dead,
   * or its client has left it. A client comes back no sooner, and no pod that lives is as slow.
   */
  static final long AGAIN_AFTER = TimeUnit.MILLISECONDS.toNanos(500);

  /** How many requests may take it. */
  static final int MOST = 8;

  private final Set<String> all = new HashSet<>();
  private @Nullable String last;
  private long at;

  /** Whether a request has the session. */
  boolean has(String request) {
    return request.equals(last);
  }

  /** Whether another request may have it now. */
  boolean mayChange(long now) {
    return now - at >= AGAIN_AFTER && all.size() < MOST;
  }

  /** A request takes it; false if it had it before: another one has it since. */
  boolean change(String request, long now) {
    if (!all.add(request)) {
      return false;
    }
    last = request;
    at = now;
    return true;
  }

  /** The request that has it takes it once more: it is left alone for as long again. */
  void renew(long now) {
    at = now;
  }
}
