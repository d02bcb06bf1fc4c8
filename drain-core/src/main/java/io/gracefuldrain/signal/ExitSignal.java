package io.gracefuldrain.signal;

import io.gracefuldrain.DrainReason;

/** A signal that asks the process to end. */
enum ExitSignal {
  SIGTERM("TERM", DrainReason.SIGTERM, 15),
  SIGINT("INT", DrainReason.SIGINT, 2),
  /** The terminal has gone. */
  SIGHUP("HUP", DrainReason.SIGHUP, 1);

  private final String shortName;
  private final DrainReason reason;
  private final int number;

  ExitSignal(String shortName, DrainReason reason, int number) {
    this.shortName = shortName;
    this.reason = reason;
    this.number = number;
  }

  /** Its name as the JVM knows it. */
  String shortName() {
    return shortName;
  }

  DrainReason reason() {
    return reason;
  }

  /** The exit code of a process that it ended, by convention of shells and of the JVM. */
  int exitCode() {
    return 128 + number;
  }
}
