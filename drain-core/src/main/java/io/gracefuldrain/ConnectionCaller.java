package io.gracefuldrain;

/**
 * The way to connections, which are foreign code: they may throw or block, and the drain goes on.
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

  /** Told of a call that threw or got stuck. */
  interface Failures {
    void failed(Call call);
  }

  /** Makes the calls, in order, soon. */
  void call(Iterable<Call> calls);

  /**
   * Leaves a stuck call behind; run at each step of the coordinator. Says whether calls are out.
   */
  boolean check();

  /** Makes no more calls. */
  void close();
}
