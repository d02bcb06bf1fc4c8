package io.gracefuldrain.cli;

/** How a command ends. For a wrong command line, picocli itself ends with 2. */
enum ExitCode {
  OK(0),
  REFUSED(1),
  UNREACHABLE(3),
  TIMEOUT(4);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
