package io.gracefuldrain.lab;

/** Why an experiment cannot go on, in words for whoever runs it. */
public final class LabFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** For what no cause says better. */
  public LabFailure(String message) {
    super(message);
  }

  /** For a cause that says the rest. */
  public LabFailure(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
