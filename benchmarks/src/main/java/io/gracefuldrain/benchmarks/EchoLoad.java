package io.gracefuldrain.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Echo over real sockets, with and without the adapter. Two server processes take turns, so that
 * other work on the machine slows both.
 */
public final class EchoLoad {
  private final EchoSettings settings;
  private final List<Double> throughputs = new ArrayList<>();
  private final List<Double> cpuTimes = new ArrayList<>();

  private EchoLoad(EchoSettings settings) {
    this.settings = settings;
  }

  /** Runs the load, and adds what it finds to a table. */
  static void run(boolean quick, Table table) throws Exception {
    EchoSettings defaults = EchoSettings.DEFAULTS;
    EchoLoad load =
        new EchoLoad(
            quick
                ? new EchoSettings(2, 5, 5, 1, defaults.connections(), defaults.mode())
                : defaults);
    load.run();
    table.add(Row.alone("echoes a second, with to without", "", Spread.of(load.throughputs)));
    table.add(Row.alone("processor of an echo, with to without", "", Spread.of(load.cpuTimes)));
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
    new EchoLoad(settings).run();
  }

  private void run() throws Exception {
    System.out.printf(
        "%s, about %s s; load average %s%n", settings, settings.totalSeconds(), load());
    System.out.println(
        "pair round   without/s      with/s   ratio | CPU us/echo without    with   ratio");
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
      without.round(settings.warmUp());
      with.round(settings.warmUp());
      for (int round = 1; round <= settings.rounds(); round++) {
        compare(pair, round, without, with);
      }
    }
  }

  private void compare(int pair, int round, EchoSubject without, EchoSubject with)
      throws Exception {
    boolean plainFirst = (pair + round) % 2 == 0;
    EchoSubject.Result first = (plainFirst ? without : with).round(settings.seconds());
    EchoSubject.Result second = (plainFirst ? with : without).round(settings.seconds());
    EchoSubject.Result plain = plainFirst ? first : second;
    EchoSubject.Result attached = plainFirst ? second : first;
    double throughput = attached.perSecond() / plain.perSecond();
    double cpuTime = attached.cpuMicros() / plain.cpuMicros();
    throughputs.add(throughput);
    cpuTimes.add(cpuTime);
    System.out.printf(
        Locale.ROOT,
        "%4d %5d %11.0f %11.0f   %.3f |             %7.2f %7.2f   %.3f%n",
        pair,
        round,
        plain.perSecond(),
        attached.perSecond(),
        throughput,
        plain.cpuMicros(),
        attached.cpuMicros(),
        cpuTime);
  }
}
