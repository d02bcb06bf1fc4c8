package io.gracefuldrain.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Echoes or broadcasts over real sockets, with and without the adapter. Two server processes take
 * turns, so that other work on the machine slows both.
 */
public final class EchoLoad {
  private static final double MOST_P99 = 1.05;

  private final EchoSettings settings;
  private final boolean broadcasts;
  private final List<Double> plainP99 = new ArrayList<>();
  private final List<Double> attachedP99 = new ArrayList<>();
  private final List<Double> p99s = new ArrayList<>();
  private final List<Double> throughputs = new ArrayList<>();
  private final List<Double> cpuTimes = new ArrayList<>();

  private EchoLoad(EchoSettings settings, boolean broadcasts) {
    this.settings = settings;
    this.broadcasts = broadcasts;
  }

  /** Runs a load of echoes, and adds what it finds to a table. */
  static void echo(boolean quick, Table table) throws Exception {
    run(quick, false, "echo", table);
  }

  /** Runs a load of broadcasts, and adds what it finds to a table. */
  static void broadcast(boolean quick, Table table) throws Exception {
    run(quick, true, "delivery of a broadcast", table);
  }

  private static void run(boolean quick, boolean broadcasts, String one, Table table)
      throws Exception {
    EchoSettings defaults = EchoSettings.DEFAULTS;
    EchoLoad load =
        new EchoLoad(
            quick
                ? new EchoSettings(2, 5, 5, 1, defaults.connections(), defaults.mode())
                : defaults,
            broadcasts);
    load.run();
    table.add(Row.alone(one + ": a second, with to without", "", Spread.of(load.throughputs)));
    table.add(Row.alone(one + ": processor, with to without", "", Spread.of(load.cpuTimes)));
    table.add(
        new Row(
                one + ": 99th percentile",
                "us",
                Spread.of(load.attachedP99),
                "plain",
                Spread.of(load.plainP99),
                Spread.of(load.p99s),
                null)
            .ratioAtMost(MOST_P99));
  }

  /** Runs the load. The README lists the arguments. */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    EchoSettings settings;
    try {
      settings = EchoSettings.of(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new EchoLoad(settings, false).run();
  }

  private void run() throws Exception {
    System.out.printf(
        "%s, about %s s; load average %s%n", settings, settings.totalSeconds(), load());
    System.out.println(
        "pair round   without/s      with/s   ratio | CPU us/echo without    with   ratio | p99 us without    with");
    for (int pair = 1; pair <= settings.pairs(); pair++) {
      measure(pair);
    }
    System.out.printf("echoes per second, with / without:   %s%n", Spread.of(throughputs));
    System.out.printf("server CPU per echo, with / without: %s%n", Spread.of(cpuTimes));
    System.out.printf("load average %s%n", load());
  }

  private static String load() {
    return String.format(
        Locale.ROOT, "%.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private void measure(int pair) throws Exception {
    try (EchoSubject without = EchoSubject.start(EchoKind.PLAIN, settings);
        EchoSubject with = EchoSubject.start(settings.second(), settings)) {
      without.round(settings.warmUp(), broadcasts);
      with.round(settings.warmUp(), broadcasts);
      for (int round = 1; round <= settings.rounds(); round++) {
        compare(pair, round, without, with);
      }
    }
  }

  private void compare(int pair, int round, EchoSubject without, EchoSubject with)
      throws Exception {
    boolean plainFirst = (pair + round) % 2 == 0;
    EchoSubject.Result first = (plainFirst ? without : with).round(settings.seconds(), broadcasts);
    EchoSubject.Result second = (plainFirst ? with : without).round(settings.seconds(), broadcasts);
    EchoSubject.Result plain = plainFirst ? first : second;
    EchoSubject.Result attached = plainFirst ? second : first;
    double throughput = attached.perSecond() / plain.perSecond();
    double cpuTime = attached.cpuMicros() / plain.cpuMicros();
    throughputs.add(throughput);
    cpuTimes.add(cpuTime);
    plainP99.add(plain.p99Micros());
    attachedP99.add(attached.p99Micros());
    p99s.add(attached.p99Micros() / plain.p99Micros());
    System.out.printf(
        Locale.ROOT,
        "%4d %5d %11.0f %11.0f   %.3f |             %7.2f %7.2f   %.3f |        %7.0f %7.0f%n",
        pair,
        round,
        plain.perSecond(),
        attached.perSecond(),
        throughput,
        plain.cpuMicros(),
        attached.cpuMicros(),
        cpuTime,
        plain.p99Micros(),
        attached.p99Micros());
  }
}
