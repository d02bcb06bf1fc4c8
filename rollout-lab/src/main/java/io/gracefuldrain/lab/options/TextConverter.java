package io.gracefuldrain.lab.options;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the text of an option. If it cannot be read, the command line reports the reason.
 *
 * @param <T> the type it is read as
 */
public abstract class TextConverter<T> implements ITypeConverter<T> {
  private final Function<String, T> parse;

  /**
   * @param parse throws an {@link IllegalArgumentException} whose message says what was expected
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
