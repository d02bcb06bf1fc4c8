package io.gracefuldrain;

import java.util.List;

/**
 * The way to connections, which are foreign code. They may throw or block, and the drain continues.
 */
interface ConnectionCaller {
  /** One call to one connection. */
  record Call(TrackedConnection tracked, Kind kind, Runnable action) {}

  /** What a call asks, the strongest first. */
  enum Kind {
    FORCE,
    LET_GO,
    HINT,
    PLAN
  }

  /** Handles calls that failed. */
  interface Failures {
    /**
     * Returns the calls to be made instead.
     *
     * @param stuck whether the call is left behind, and may never return; otherwise it threw
     */
    List<Call> failed(Call call, boolean stuck);
  }

  /** Sets the handler of failed calls; called before the first call. */
  void onFailure(Failures failures);

  /** Makes the calls soon, the strongest first, those of a kind in their order. */
  void call(Iterable<Call> calls);

  /**
   * Leaves stuck calls behind; run at each step of the coordinator. Says whether calls wait or are
   * in progress, beside those left behind.
   */
  boolean check();

  /** Makes no more calls. */
  void close();
}
