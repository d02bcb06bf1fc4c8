package io.gracefuldrain.lab.options;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the name of an enum value. */
public final class Choices {
  private Choices() {}

  /**
   * Returns the value with that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  public static <T> T parse(T[] values, Function<T, String> name, String given) {
    return Arrays.stream(values)
        .filter(value -> name.apply(value).equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' (expected: one of %s)"
                        .formatted(
                            given,
                            Arrays.stream(values).map(name).collect(Collectors.joining(", ")))));
  }
}
