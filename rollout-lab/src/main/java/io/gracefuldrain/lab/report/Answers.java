package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.Answer;
import io.gracefuldrain.lab.results.ClientLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * How long clients waited for the answers to their CONNECTs, in milliseconds, the shortest first.
 * One by long-polling waits for the rest of a request of its own and the whole of another, so they
 * are told apart.
 */
record Answers(List<Double> ms) {
  /** The heads of the table of a run. */
  static final List<String> HEADS =
      List.of("from CONNECT to its answer", "how many", "median", "90%", "longest");

  private static final String NONE = "–";

  /** The kinds of answers, as they are told. */
  private enum Row {
    FIRST("the first of a client", Answer.Kind.FIRST),
    AGAIN("of one that comes again", Answer.Kind.AGAIN),
    RECOVERED("of one whose session goes on", Answer.Kind.RECOVERED),
    ANEW("of one that has asked for its session in vain", Answer.Kind.ANEW);

    private final String words;
    private final Answer.Kind kind;

    Row(String words, Answer.Kind kind) {
      this.words = words;
      this.kind = kind;
    }
  }

  static Answers of(List<ClientLedger> clients, Answer.Kind kind, Predicate<ClientLedger> counted) {
    return new Answers(
        clients.stream()
            .filter(counted)
            .flatMap(client -> client.answers().stream())
            .filter(answer -> answer.kind() == kind)
            .map(Answer::ms)
            .sorted()
            .toList());
  }

  /** Median and longest. */
  @Override
  public String toString() {
    return ms.isEmpty() ? NONE : String.format(Locale.ROOT, "%.1f; %.1f ms", at(0.5), at(1));
  }

  private double at(double share) {
    return ms.get(Math.min(ms.size() - 1, (int) (ms.size() * share)));
  }

  /** A row for each kind of which there are some; none if no client tells. */
  static List<List<String>> rows(List<ClientLedger> clients) {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : Row.values()) {
      add(rows, row, ", WebSocket", clients, client -> client.kind().beginsWithWebSocket());
      add(rows, row, ", long-polling", clients, client -> !client.kind().beginsWithWebSocket());
    }
    return rows;
  }

  private static void add(
      List<List<String>> rows,
      Row row,
      String over,
      List<ClientLedger> clients,
      Predicate<ClientLedger> counted) {
    Answers answers = of(clients, row.kind, counted);
    if (!answers.ms.isEmpty()) {
      rows.add(
          List.of(
              row.words + over,
              String.valueOf(answers.ms.size()),
              millis(answers.at(0.5)),
              millis(answers.at(0.9)),
              millis(answers.at(1))));
    }
  }

  private static String millis(double ms) {
    return String.format(Locale.ROOT, "%.1f ms", ms);
  }
}
