package io.gracefuldrain.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What the adapter adds to a Socket.IO session, over real sockets: bytes on the heap while it is
 * connected, and bytes allocated for each of its packets.
 */
final class SessionCost {
  private static final int CROWD = 2_000;
  private static final int FIRST = 200;
  private static final int TALKERS = 1;
  private static final double MOST_BYTES = 400;
  private static final double MOST_ALLOCATED = 24;

  /** What is compared with a plain server. */
  private record Subject(String name, EchoKind kind, boolean aware) {}

  private static final Subject PLAIN = new Subject("plain", EchoKind.PLAIN, false);
  private static final List<Subject> OTHERS =
      List.of(
          new Subject("adapter", EchoKind.ATTACHED, false),
          new Subject("adapter, aware clients", EchoKind.ATTACHED, true),
          new Subject("adapter with a key", EchoKind.KEYED, false));

  private SessionCost() {}

  /** Bytes on the heap for each session, by a crowd that is connected and silent. */
  static void bytes(boolean quick, Table table) throws Exception {
    int rounds = quick ? 1 : 3;
    List<Double> plain = bytes(PLAIN, rounds);
    for (Subject each : OTHERS) {
      List<Double> more = differences(bytes(each, rounds), plain);
      Row row =
          new Row(
              "a session more, " + each.name(),
              "bytes",
              Spread.of(more),
              "all of a plain one",
              Spread.of(plain),
              null,
              null);
      table.add(each.kind() == EchoKind.ATTACHED ? row.atMost(MOST_BYTES) : row);
    }
  }

  private static List<Double> bytes(Subject subject, int rounds) throws Exception {
    List<Double> each = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      try (EchoProcess server = EchoProcess.start(subject.kind());
          EchoCrowd first = EchoCrowd.connect(server.port(), FIRST, subject.aware())) {
        var unused = first.round(1_000_000_000L); // all is loaded that is loaded once
        long before = server.heapBytes();
        try (EchoCrowd crowd = EchoCrowd.connect(server.port(), CROWD, subject.aware())) {
          each.add((double) (server.heapBytes() - before) / crowd.size());
        }
      }
    }
    return each;
  }

  /** Bytes allocated for each packet, on all threads of the server. */
  static void allocation(boolean quick, Table table) throws Exception {
    List<Double> plain = allocated(PLAIN, quick);
    for (Subject each : OTHERS) {
      List<Double> more = differences(allocated(each, quick), plain);
      Row row =
          new Row(
              "allocated for a packet more, " + each.name(),
              "bytes",
              Spread.of(more),
              "all of a plain one",
              Spread.of(plain),
              null,
              null);
      table.add(row.atMost(MOST_ALLOCATED));
    }
  }

  private static List<Double> allocated(Subject subject, boolean quick) throws Exception {
    List<Double> each = new ArrayList<>();
    try (EchoProcess server = EchoProcess.start(subject.kind());
        EchoCrowd crowd = EchoCrowd.connect(server.port(), TALKERS, subject.aware())) {
      var unused = crowd.round(quick ? 5_000_000_000L : 15_000_000_000L);
      for (int i = 0; i < (quick ? 3 : 9); i++) {
        each.add(allocatedEach(server, crowd));
      }
    }
    return each;
  }

  private static double allocatedEach(EchoProcess server, EchoCrowd crowd) throws Exception {
    long before = server.allocatedBytes();
    EchoCrowd.Round round = crowd.round(1_000_000_000L);
    return (double) (server.allocatedBytes() - before) / round.echoes();
  }

  /** Round by round; the order of rounds means nothing, so both are put in that of size. */
  private static List<Double> differences(List<Double> more, List<Double> less) {
    List<Double> above = more.stream().sorted().toList();
    List<Double> below = less.stream().sorted().toList();
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) {
      differences.add(above.get(i) - below.get(i));
    }
    return differences;
  }
}
