package io.gracefuldrain.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the first clients of a server wait for that has just started: of one that has warmed up, and
 * of one that has not. Each round starts both, one after the other.
 */
public final class WarmLanding {
  private static final int SECONDS = 3;
  private static final int CLIENTS = 20;
  private static final int OWN_WARM_UP = 300;
  private static final int ROUNDS = 5;
  private static final int QUICK_ROUNDS = 2;

  private static final String ROUNDS_OPTION = "--rounds=";
  private static final String SECONDS_OPTION = "--seconds=";
  private static final String UNDER_OPTION = "--under=";

  /** What was found of a server, in each round. */
  private static final class Found {
    private final List<Double> start = new ArrayList<>();
    private final List<Double> first = new ArrayList<>();
    private final List<Double> median = new ArrayList<>();
    private final List<Double> slowest = new ArrayList<>();

    void add(double startMillis, List<Double> landings) {
      List<Double> later = landings.subList(1, landings.size());
      start.add(startMillis);
      first.add(landings.get(0));
      median.add(Spread.of(later).median());
      slowest.add(Spread.of(later).max());
    }
  }

  private final List<String> under;
  private final Found warm = new Found();
  private final Found cold = new Found();

  private WarmLanding(List<String> under) {
    this.under = under;
  }

  /** Runs the load, and adds what it finds to a table. */
  static void run(boolean quick, Table table) throws Exception {
    run(quick ? QUICK_ROUNDS : ROUNDS, SECONDS, List.of(), table);
  }

  /** Runs the load. The README lists the arguments. */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    int rounds = ROUNDS;
    int seconds = SECONDS;
    List<String> under = List.of();
    for (String argument : args) {
      if (argument.startsWith(ROUNDS_OPTION)) {
        rounds = EchoSettings.number(argument);
      } else if (argument.startsWith(SECONDS_OPTION)) {
        seconds = EchoSettings.number(argument);
      } else if (argument.startsWith(UNDER_OPTION)) {
        under = List.of(argument.substring(UNDER_OPTION.length()).split(" "));
      } else {
        System.err.println(argument + " (expected: --rounds=, --seconds= or --under=)");
        System.exit(2);
      }
    }
    run(rounds, seconds, under, Table.begun());
  }

  private static void run(int rounds, int seconds, List<String> under, Table table)
      throws Exception {
    WarmLanding landing = new WarmLanding(under);
    try (EchoProcess own = EchoProcess.start(EchoKind.PLAIN)) {
      ConnectCrowd.medianAnswerMicros(own.port(), OWN_WARM_UP); // the clients are not to be cold
    }
    for (int round = 0; round < rounds; round++) {
      landing.measure(landing.cold, 0);
      landing.measure(landing.warm, seconds);
    }
    landing.add(table);
  }

  private void measure(Found found, int warmUpSeconds) throws Exception {
    long begun = System.nanoTime();
    try (EchoProcess server = EchoProcess.start(EchoKind.ATTACHED, warmUpSeconds, under)) {
      double startMillis = (System.nanoTime() - begun) / 1e6;
      found.add(startMillis, ConnectCrowd.landingMillis(server.port(), CLIENTS));
    }
  }

  private void add(Table table) {
    table.add(row("the start of a server that warms up", warm.start, cold.start));
    table.add(row("its first client, from SYN to the answer", warm.first, cold.first));
    table.add(row("the next 19, in the median", warm.median, cold.median));
    table.add(row("the slowest of these", warm.slowest, cold.slowest));
  }

  private static Row row(String what, List<Double> warm, List<Double> cold) {
    return Row.beside(what, "ms", Spread.of(warm), "cold", Spread.of(cold));
  }
}
