package io.gracefuldrain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a connection's hint: whether it was given, is still to be said, was heard, and
 * led its client elsewhere. Guarded by the coordinator's lock, but for {@link #toSay}.
 */
final class HintRecord {
  // Read by the thread that says it, without the lock.
  private volatile @Nullable ReconnectHint unheard;
  private boolean given;
  private long saidAt;
  private boolean heard;
  private long heardAt;
  private @Nullable String landedOn;

  /** The hint that is to be said, or null if it was heard or withdrawn. */
  @Nullable ReconnectHint toSay() {
    return unheard;
  }

  /** It is given, and said from now on until it is heard. */
  void give(ReconnectHint hint, long now) {
    given = true;
    unheard = hint;
    saidAt = now;
  }

  /** It is said once more. */
  void saidAgain(long now) {
    saidAt = now;
  }

  /** It is not said any more. */
  void withdraw() {
    unheard = null;
  }

  /** The client has acknowledged it; only the first time counts. */
  void heard(long now) {
    if (!heard) {
      heard = true;
      unheard = null;
      heardAt = now;
    }
  }

  /** The client has arrived elsewhere; only the first time counts. Says whether it is that. */
  boolean landed(String pod) {
    if (landedOn != null) {
      return false;
    }
    landedOn = pod;
    return true;
  }

  boolean given() {
    return given;
  }

  boolean wasHeard() {
    return heard;
  }

  long sinceHeard(long now) {
    return now - heardAt;
  }

  /** How long it has been unheard since it was last said; negative if it need not be said. */
  long unheardFor(long now) {
    return unheard == null ? -1 : now - saidAt;
  }

  Optional<String> landedOn() {
    return Optional.ofNullable(landedOn);
  }
}
