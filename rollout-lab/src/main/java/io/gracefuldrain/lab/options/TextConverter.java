package io.gracefuldrain.lab.options;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What an option's text says, or on the command line too why it cannot be read.
 *
 * @param <T> what it is read as
 */
public abstract class TextConverter<T> implements ITypeConverter<T> {
  private final Function<String, T> parse;

  /**
   * @param parse throws an {@link IllegalArgumentException} that says what was expected
   */
  protected TextConverter(Function<String, T> parse) {
    this.parse = parse;
  }

  @Override
  public final T convert(String value) {
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
