package io.gracefuldrain;

import org.jspecify.annotations.Nullable;

/**
 * The end of a connection whose client was thrown out while a pod had its session. It is put off
 * until that pod knows: it could not ask a process that has ended. Guarded by the lock of its
 * session.
 */
final class PutOffEnd {
  private @Nullable Runnable account;
  private boolean over;

  /** Puts the end off, unless the pod knows already; says whether it does. */
  boolean putOff(Runnable accounting) {
    if (!over) {
      account = accounting;
    }
    return !over;
  }

  /** Whether an end is put off. */
  boolean waits() {
    return account != null;
  }

  /** The pod knows, or its time for that is over. Returns what is to be done now, if anything. */
  @Nullable Runnable come() {
    Runnable due = account;
    over = true;
    account = null;
    return due;
  }
}
