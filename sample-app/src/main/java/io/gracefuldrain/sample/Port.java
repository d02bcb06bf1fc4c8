package io.gracefuldrain.sample;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** TCP ports on the command line. */
public final class Port implements ITypeConverter<Integer> {
  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
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

  @Override
  public Integer convert(String value) {
    try {
      return parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
