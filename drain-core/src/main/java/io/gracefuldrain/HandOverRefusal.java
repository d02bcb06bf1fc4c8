package io.gracefuldrain;

/** The reason why a session is not handed over, as a word for the metrics: {@code identity}. */
public final class HandOverRefusal extends Exception {
  /**
   * The reason of a session that another pod has taken, and whose client the application has
   * disconnected before that pod could say that the client has it.
   */
  public static final String THROWN_OUT = "thrown_out";

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * A refusal.
   *
   * @param reason a word of small letters and underscores
   * @param message what came and what was expected, without secrets
   */
  public HandOverRefusal(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The reason: a word of small letters and underscores. */
  public String reason() {
    return reason;
  }
}
