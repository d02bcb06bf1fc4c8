package io.gracefuldrain.benchmarks;

import java.util.List;

/**
 * How a {@link ConnectLoad} is run.
 *
 * @param rounds how many rounds there are
 * @param connections how many connections each server gets in a round, one after the other
 */
record ConnectSettings(int rounds, int connections) {
  static final ConnectSettings DEFAULTS = new ConnectSettings(15, 1_000);

  private static final int MOST_ROUNDS = 100;
  private static final int MOST_CONNECTIONS = 5_000; // each leaves a port in TIME_WAIT for a minute

  ConnectSettings {
    require("rounds", rounds, MOST_ROUNDS);
    require("connections", connections, MOST_CONNECTIONS);
  }

  private static void require(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + most + ")");
    }
  }

  /** Reads options such as {@code --rounds=5}. */
  static ConnectSettings of(List<String> arguments) {
    int rounds = DEFAULTS.rounds;
    int connections = DEFAULTS.connections;
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      switch (equals < 0 ? argument : argument.substring(0, equals + 1)) {
        case "--rounds=" -> rounds = EchoSettings.number(argument);
        case "--connections=" -> connections = EchoSettings.number(argument);
        default ->
            throw new IllegalArgumentException(
                argument + " (expected: --rounds= or --connections=)");
      }
    }
    return new ConnectSettings(rounds, connections);
  }

  @Override
  public String toString() {
    return rounds + " rounds of " + connections + " connections to each server";
  }
}
