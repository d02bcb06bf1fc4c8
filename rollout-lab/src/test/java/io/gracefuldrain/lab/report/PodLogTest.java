package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PodLogTest {
  private final PodLog log = new PodLog();

  @Test
  void read_phase_isAMarkOfItsTime() {
    log.read(
        "23:31:34.844 INFO  {\"code\":\"DRAIN-002\",\"phase\":\"UNREADY\",\"from\":\"SERVING\"}",
        42);
    assertThat(log.phases()).containsExactly(new Mark(MarkKind.PHASE, 42, "UNREADY"));
  }

  @Test
  void read_receipt_isKeptWithoutWhatIsNotNeeded() {
    log.read(
        "{\"code\":\"DRAIN-009\",\"pod\":\"a\",\"generation\":\"g\",\"epoch\":1,\"elapsedMs\":9,"
            + "\"tracked\":2,\"late\":0,\"remaining\":0,\"outcomes\":{\"CLOSED\":2},"
            + "\"addsUp\":true,\"slowest\":[],\"compressed\":false}",
        1);
    assertThat(log.receipts())
        .containsExactly(new Receipt("a", "g", 1, 9, 2, 0, 0, Map.of("CLOSED", 2L), 0, 0, false));
  }

  @Test
  void read_session_isKept() {
    log.read(
        "{\"ledger\":\"session\",\"pod\":\"a\",\"generation\":\"g\",\"sid\":\"s\","
            + "\"transport\":\"polling\",\"outcome\":null,\"sent\":3,\"lastSent\":7,\"up\":2,\"orders\":1,"
            + "\"enteredMs\":10,\"leftMs\":20}",
        1);
    assertThat(log.sessions())
        .containsExactly(new SessionLine("a", "g", "s", "polling", null, 3, 7L, 2, 1, 10, 20));
  }

  @Test
  void read_anythingElse_isPassedOver() {
    log.read("page        http://localhost:3001", 1);
    log.read("23:31:34.841 INFO  DRAIN-052 SIGTERM: draining [pod-3001]", 1);
    log.read("{not json}", 1);
    log.read("{\"code\":\"DRAIN-008\",\"percent\":100}", 1);
    assertThat(log.phases()).isEmpty();
    assertThat(log.sessions()).isEmpty();
    assertThat(log.receipts()).isEmpty();
  }

  @Test
  void read_ledgerThatIsNone_isNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> log.read("{\"ledger\":\"session\",\"sent\":\"many\"}", 1))
        .withMessageContaining("(expected: a SessionLine)");
  }
}
