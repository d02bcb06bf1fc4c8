package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.options.TextConverter;
import io.gracefuldrain.lab.results.ClientKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many clients of each kind; at most 200 together.
 *
 * @param counts the clients of each kind; none of them 0
 */
public record ClientMix(Map<ClientKind, Integer> counts) {
  private static final int LIMIT = 200;

  /**
   * Reads {@code java-websocket=4,lean-polling=4}.
   *
   * @throws IllegalArgumentException if it is wrong; the message says why
   */
  public static ClientMix parse(String text) {
    Map<ClientKind, Integer> counts = new EnumMap<>(ClientKind.class);
    int sum = 0;
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String count = equals < 0 ? "" : part.substring(equals + 1);
      if (!count.matches("\\d{1,3}")) {
        throw new IllegalArgumentException(
            "'" + part + "' (expected: KIND=N, such as java-websocket=4)");
      }
      ClientKind kind = ClientKind.parse(part.substring(0, equals));
      if (counts.put(kind, Integer.parseInt(count)) != null) {
        throw new IllegalArgumentException("'" + part + "' (expected: each kind once)");
      }
      sum += Integer.parseInt(count);
    }
    if (sum < 1 || sum > LIMIT) {
      throw new IllegalArgumentException(
          "'" + text + "' (expected: 1 to " + LIMIT + " clients in all)");
    }
    counts.values().removeIf(count -> count == 0);
    return new ClientMix(Map.copyOf(counts));
  }

  /** How many clients there are. */
  public int sum() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The text that {@link #parse} reads, in the order of the kinds. */
  public String text() {
    return Arrays.stream(ClientKind.values())
        .filter(counts::containsKey)
        .map(kind -> kind.text() + "=" + counts.get(kind))
        .collect(Collectors.joining(","));
  }

  /** For the command line. */
  public static final class Converter extends TextConverter<ClientMix> {
    /** Made by picocli. */
    public Converter() {
      super(ClientMix::parse);
    }
  }
}
