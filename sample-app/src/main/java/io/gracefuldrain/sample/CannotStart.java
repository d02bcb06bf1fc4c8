package io.gracefuldrain.sample;

/** Why a command cannot do what it was asked to, in words for whoever typed it. */
final class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** For a port that cannot be listened on: it is taken, or not for everybody. */
  CannotStart(String option, int port, Throwable cause) {
    super(option + ": " + port + " (expected: a free port): " + cause.getMessage(), cause);
  }

  /** For a cause that says it well. */
  CannotStart(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
