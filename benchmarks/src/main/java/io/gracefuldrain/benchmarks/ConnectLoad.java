package io.gracefuldrain.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What a Socket.IO connection costs at its beginning, over real sockets: without the adapter, with
 * it, and with a key, so that each answer to a CONNECT brings a token. The servers take turns, so
 * that other work on the machine slows all of them.
 */
public final class ConnectLoad {
  private static final int WARM_UP = 2_000;

  /** A server, and what it needed for a connection in each round. */
  private record Subject(
      EchoKind kind, EchoProcess server, List<Double> answerMicros, List<Double> cpuMicros) {
    void measure(int connections, boolean counts) throws Exception {
      long before = server.cpuNanos();
      double answer = ConnectCrowd.medianAnswerMicros(server.port(), connections);
      if (counts) {
        answerMicros.add(answer);
        cpuMicros.add((server.cpuNanos() - before) / 1e3 / connections);
      }
    }
  }

  private final ConnectSettings settings;
  private final List<Subject> subjects = new ArrayList<>();

  private ConnectLoad(ConnectSettings settings) {
    this.settings = settings;
  }

  /** Runs the load, and adds what it finds to a table. */
  static void run(boolean quick, Table table) throws Exception {
    ConnectLoad load =
        new ConnectLoad(quick ? new ConnectSettings(5, 500) : ConnectSettings.DEFAULTS);
    load.measure();
    load.add(table);
  }

  /** Runs the load. The README lists the arguments. */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    ConnectSettings settings;
    try {
      settings = ConnectSettings.of(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new ConnectLoad(settings).run();
  }

  private void run() throws Exception {
    System.out.println(settings + "; each server warms up with " + WARM_UP);
    measure();
    print();
  }

  private void measure() throws Exception {
    try {
      for (EchoKind kind : EchoKind.values()) {
        subjects.add(
            new Subject(kind, EchoProcess.start(kind), new ArrayList<>(), new ArrayList<>()));
      }
      for (Subject each : subjects) {
        each.measure(WARM_UP, false);
      }
      for (int round = 1; round <= settings.rounds(); round++) {
        for (Subject each : subjects) {
          each.measure(settings.connections(), true);
        }
      }
    } finally {
      for (Subject each : subjects) {
        each.server().close();
      }
    }
  }

  private void add(Table table) {
    Subject plain = subjects.get(0);
    for (Subject each : subjects.subList(1, subjects.size())) {
      table.add(row("processor of a connection", each, plain, Subject::cpuMicros));
      table.add(row("CONNECT to its answer", each, plain, Subject::answerMicros));
    }
  }

  private static Row row(
      String what, Subject each, Subject plain, Function<Subject, List<Double>> numbers) {
    return new Row(
        what + ", " + each.kind().name().toLowerCase(Locale.ROOT),
        "us",
        Spread.of(numbers.apply(each)),
        "plain",
        Spread.of(numbers.apply(plain)),
        Spread.of(ratios(numbers.apply(each), numbers.apply(plain))),
        null);
  }

  private void print() {
    System.out.println("from CONNECT to its answer, us (the median of each round)");
    subjects.forEach(each -> print(each.kind().name(), each.answerMicros()));
    System.out.println("server CPU for a connection, from its handshake to its end, us");
    subjects.forEach(each -> print(each.kind().name(), each.cpuMicros()));
    System.out.println("ratios, round by round");
    for (int i = 1; i < subjects.size(); i++) {
      Subject above = subjects.get(i);
      Subject below = subjects.get(i - 1);
      String names = above.kind() + " / " + below.kind();
      print(names + ", answer", ratios(above.answerMicros(), below.answerMicros()));
      print(names + ", CPU", ratios(above.cpuMicros(), below.cpuMicros()));
    }
  }

  private static void print(String name, List<Double> numbers) {
    System.out.printf("  %-26s %s%n", name, Spread.of(numbers));
  }

  private static List<Double> ratios(List<Double> above, List<Double> below) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) {
      ratios.add(above.get(i) / below.get(i));
    }
    return ratios;
  }
}
