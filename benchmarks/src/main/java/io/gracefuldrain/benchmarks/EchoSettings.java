package io.gracefuldrain.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How an {@link EchoLoad} is run.
 *
 * @param pairs how many pairs of fresh servers there are
 * @param warmUp how long each server warms up, in seconds
 * @param rounds how many rounds each pair has
 * @param seconds how long a round is
 * @param connections how many connections each server has
 * @param mode the counterpart of the plain server
 */
record EchoSettings(int pairs, int warmUp, int rounds, int seconds, int connections, Mode mode) {
  /** The counterpart of a plain server in the comparison. */
  enum Mode {
    /** A server with the adapter and stock clients. */
    STOCK,
    /** A server with the adapter and clients that know reconnect hints. */
    AWARE,
    /** Another plain server. It shows the effect of the method alone on the ratio. */
    CONTROL
  }

  static final EchoSettings DEFAULTS = new EchoSettings(4, 12, 8, 1, 64, Mode.STOCK);

  private static final String USAGE =
      "--pairs=, --warm-up=, --rounds=, --seconds=, --connections=, --aware or --control";

  EchoSettings {
    require("pairs", pairs, 20);
    require("warm-up", warmUp, 60);
    require("rounds", rounds, 50);
    require("seconds", seconds, 60);
    require("connections", connections, 1000);
  }

  private static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + most + ")");
    }
  }

  /** Reads options such as {@code --rounds=5} and {@code --control}. */
  static EchoSettings of(List<String> arguments) {
    Map<String, Integer> numbers = new HashMap<>();
    Mode mode = DEFAULTS.mode;
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      switch (equals < 0 ? argument : argument.substring(0, equals + 1)) {
        case "--aware" -> mode = Mode.AWARE;
        case "--control" -> mode = Mode.CONTROL;
        case "--pairs=", "--warm-up=", "--rounds=", "--seconds=", "--connections=" ->
            numbers.put(argument.substring(2, equals), number(argument));
        default -> throw new IllegalArgumentException(argument + " (expected: " + USAGE + ")");
      }
    }
    return new EchoSettings(
        numbers.getOrDefault("pairs", DEFAULTS.pairs),
        numbers.getOrDefault("warm-up", DEFAULTS.warmUp),
        numbers.getOrDefault("rounds", DEFAULTS.rounds),
        numbers.getOrDefault("seconds", DEFAULTS.seconds),
        numbers.getOrDefault("connections", DEFAULTS.connections),
        mode);
  }

  static int number(String argument) {
    try {
      return Integer.parseInt(argument.substring(argument.indexOf('=') + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(argument + " (expected: a whole number after =)", e);
    }
  }

  /** The kind of the second server of a pair. */
  EchoKind second() {
    return mode == Mode.CONTROL ? EchoKind.PLAIN : EchoKind.ATTACHED;
  }

  boolean aware() {
    return mode == Mode.AWARE;
  }

  /** About how long it takes without the start of the servers. */
  int totalSeconds() {
    return pairs * 2 * (warmUp + rounds * seconds);
  }

  @Override
  public String toString() {
    return String.format(
        "%s: %s pairs of fresh servers, %s connections each; warm-up %s s, then %s rounds of %s s",
        mode, pairs, connections, warmUp, rounds, seconds);
  }
}
