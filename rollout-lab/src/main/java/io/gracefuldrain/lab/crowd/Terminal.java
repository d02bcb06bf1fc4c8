package io.gracefuldrain.lab.crowd;

import java.io.Console;

/** Detects a terminal. */
final class Terminal {
  private Terminal() {}

  /** Whether the output of this program goes to a terminal. */
  @SuppressWarnings("SystemConsoleNull") // asked the newer way first, where there is one
  static boolean here() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From JDK 22 on there is a console without a terminal too.
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
