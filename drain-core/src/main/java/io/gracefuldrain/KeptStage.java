package io.gracefuldrain;

/** Where a kept session stands. */
enum KeptStage {
  /** What was written is on its way to the client, and its mailbox fills. */
  FILLING,
  /** It waits for a pod; its mailbox fills on. */
  OFFERED,
  /** A pod has got it, and has not said that its client has it; its mailbox fills on. */
  TAKEN,
  /** That pod has said so. It ends here, and what has come since the take is for that pod. */
  LANDED,
  /** A pod has got it, and the application here has disconnected its client: that pod must hear. */
  THROWN_OUT,
  /** Nobody may take it any more, and its source is told so. */
  EXPIRED,
  /** Nobody may take it any more, and its adapter knows. */
  DROPPED;

  /** Whether it is here still; otherwise it has landed on another pod, or has ended. */
  boolean open() {
    return this == FILLING || this == OFFERED || this == TAKEN;
  }

  /** Why a request does not get it. */
  HandOverRefusal refusal() {
    return switch (this) {
      case FILLING ->
          new HandOverRefusal("unproven", "the client has not confirmed the end of its connection");
      case TAKEN, LANDED -> new HandOverRefusal("taken", "another request has taken the session");
      case THROWN_OUT ->
          new HandOverRefusal(
              HandOverRefusal.THROWN_OUT, "the application has disconnected the client");
      case OFFERED, EXPIRED, DROPPED -> new HandOverRefusal("expired", "the session has ended");
    };
  }
}
