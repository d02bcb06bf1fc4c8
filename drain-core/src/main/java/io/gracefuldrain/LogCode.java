package io.gracefuldrain;

/**
 * The codes of the coordinator's log lines. {@code docs/log-codes.md} has the meaning of each, and
 * the action to take.
 */
enum LogCode {
  STARTED(1),
  UNREADY(2),
  MOVING(3),
  SETTLING(4),
  FORCING(5),
  DRAINED(6),
  RECALLED(7),
  PROGRESS(8),
  RECEIPT(9),
  COMPRESSED(10),
  JOINED(11),
  OVER_BUDGET(12),
  HOOK_RESET(13),
  SHED(14),
  SHED_DONE(15),
  CONNECTION_FAILED(20),
  CONNECTION_SLOW(21),
  CONNECTION_STUCK(22),
  LISTENER_FAILED(23),
  LISTENER_QUEUE_FULL(24),
  STEP_FAILED(25),
  WORK_EXPIRED(26),
  TERMINATION_LOG(27),
  HOOK_UNKNOWN(29),
  NEVER_ASKED(30),
  LINES_DROPPED(31),
  RECEIPT_LATE(32),
  STOP_FAILED(33),
  UNDO_FAILED(34),
  LOST_AT_ONCE(36),
  HANDOVER_FAILED(37);

  private final int number;

  LogCode(int number) {
    this.number = number;
  }

  String code() {
    return number < 10 ? "DRAIN-00" + number : "DRAIN-0" + number;
  }

  /** A line that begins with this code. */
  Json line() {
    return new Json().put("code", code());
  }

  static LogCode of(DrainPhase phase) {
    return switch (phase) {
      case STARTING, SERVING -> STARTED;
      case UNREADY -> UNREADY;
      case MOVING -> MOVING;
      case SETTLING -> SETTLING;
      case FORCING -> FORCING;
      case DRAINED -> DRAINED;
    };
  }
}
