package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Spread;
import io.gracefuldrain.lab.results.Stay;
import org.junit.jupiter.api.Test;

class AccountTest {
  private static final int FEED_MS = 100;

  private final Account account =
      new Account(
          7,
          ClientKind.LEAN_WEBSOCKET,
          "127.0.0.2",
          FEED_MS,
          new Uploads(10_000, 1_000),
          new OrderBook(7, 10_000, 15_000),
          new Peers(1));

  @Test
  void close_neverConnected_onlyFailuresAreCounted() {
    account.attempting(1_000);
    account.failed(1_010);
    account.attempting(2_000);
    account.failed(2_010);
    ClientLedger ledger = account.close(60_000).ledger();
    assertThat(ledger.stays()).isEmpty();
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.firstConnectFailures()).isEqualTo(2);
    assertThat(ledger.counts().missingAway()).isZero();
    assertThat(ledger.counts().missingConnected()).isZero();
  }

  @Test
  void failed_toldTwice_countsOnce() {
    account.attempting(1_000);
    account.failed(1_010);
    account.failed(1_011);
    account.disconnected("transport close", 1_012);
    assertThat(account.glance().failedConnects()).isEqualTo(1);
  }

  @Test
  void gap_severalAttempts_backoffIsTheSumOfTheWaits() {
    connect("a", 10_000);
    account.disconnected("transport close", 20_000);
    account.attempting(21_000); // waited 1,000
    account.failed(21_500);
    account.attempting(23_500); // waited 2,000
    account.connected("b", 23_600);
    assertThat(account.close(24_000).ledger().gaps())
        .containsExactly(new Gap(20_000, 23_600L, 3_000, 1));
  }

  @Test
  void gap_clientThatDoesNotSayWhenItTries_countsFailuresAndNoBackOff() {
    connect("a", 10_000);
    account.disconnected("transport close", 20_000);
    account.failedUntold(21_000);
    account.failedUntold(23_000);
    account.connected("b", 25_000);
    assertThat(account.close(26_000).ledger().gaps())
        .containsExactly(new Gap(20_000, 25_000L, 0, 2));
  }

  @Test
  void gap_attemptThatEndsBeforeItIsConnected_isAFailedConnect() {
    connect("a", 10_000);
    account.disconnected("transport close", 20_000);
    account.attempting(21_000);
    account.disconnected("transport close", 21_100); // opened, and closed at once
    account.attempting(22_100);
    account.connected("b", 22_200);
    assertThat(account.close(24_000).ledger().gaps())
        .containsExactly(new Gap(20_000, 22_200L, 2_000, 1));
  }

  @Test
  void gap_openAtTheEnd_hasNoEnd() {
    connect("a", 10_000);
    account.disconnected("io server disconnect", 20_000);
    ClientLedger ledger = account.close(24_000).ledger();
    assertThat(ledger.gaps()).containsExactly(new Gap(20_000, null, 0, 0));
    assertThat(ledger.stays())
        .containsExactly(
            new Stay("a", null, null, 10_000, 20_000L, "io server disconnect", 0, null, 0, 0, 0));
  }

  @Test
  void stays_eachConnection_hasItsPodAndItsMessages() {
    connect("a", 10_000);
    account.answeredBy("one", "v1");
    account.heard(101, 10_101);
    account.heard(102, 10_202);
    account.disconnected("transport close", 10_300);
    account.attempting(11_300);
    account.connected("b", 11_400);
    account.answeredBy("two", "v2");
    account.heard(115, 11_503);
    ClientLedger ledger = account.close(11_600).ledger();
    assertThat(ledger.stays())
        .containsExactly(
            new Stay("a", "one", "v1", 10_000, 10_300L, "transport close", 2, 102L, 0, 0, 0),
            new Stay("b", "two", "v2", 11_400, null, null, 1, 115L, 0, 0, 0));
    assertThat(ledger.counts().received()).isEqualTo(3);
    assertThat(ledger.counts().missingAway()).isEqualTo(12);
    assertThat(ledger.counts().missingConnected()).isZero();
    assertThat(ledger.feedLatency()).isEqualTo(new Spread(3, 2, 3, 3));
  }

  @Test
  void heard_duplicate_isNotReceivedAgain() {
    connect("a", 10_000);
    account.heard(101, 10_101);
    account.heard(101, 10_900);
    ClientLedger ledger = account.close(10_900).ledger();
    assertThat(ledger.counts().received()).isEqualTo(1);
    assertThat(ledger.counts().duplicated()).isEqualTo(1);
    assertThat(ledger.feedLatency()).isEqualTo(new Spread(1, 1, 1, 1));
  }

  @Test
  void close_connectedButSilent_isMissingExceptWhatMayBeOnItsWay() {
    connect("a", 10_000);
    account.heard(101, 10_100);
    long end = 20_000;
    ClientLedger ledger = account.close(end).ledger();
    long last = (end - Streams.ON_ITS_WAY_MS - FEED_MS) / FEED_MS;
    assertThat(ledger.counts().missingConnected()).isEqualTo(last - 101).isPositive();
  }

  @Test
  void close_connectedAndSilentFromTheStart_isMissing() {
    connect("a", 10_000);
    assertThat(account.close(20_000).ledger().counts().missingConnected()).isPositive();
  }

  @Test
  void close_justConnected_nothingIsMissing() {
    connect("a", 10_000);
    assertThat(account.close(11_000).ledger().counts().missingConnected()).isZero();
  }

  @Test
  void close_away_whatWasDueUntilTheEndIsMissingAway() {
    connect("a", 10_000);
    account.heard(101, 10_100);
    account.disconnected("transport close", 10_150);
    assertThat(account.close(20_000).ledger().counts().missingAway()).isEqualTo(200 - 101);
  }

  @Test
  void acknowledged_overTheNextConnection_latencyCountsFromWhenItWasDue() {
    connect("a", 10_000);
    assertThat(account.due(10_000)).containsExactly(1L);
    account.disconnected("transport close", 10_100);
    assertThat(account.due(11_500)).isEmpty();
    account.attempting(11_100);
    account.connected("b", 11_600);
    assertThat(account.due(11_600)).containsExactly(1L, 2L);
    account.acknowledged(1, 1L, null, 11_650);
    account.acknowledged(2, 2L, null, 11_651);
    ClientLedger ledger = account.close(11_700).ledger();
    assertThat(ledger.counts().sent()).isEqualTo(2);
    assertThat(ledger.counts().acknowledged()).isEqualTo(2);
    assertThat(ledger.counts().unanswered()).isEqualTo(1);
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
    assertThat(ledger.stays()).extracting(Stay::acknowledged).containsExactly(0L, 2L);
    assertThat(ledger.ackLatency().maxMs()).isBetween(1_640L, 1_660L);
    assertThat(ledger.ackLatency().p50Ms()).isBetween(645L, 655L);
  }

  @Test
  void acknowledged_otherNumberTwiceOrNone_isWrong() {
    connect("a", 10_000);
    account.due(10_000);
    account.acknowledged(1, 2L, null, 10_010);
    account.acknowledged(1, null, null, 10_011);
    account.acknowledged(1, 1L, null, 10_012);
    account.acknowledged(1, 1L, null, 10_013);
    account.acknowledgedUnasked();
    ClientLedger ledger = account.close(10_100).ledger();
    assertThat(ledger.counts().acknowledged()).isEqualTo(1);
    assertThat(ledger.counts().wrongAcknowledgements()).isEqualTo(4);
  }

  @Test
  void owed_untilAcknowledgedOrDisconnected() {
    connect("a", 10_000);
    account.due(10_000);
    assertThat(account.owed()).isTrue();
    account.acknowledged(1, 1L, null, 10_010);
    assertThat(account.owed()).isFalse();
    account.due(11_000);
    account.disconnected("transport close", 11_001);
    assertThat(account.owed()).isFalse();
  }

  @Test
  void endSending_nothingNewIsDue() {
    connect("a", 10_000);
    account.endSending(9_999);
    assertThat(account.due(20_000)).isEmpty();
    assertThat(account.dueOrder(20_000)).isNull();
  }

  @Test
  void orders_cutOnTheFirstConnectionDoneOnTheNextOpenAtTheEnd_areCountedWhereTheyWere() {
    assertThat(account.dueOrder(10_000)).isNull(); // there is no connection
    connect("a", 10_000);
    assertThat(account.dueOrder(10_000)).isEqualTo("7-1");
    account.disconnected("transport close", 12_000);
    assertThat(account.dueOrder(26_000)).isNull();
    account.attempting(26_100);
    account.connected("b", 26_200);
    assertThat(account.dueOrder(26_200)).isEqualTo("7-2");
    account.orderAnswered("7-2", "7-2");
    assertThat(account.dueOrder(40_000)).isEqualTo("7-3");
    ClientLedger ledger = account.close(41_000).ledger();
    assertThat(ledger.stays()).extracting(Stay::ordersPlaced).containsExactly(1, 2);
    assertThat(ledger.stays()).extracting(Stay::ordersCut).containsExactly(1, 0);
    assertThat(ledger.counts().ordersPlaced()).isEqualTo(3);
    assertThat(ledger.counts().ordersDone()).isEqualTo(1);
    assertThat(ledger.counts().ordersCut()).isEqualTo(1);
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
  }

  @Test
  void orderAnswered_refusedOrUnasked_isWrong() {
    connect("a", 10_000);
    String id = String.valueOf(account.dueOrder(10_000));
    account.orderAnswered(id, null);
    account.orderAnswered(id, id);
    ClientLedger ledger = account.close(11_000).ledger();
    assertThat(ledger.counts().wrongAcknowledgements()).isEqualTo(2);
    assertThat(ledger.counts().ordersDone()).isZero();
    assertThat(ledger.counts().ordersCut()).isZero();
  }

  private void connect(String sid, long atMs) {
    account.attempting(atMs - 50);
    account.connected(sid, atMs);
  }
}
