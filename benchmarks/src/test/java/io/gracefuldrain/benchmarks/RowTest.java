package io.gracefuldrain.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final Spread OURS = Spread.of(List.of(12.0, 15.04, 18.0));
  private static final Spread PEER = Spread.of(List.of(10.0));

  @Test
  void toText_ofARowBesideAnother_hasBothAndTheirRatio() {
    assertThat(Row.beside("lease", "ns", OURS, "AtomicLong", PEER).ratioAtMost(1.5).toText())
        .isEqualTo("| lease | 15.0 (12 to 18) ns | AtomicLong 10 | 1.50 | <= 1.50: missed |");
  }

  @Test
  void toText_ofARowAlone_judgesTheNumberItself() {
    assertThat(Row.alone("a connection", "bytes", OURS).atMost(200).toText())
        .isEqualTo("| a connection | 15.0 (12 to 18) bytes |  |  | <= 200: met |");
  }

  @Test
  void toJson_hasAllNumbers() {
    assertThat(Row.alone("a connection", "bytes", PEER).toJson())
        .isEqualTo(
            "{\"name\": \"a connection\", \"unit\": \"bytes\","
                + " \"ours\": {\"median\": 10.0000, \"min\": 10.0000, \"max\": 10.0000, \"of\": 1},"
                + " \"besideName\": \"\", \"beside\": null, \"ratio\": null, \"verdict\": \"\"}");
  }
}
