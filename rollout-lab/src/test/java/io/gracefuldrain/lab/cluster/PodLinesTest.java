package io.gracefuldrain.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import io.gracefuldrain.lab.report.Receipt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodLinesTest {
  private final PodLines output = new PodLines();

  @Test
  void read_recordedLog_tellsPhasesHooksAndReceipt() {
    Recorded.lines("pod.log").forEach(output::read);
    assertThat(output.marks())
        .filteredOn(mark -> mark.kind() == MarkKind.PHASE)
        .extracting(Mark::note)
        .containsExactly("SERVING", "UNREADY", "MOVING", "SETTLING", "FORCING", "DRAINED");
    assertThat(output.marks())
        .filteredOn(mark -> mark.kind() != MarkKind.PHASE)
        .extracting(Mark::kind)
        .containsExactly(MarkKind.PRE_STOP_BEGAN, MarkKind.PRE_STOP_ENDED, MarkKind.SIGTERM);
    assertThat(output.receipts()).extracting(Receipt::pod).containsExactly(Recorded.OLD);
    assertThat(output.sessions()).isEmpty();
  }

  @Test
  void read_signalBeforeTheDrainIsDone_saysThatTheHookWasGivenUp() {
    List<String> recorded = Recorded.lines("pod.log");
    recorded.stream().filter(line -> line.contains("DRAIN-002")).forEach(output::read);
    recorded.stream().filter(line -> line.contains("DRAIN-052")).forEach(output::read);
    recorded.stream().filter(line -> line.contains("DRAIN-006")).forEach(output::read);
    assertThat(output.marks())
        .filteredOn(mark -> mark.kind() == MarkKind.PRE_STOP_ENDED)
        .extracting(Mark::note)
        .containsExactly("given up");
  }

  @Test
  void read_ledgerLine_isASession() {
    output.read(
        "2026-11-25T00:53:00.5Z {\"ledger\":\"session\",\"pod\":\"p\",\"sid\":\"s\",\"sent\":3}");
    assertThat(output.sessions()).singleElement().matches(session -> session.sent() == 3);
  }

  @Test
  void read_wordsOfKubectl_arePassedOver() {
    output.read("error: something about DRAIN-052 SIGTERM");
    output.read("");
    assertThat(output.marks()).isEmpty();
  }

  @Test
  void read_time_isTheNodes() {
    output.read("2026-11-25T00:53:00.500000000Z 00:00:00.000 INFO  DRAIN-052 SIGTERM: draining");
    assertThat(output.marks())
        .extracting(Mark::atMs)
        .containsExactly(Instant.parse("2026-11-25T00:53:00.500Z").toEpochMilli());
  }

  @Test
  void mark_recordedEvents_tellsOfTheEndAlone() {
    List<JsonNode> events = Recorded.events("events.jsonl");
    assertThat(events).extracting(PodEvents::pod).containsOnly(Recorded.OLD);
    assertThat(events.stream().map(event -> PodEvents.mark(event, 7)).flatMap(Optional::stream))
        .containsExactly(new Mark(MarkKind.EVENT, 7, "Killing: Stopping container server"));
  }
}
