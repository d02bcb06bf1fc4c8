package io.gracefuldrain.socketio;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.Pacing;
import io.gracefuldrain.socketio.Crowd.Upload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The long version of {@link EveryClientIT}: 24 clients of each kind, kind by kind, several rounds
 * of each scenario. Its numbers are in {@code target/full-matrix.json}.
 */
@EnabledIfSystemProperty(named = "drain.full", matches = "true")
class FullMatrixIT {
  private static final int EACH = 24;
  private static final int ROUNDS = 3;
  private static final Path SUMMARY = Path.of("target", "full-matrix.json");

  /** What goes on while the crowd is let go. */
  private enum Scenario {
    /** A feed down and uploads up; slots spread evenly over the window. */
    STEADY,
    /** All at once; each with events queued in the moment of its slot, and uploading all it can. */
    HEAVY
  }

  /** The numbers of one drain of one kind. */
  private record Cell(
      Scenario scenario,
      int round,
      KindResult clients,
      int tracked,
      int remaining,
      Map<Outcome, Integer> outcomes,
      long handshakesRefused,
      long drainMillis) {

    static Cell of(Scenario scenario, int round, KindResult clients, DrainReport report) {
      return new Cell(
          scenario,
          round,
          clients,
          report.tracked(),
          report.remaining(),
          report.outcomes(),
          report.handshakesRefused(),
          report.elapsed().toMillis());
    }
  }

  private final List<Cell> cells = new ArrayList<>();

  @Test
  void drain_everyKindSeveralTimes_nothingIsLost() throws Exception {
    SoftAssertions softly = new SoftAssertions();
    for (int round = 1; round <= ROUNDS; round++) {
      for (ClientKind kind : ClientKind.values()) {
        for (Scenario scenario : Scenario.values()) {
          int number = round;
          softly
              .assertThatCode(() -> check(play(scenario, number, kind)))
              .as("%s %s, round %d", kind, scenario, round)
              .doesNotThrowAnyException();
          write();
        }
      }
    }
    softly.assertAll();
  }

  private static void check(Cell cell) {
    EveryClientIT.nothingIsLost(List.of(cell.clients()), EACH);
    int closed = cell.outcomes().getOrDefault(Outcome.CLOSED, 0);
    if (cell.remaining() != 0 || cell.tracked() != EACH || closed != EACH) {
      throw new AssertionError(cell + " (expected: " + EACH + " CLOSED)");
    }
  }

  private Cell play(Scenario scenario, int round, ClientKind kind) throws Exception {
    boolean heavy = scenario == Scenario.HEAVY;
    Set<ClientKind> kinds = EnumSet.of(kind);
    UnaryOperator<FeedServer.Builder> pods =
        pod -> heavy ? pod.policy(p -> p.withPacing(Pacing.atRate(100_000))) : pod;
    try (Rollout rollout = new Rollout(kinds, EACH, pods)) {
      rollout.arrive(heavy ? Upload.HEAVY : Upload.STEADY);
      rollout.flows(rollout.podA());
      LastWords lastWords = new LastWords(rollout.podA());
      if (heavy) {
        lastWords.prepare();
      }
      DrainReport report = rollout.drain();
      lastWords.allSaid();
      Cell cell = Cell.of(scenario, round, rollout.settle().get(0), report);
      cells.add(cell);
      return cell;
    }
  }

  private void write() throws Exception {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("each", EACH);
    summary.put("rounds", ROUNDS);
    summary.put("cells", cells);
    Files.createDirectories(SUMMARY.getParent());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(SUMMARY.toFile(), summary);
  }
}
