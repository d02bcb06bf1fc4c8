package io.gracefuldrain.sample.lab;

/** Why an experiment cannot go on, in words for whoever runs it. */
final class LabFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  LabFailure(String message) {
    super(message);
  }

  LabFailure(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}
