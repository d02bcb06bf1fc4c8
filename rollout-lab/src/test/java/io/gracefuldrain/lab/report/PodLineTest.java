package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PodLineTest {
  @Test
  void parse_phase_tellsItsReasonsAndWhatGoesOn() {
    assertThat(
            PodLine.parse(
                "00:52:59.636 INFO  {\"code\":\"DRAIN-003\",\"phase\":\"MOVING\","
                    + "\"reasons\":[\"PRE_STOP\"],\"connections\":2,\"workInFlight\":1}"))
        .contains(new PodLine.Phase("MOVING", List.of("PRE_STOP"), 2, 1));
  }

  @Test
  void parse_receipt_keepsItsOutcomesInOrder() {
    PodLine line =
        PodLine.parse(
                "{\"code\":\"DRAIN-009\",\"tracked\":3,\"outcomes\":{\"LEFT\":2,\"CLOSED\":1}}")
            .orElseThrow();
    assertThat(line).isInstanceOf(Receipt.class);
    assertThat(((Receipt) line).outcomes().keySet()).containsExactly("LEFT", "CLOSED");
  }

  @Test
  void parse_lineThatIsCut_isEmpty() {
    assertThat(PodLine.parse("{\"code\":\"DRAIN-002\", cut")).isEmpty();
  }
}
