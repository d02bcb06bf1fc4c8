package io.gracefuldrain.cli;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Lets some connections go from a pod that goes on serving. */
@Command(
    name = "shed",
    description = "Lets a share of the idle connections go; the pod goes on serving.")
final class Shed extends Action {
  @SuppressWarnings("NullAway.Init") // picocli demands it
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Share share;

  @Override
  String run(Management server) throws Failure {
    return server.ask("POST", "/drain/shed?" + share.query() + "&" + format(), timeout());
  }

  /** One of the two options. */
  static final class Share {
    @Option(
        names = "--count",
        paramLabel = "NUMBER",
        converter = Count.class,
        description = "How many connections.")
    private @Nullable Integer count;

    @Option(
        names = "--fraction",
        paramLabel = "SHARE",
        converter = Fraction.class,
        description = "How large a share of them, over 0 and up to 1.")
    private @Nullable BigDecimal fraction;

    String query() {
      return fraction == null ? "count=" + count : "fraction=" + fraction.toPlainString();
    }
  }

  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= 1) {
        return Integer.valueOf(text);
      }
      throw new TypeConversionException(
          "'" + text + "' (expected: a whole number from 1 to 999999999)");
    }
  }

  static final class Fraction implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String text) {
      if (text.matches("[01]?\\.\\d{1,9}|[01]")) {
        BigDecimal fraction = new BigDecimal(text);
        if (fraction.signum() > 0 && fraction.compareTo(BigDecimal.ONE) <= 0) {
          return fraction;
        }
      }
      throw new TypeConversionException(
          "'" + text + "' (expected: a number over 0 and up to 1, such as 0.25)");
    }
  }
}
