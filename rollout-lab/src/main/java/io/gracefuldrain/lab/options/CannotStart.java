package io.gracefuldrain.lab.options;

/** Why a command cannot do what it was asked to, in words for whoever typed it. */
public final class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** For a port that cannot be listened on: it is taken, or not for everybody. */
  public CannotStart(String option, int port, Throwable cause) {
    super(option + ": " + port + " (expected: a free port): " + cause.getMessage(), cause);
  }

  /** For what no cause says better. */
  public CannotStart(String message) {
    super(message);
  }

  /** For a cause that says it well. */
  public CannotStart(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
