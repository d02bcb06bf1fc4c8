package io.gracefuldrain.sample.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TotalsTest {
  @Test
  void of_twoAccounts_areSummedUp() {
    Account moved = account(1);
    moved.attempting(1_000);
    moved.connected("a", 1_100);
    moved.heard(20, 2_005);
    moved.dueOrder(2_005);
    moved.disconnected("transport close", 3_000);
    moved.attempting(4_000);
    moved.failed(4_000);
    moved.attempting(5_000);
    moved.connected("b", 5_200);
    Account never = account(2);
    never.attempting(1_000);
    never.failed(1_001);
    CrowdReport.Totals totals =
        Totals.of(ClientKind.LEAN_POLLING, List.of(moved.close(5_200), never.close(5_200)));
    assertThat(totals.clients()).isEqualTo(2);
    assertThat(totals.moves()).isEqualTo(1);
    assertThat(totals.gap()).isEqualTo(new Spread(1, 2_200, 2_200, 2_200));
    assertThat(totals.gapRatioPermille()).isEqualTo(1_100);
    assertThat(totals.failedConnects()).isEqualTo(2);
    assertThat(totals.away()).isEqualTo(1);
    assertThat(totals.counts().received()).isEqualTo(1);
    assertThat(totals.feedLatency()).isEqualTo(new Spread(1, 5, 5, 5));
    assertThat(totals.ackLatency()).isEqualTo(new Spread(0, 0, 0, 0));
    assertThat(totals.counts().ordersPlaced()).isEqualTo(1);
    assertThat(totals.counts().ordersDone()).isZero();
    assertThat(totals.counts().ordersCut()).isEqualTo(1);
  }

  @Test
  void spread_eachRank_isAValueThatWasMeasured() {
    assertThat(Spreads.of(LongStream.empty())).isEqualTo(new Spread(0, 0, 0, 0));
    assertThat(Spreads.of(LongStream.of(7))).isEqualTo(new Spread(1, 7, 7, 7));
    assertThat(Spreads.of(LongStream.rangeClosed(1, 200)))
        .isEqualTo(new Spread(200, 100, 198, 200));
    assertThat(Spreads.median(LongStream.of(9, 1, 5))).isEqualTo(5);
  }

  @Test
  void table_eachFigure_hasItsRow() {
    CrowdReport report =
        new CrowdReport(
            "http://a",
            1,
            2,
            100,
            500,
            15_000,
            List.of(Totals.of(ClientKind.LEAN_POLLING, List.of(account(1).close(5_000)))),
            List.of());
    assertThat(CrowdTable.of(report))
        .hasSize(21)
        .anyMatch(line -> line.matches("clients +1"))
        .anyMatch(line -> line.matches("orders cut +0"))
        .anyMatch(line -> line.matches("gap p50/p99/max ms +-"))
        .first()
        .asString()
        .endsWith("lean-polling");
  }

  private static Account account(int client) {
    return new Account(
        client,
        ClientKind.LEAN_POLLING,
        "",
        100,
        new Uploads(100_000, 1_000),
        new OrderBook(client, 1_000, 15_000));
  }
}
