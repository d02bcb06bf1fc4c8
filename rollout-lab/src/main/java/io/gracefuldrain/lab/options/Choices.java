package io.gracefuldrain.lab.options;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names that stand for the values of an enum. */
public final class Choices {
  private Choices() {}

  /**
   * The value of a name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
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
