package io.gracefuldrain.sample.options;

import io.gracefuldrain.lab.options.TextConverter;

/** A TCP port on the command line. */
public final class PortOption extends TextConverter<Integer> {
  /** Made by picocli. */
  public PortOption() {
    super(PortOption::parse);
  }

  /**
   * Reads a port.
   *
   * @throws IllegalArgumentException if the text is no port
   */
  public static int parse(String text) {
    if (text.matches("\\d{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    }
    throw new IllegalArgumentException("'" + text + "' (expected: a port from 1 to 65535)");
  }
}
