package io.gracefuldrain.socketio;

import java.util.Objects;

/** A server that cannot be attached. Its message says why, and what was expected. */
public final class AttachException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Why a server cannot be attached. */
  public enum Reason {
    /** It is attached already. */
    ATTACHED,
    /** It was started before. */
    STARTED,
    /** Its {@code randomSession} is off. */
    RANDOM_SESSION,
    /** It has a pipeline factory of its own. */
    PIPELINE_FACTORY,
    /** netty-socketio is too old. */
    VERSION
  }

  private final Reason reason;

  AttachException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** Why it cannot be attached. */
  public Reason reason() {
    return reason;
  }
}
