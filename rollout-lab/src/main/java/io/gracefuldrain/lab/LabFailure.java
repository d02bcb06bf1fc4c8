package io.gracefuldrain.lab;

/** The reason why an experiment cannot go on, in words for the person who runs it. */
public final class LabFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A reason without a cause. */
  public LabFailure(String message) {
    super(message);
  }

  /** A reason whose cause says the rest. */
  public LabFailure(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
