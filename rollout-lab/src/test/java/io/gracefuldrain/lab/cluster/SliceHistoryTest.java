package io.gracefuldrain.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.Mark;
import io.gracefuldrain.lab.report.MarkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SliceHistoryTest {
  private final SliceHistory history = new SliceHistory();

  private void read(String slice, String... endpoints) {
    List<String> all = new ArrayList<>();
    for (String endpoint : endpoints) {
      String[] parts = endpoint.split(" ", -1);
      all.add(
          ("{'targetRef': {'name': '%s'}, 'conditions': {'ready': %s, 'serving': %s,"
                  + " 'terminating': %s}}")
              .formatted(
                  parts[0],
                  endpoint.contains("ready"),
                  endpoint.contains("serving"),
                  endpoint.contains("terminating")));
    }
    history.read(
        Recorded.json(
            "{'type': 'MODIFIED', 'object': {'metadata': {'name': '%s'}, 'endpoints': %s}}"
                .formatted(slice, all)),
        1);
  }

  @Test
  void read_recordedRollout_oldOnesLeaveAtTheirDeletion() {
    long[] now = {0};
    Recorded.events("endpointslices.jsonl").forEach(event -> history.read(event, ++now[0]));
    assertThat(history.marks(Recorded.OLD))
        .extracting(Mark::kind)
        .containsExactly(MarkKind.IN_SERVICE, MarkKind.OUT_OF_SERVICE);
    assertThat(history.marks(Recorded.NEW))
        .extracting(Mark::kind)
        .containsExactly(MarkKind.IN_SERVICE);
    assertThat(history.routed()).hasSize(2).contains(Recorded.NEW);
  }

  @Test
  void read_noneIsReady_leadsToThoseThatTerminateAndServe() {
    read("s", "a ready serving", "b ready serving");
    read("s", "a serving terminating", "b terminating");
    assertThat(history.routed()).isEqualTo(Set.of("a"));
    assertThat(history.marks("a")).hasSize(1);
  }

  @Test
  void read_severalSlices_areOneService() {
    read("s", "a ready serving");
    read("t", "b ready serving");
    assertThat(history.routed()).containsExactlyInAnyOrder("a", "b");
    history.read(Recorded.json("{'type': 'DELETED', 'object': {'metadata': {'name': 's'}}}"), 2);
    assertThat(history.routed()).containsExactly("b");
  }
}
