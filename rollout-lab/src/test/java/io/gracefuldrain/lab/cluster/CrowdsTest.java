package io.gracefuldrain.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.MoveTotals;
import io.gracefuldrain.lab.results.Spread;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CrowdsTest {
  private static final String CLIENT =
      "{\"client\":%d,\"kind\":\"lean-polling\",\"source\":\"\",\"stays\":[],\"gaps\":[],\"moves\":[],"
          + "\"counts\":{\"received\":5},"
          + "\"whileMoving\":{\"counts\":{\"7\":2}},\"atPeers\":{\"counts\":{\"6\":2}}}";

  private static String report(long beganMs, long endedMs) {
    return ("{\"url\":\"http://s:3000\",\"beganMs\":%d,\"endedMs\":%d,\"feedMs\":100,\"upMs\":500,"
            + "\"totals\":[],\"clients\":[%s,%s]}")
        .formatted(beganMs, endedMs, CLIENT.formatted(0), CLIENT.formatted(1));
  }

  private static CrowdReport read(String line) {
    CrowdLog log = new CrowdLog();
    log.read(line);
    return Objects.requireNonNull(log.report());
  }

  @Test
  void read_progress_saysWhetherAllAreConnected() {
    CrowdLog log = new CrowdLog();
    assertThat(log.allConnected()).isFalse();
    log.read("00:00:00.000 WARN  something of the JVM {");
    log.read("{\"clients\":7,\"connected\":6}");
    assertThat(log.allConnected()).isFalse();
    log.read("{\"clients\":7,\"connected\":7}");
    assertThat(log.allConnected()).isTrue();
    assertThat(log.report()).isNull();
  }

  @Test
  void read_halfALine_isAFailure() {
    CrowdLog log = new CrowdLog();
    assertThatThrownBy(() -> log.read("{\"clients\":["))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("12 characters");
  }

  @Test
  void merge_twoCrowds_areOneWithNumbersOfItsOwn() {
    Map<String, CrowdReport> reports = new LinkedHashMap<>();
    reports.put("10.0.0.1", read(report(10, 20)));
    reports.put("10.0.0.2", read(report(5, 15)));
    CrowdReport all = Crowds.merge(reports);
    assertThat(all.beganMs()).isEqualTo(5);
    assertThat(all.endedMs()).isEqualTo(20);
    assertThat(all.clients()).extracting(ClientLedger::client).containsExactly(0, 1, 2, 3);
    assertThat(all.clients())
        .extracting(ClientLedger::source)
        .containsExactly("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2");
    assertThat(all.clients()).extracting(each -> each.counts().received()).containsOnly(5L);
    assertThat(MoveTotals.of(all.clients()).whileMoving().spread())
        .isEqualTo(new Spread(8, 7, 7, 7));
    assertThat(MoveTotals.of(all.clients()).atPeers().spread()).isEqualTo(new Spread(8, 6, 6, 6));
  }
}
