package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.Answer;
import io.gracefuldrain.lab.results.ClientKind;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final Answer FIRST = new Answer(Answer.Kind.FIRST, 7);

  private final Runs runs = Runs.good();

  private static List<Answer> oneToTen(Answer.Kind kind) {
    return IntStream.rangeClosed(1, 10).mapToObj(ms -> new Answer(kind, ms)).toList();
  }

  @Test
  void rows_eachKindAndTransport_isApart() {
    runs.client(0, "kind", ClientKind.LEAN_WEBSOCKET)
        .client(0, "answers", oneToTen(Answer.Kind.AGAIN))
        .client(1, "kind", ClientKind.LEAN_RECOVERING_UPGRADE)
        .client(1, "answers", List.of(FIRST, new Answer(Answer.Kind.RECOVERED, 12.25)));
    assertThat(Answers.rows(runs.build().crowd().clients()))
        .containsExactly(
            List.of("the first of a client, long-polling", "1", "7.0 ms", "7.0 ms", "7.0 ms"),
            List.of("of one that comes again, WebSocket", "10", "6.0 ms", "10.0 ms", "10.0 ms"),
            List.of(
                "of one whose session goes on, long-polling",
                "1",
                "12.3 ms",
                "12.3 ms",
                "12.3 ms"));
  }

  @Test
  void text_thoseWhoTell_areShownBelowTheVerdicts() {
    runs.client(0, "kind", ClientKind.LEAN_WEBSOCKET).client(0, "answers", List.of(FIRST));
    Experiment told = new Experiment("t", "w", "c", Map.of(), List.of(runs.build()));
    assertThat(ResultTable.text(told))
        .containsPattern("the first of a client, WebSocket +1 +7.0 ms +7.0 ms +7.0 ms");
  }

  @Test
  void text_nobodyTells_saysNothing() {
    Experiment silent = new Experiment("t", "w", "c", Map.of(), List.of(runs.build()));
    assertThat(ResultTable.text(silent)).doesNotContain("CONNECT to its answer");
  }
}
