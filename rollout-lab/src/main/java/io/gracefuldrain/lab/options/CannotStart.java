package io.gracefuldrain.lab.options;

/** The reason why a command cannot run, in words for the person who typed it. */
public final class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A port that the program cannot listen on: it is taken, or reserved. */
  public CannotStart(String option, int port, Throwable cause) {
    super(option + ": " + port + " (expected: a free port): " + cause.getMessage(), cause);
  }

  /** A reason without a cause. */
  public CannotStart(String message) {
    super(message);
  }

  /** A cause whose own message says it well. */
  public CannotStart(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
