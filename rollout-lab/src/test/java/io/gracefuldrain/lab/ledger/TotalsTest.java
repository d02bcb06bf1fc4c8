package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.lab.results.Latencies;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.MoveTotals;
import io.gracefuldrain.lab.results.Spread;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  void moves_latencies_areComparedAtTheSameMessages() {
    Peers peers = new Peers(1);
    Account mover = aware(1, peers);
    Account other = aware(2, peers);
    for (Account each : List.of(mover, other)) {
      each.connected("a", 1_000);
      each.delivered(20, 2_007); // nobody moves
    }
    MoveAccount move = mover.moving(2_010);
    mover.delivered(21, 2_106);
    other.delivered(21, 2_104);
    move.released(2_150);
    move.landed(2_250, new Move.Figures(1, 2, 0, 0, 0));
    other.delivered(22, 2_203);
    mover.delivered(22, 2_290); // was due in its move
    mover.delivered(23, 2_399);
    other.delivered(23, 2_399); // while nobody moves
    other.moving(2_400);
    other.delivered(24, 2_402);
    mover.delivered(24, 2_401);
    peers.settle();
    List<ClientLedger> all = List.of(mover.close(2_500).ledger(), other.close(2_500).ledger());
    MoveTotals moves = MoveTotals.of(all);
    assertThat(moves.landed()).isEqualTo(1);
    assertThat(moves.whileMoving().counts()).isEqualTo(Map.of(6L, 1L, 90L, 1L, 2L, 1L));
    assertThat(moves.atPeers().counts()).isEqualTo(Map.of(4L, 1L, 3L, 1L, 1L, 1L));
    assertThat(moves.comparison()).isEqualTo("90 / 4 = 22.50");
  }

  @Test
  void latencies_added_areOfAll() {
    Latencies one = new Latencies(new TreeMap<>(Map.of(1L, 98L, 5L, 1L)));
    Latencies other = new Latencies(new TreeMap<>(Map.of(5L, 1L)));
    assertThat(one.plus(other).spread()).isEqualTo(new Spread(100, 1, 5, 5));
    assertThat(Latencies.NONE.spread()).isEqualTo(new Spread(0, 0, 0, 0));
  }

  private static Account aware(int client, Peers peers) {
    return new Account(
        client,
        ClientKind.LEAN_AWARE,
        "",
        100,
        new Uploads(100_000, 1_000),
        new OrderBook(client, 1_000, 0),
        peers);
  }

  private static Account account(int client) {
    return new Account(
        client,
        ClientKind.LEAN_POLLING,
        "",
        100,
        new Uploads(100_000, 1_000),
        new OrderBook(client, 1_000, 15_000),
        new Peers(1));
  }
}
