package io.gracefuldrain;

import java.util.List;

/**
 * The way to connections, which are foreign code. They may throw or block, and the drain continues.
 */
interface ConnectionCaller {
  /** One call to one connection. */
  record Call(TrackedConnection tracked, Kind kind, Runnable action) {}

  /** What a call asks. */
  enum Kind {
    HINT,
    PLAN,
    LET_GO,
    FORCE
  }

  /** Handles a call that threw or got stuck. */
  interface Failures {
    /** Returns the calls to be made instead. */
    List<Call> failed(Call call);
  }

  /** Sets the handler of failed calls; called before the first call. */
  void onFailure(Failures failures);

  /** Makes the calls, in order, soon. */
  void call(Iterable<Call> calls);

  /**
   * Leaves a stuck call behind; run at each step of the coordinator. Says whether calls are in
   * progress.
   */
  boolean check();

  /** Makes no more calls. */
  void close();
}
