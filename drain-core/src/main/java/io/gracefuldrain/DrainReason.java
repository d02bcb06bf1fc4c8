package io.gracefuldrain;

/** What asked for a drain. Several may ask for the same one: they join it. */
public enum DrainReason {
  /** A call in code, or a person by the management port; may be recalled. */
  MANUAL,
  /** The preStop hook of Kubernetes; may be recalled, and is when no signal follows it. */
  PRE_STOP,
  /** SIGTERM: the platform or a person ends the process. */
  SIGTERM,
  /** SIGINT, a person's Ctrl-C. */
  SIGINT,
  /** SIGHUP: the terminal of the process has gone. */
  SIGHUP,
  /** The JVM exits without a signal, or the application closes. */
  SHUTDOWN;

  /** Whether the platform means to end the process after this drain. */
  public boolean terminates() {
    return this != MANUAL;
  }

  /** Whether only the end of the process can follow, so that a recall is refused. */
  boolean irrevocable() {
    return this != MANUAL && this != PRE_STOP;
  }

  /** Whether it follows the preStop hook, even if the platform no longer waits for the hook. */
  boolean followsHook() {
    return this == SIGTERM || this == SHUTDOWN;
  }
}
