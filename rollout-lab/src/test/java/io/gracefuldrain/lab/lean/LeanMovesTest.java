package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.ledger.Accounts;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Move;
import io.gracefuldrain.lab.results.Stay;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the lean aware client handles hints, in virtual time. */
class LeanMovesTest {
  private static final String HINT =
      "427[\"drain:reconnect\",{\"reason\":\"drain\",\"graceMs\":2000,\"ticket\":\"t/1\",\"more\":1}]";

  /** The middle of the pauses between attempts. */
  private static final long PAUSE_MS = 200;

  private static final long BACK_OFF_MS = 1_250;

  private final EmbeddedChannel time = new EmbeddedChannel();
  private long nowMs = 1_000_000;
  private final Accounts accounts = new Accounts(new Accounts.Intervals(100, 1_000, 60_000), 1);
  private final Account account = accounts.open(ClientKind.LEAN_AWARE, "", 1_000_000, 1_000_000);
  private final List<FakeTransport> transports = new ArrayList<>();
  private final LeanClient client;

  LeanMovesTest() {
    time.freezeTime();
    client =
        new LeanClient(
            time.eventLoop(),
            (query, listener) -> {
              transports.add(new FakeTransport(query, listener));
              return transports.get(transports.size() - 1);
            },
            100,
            ClientKind.LEAN_AWARE,
            () -> 0.5,
            account,
            () -> nowMs);
  }

  @AfterEach
  void release() {
    time.finishAndReleaseAll();
  }

  // ---------------------------------------------------------------- moves that land

  @Test
  void hint_isAcknowledgedAndTheTicketGoesAlong() {
    FakeTransport old = hinted();
    assertThat(old.query).isEqualTo("feedMs=100&drain=1");
    assertThat(old.sent).last().isEqualTo("437[]");
    assertThat(old.closed).isFalse();
    assertThat(next().query).isEqualTo("feedMs=100&drain=1&ticket=t%2F1");
    old.says(HINT.replace("427", "428"));
    assertThat(old.sent).last().isEqualTo("438[]");
    assertThat(transports).hasSize(2);
  }

  @Test
  void move_toItsEnd_losesNothingAndDropsWhatCameTwice() {
    FakeTransport old = connected();
    feed(old, 10_000, "one");
    old.says(HINT);
    FakeTransport next = ready();
    pass(40);
    feed(next, 10_001, "two"); // held back
    feed(old, 10_001, "one");
    assertThat(old.sent).last().asString().startsWith("423[\"drain:landed\",{").contains("\"two\"");
    nowMs += 960; // a number is due
    client.sendDue();
    pass(0);
    assertThat(old.sent).noneMatch(packet -> packet.contains("{\"n\":2}"));
    old.says("433[]");
    assertThat(next.sent).last().isEqualTo("421[\"up\",{\"n\":2}]");
    feed(next, 10_002, "two");
    feed(old, 10_002, "one");
    old.says("431[{\"n\":1,\"pod\":\"one\"}]");
    old.says("432[{\"id\":\"0-1\",\"pod\":\"one\"}]");
    pass(499);
    assertThat(old.closed).isFalse();
    pass(1);
    assertThat(old.sent).last().isEqualTo("41");
    assertThat(old.closed).isTrue();
    next.says("431[{\"n\":2,\"pod\":\"two\"}]");

    Account peer = accounts.open(ClientKind.LEAN_WEBSOCKET, "", 1_000_000, 1_000_000);
    for (long n = 10_000; n < 10_003; n++) {
      peer.heard(n, 100 * n + 1);
    }
    ClientLedger ledger = ledger();
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.without()).isEqualTo(new ClientLedger.Without(0, 0));
    assertThat(ledger.counts().received()).isEqualTo(3);
    assertThat(ledger.counts().dropped()).isEqualTo(2);
    assertThat(ledger.counts().duplicated()).isZero();
    assertThat(ledger.counts().reordered()).isZero();
    assertThat(ledger.counts().acknowledged()).isEqualTo(2);
    assertThat(ledger.counts().ordersDone()).isEqualTo(1);
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
    long moved = 1_001_700;
    assertThat(ledger.moves())
        .containsExactly(new Move(1_000_000, moved, new Move.Figures(0, 1_200, 1, 2, 0), null));
    assertThat(ledger.stays())
        .containsExactly(
            new Stay("s0", "one", "v1", 1_000_000, moved, Stay.MOVED, 3, 10_002L, 1, 1, 0),
            new Stay("s1", "two", "v2", 1_000_000, null, null, 2, 10_002L, 1, 0, 0));
    assertThat(ledger.whileMoving().count()).isEqualTo(2);
  }

  @Test
  void overlap_anAcknowledgementIsOwed_waitsForIt() {
    FakeTransport old = hinted();
    ready();
    old.says("433[]");
    pass(4_000);
    assertThat(old.closed).isFalse();
    old.says("431[{\"n\":1,\"pod\":\"one\"}]");
    old.says("432[{\"id\":\"0-1\",\"pod\":\"one\"}]");
    pass(PAUSE_MS);
    assertThat(old.closed).isTrue();
  }

  @Test
  void hintOfTheNext_whileAnAcknowledgementIsOwed_isActedOnAtOnce() {
    FakeTransport old = hinted();
    FakeTransport next = ready();
    old.says("433[]");
    pass(500);
    next.says(HINT.replace("t/1", "t2"));
    FakeTransport third = next();
    assertThat(third.query).endsWith("&ticket=t2");
    third.admits("s2");
    hello(third, "three", "v3");
    third.says("430[{\"name\":\"three\",\"generation\":\"v3\"}]");
    pass(Client.READY_MS);
    next.says("431[]");
    old.says("431[{\"n\":1,\"pod\":\"one\"}]");
    old.says("432[{\"id\":\"0-1\",\"pod\":\"one\"}]");
    pass(500);
    assertThat(old.closed).isTrue();
    assertThat(next.closed).isTrue();
    assertThat(third.closed).isFalse();
    ClientLedger ledger = ledger();
    assertThat(ledger.moves()).extracting(Move::landed).containsExactly(true, true);
    assertThat(ledger.stays()).extracting(Stay::pod).containsExactly("one", "two", "three");
    assertThat(ledger.stays()).extracting(Stay::acknowledged).containsExactly(1L, 0L, 0L);
    assertThat(ledger.counts().ordersDone()).isEqualTo(1);
    assertThat(ledger.gaps()).isEmpty();
  }

  @Test
  void overlap_oldIsCut_itsOrderIsCutAndItsNumberSentAgain() {
    FakeTransport old = hinted();
    FakeTransport next = ready();
    old.says("433[]");
    old.ends("transport close");
    assertThat(next.sent).last().isEqualTo("421[\"up\",{\"n\":1}]");
    ClientLedger ledger = ledger();
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.counts().ordersCut()).isEqualTo(1);
    assertThat(ledger.stays()).extracting(Stay::ordersCut).containsExactly(1, 0);
    assertThat(ledger.counts().unanswered()).isEqualTo(1);
  }

  @Test
  void landed_noAnswer_isSaidAgainAndThenGoneWithout() {
    FakeTransport old = hinted();
    FakeTransport next = ready();
    pass(500);
    assertThat(old.sent.stream().filter(packet -> packet.contains("landed"))).hasSize(2);
    pass(2_299);
    assertThat(ledger().stays()).hasSize(2);
    client.sendDue();
    pass(1);
    assertThat(next.sent).last().asString().contains("\"up\"");
    pass(500);
    assertThat(old.closed).isFalse(); // for its order
  }

  @Test
  void hello_none_goesOnWithoutAfterASecond() {
    FakeTransport old = hinted();
    next().admits("s1");
    assertThat(next().sent).containsExactly("40");
    pass(1_000);
    assertThat(next().sent).last().isEqualTo("420[\"whoami\",{}]");
    next().says("430[{\"name\":\"two\",\"generation\":\"v2\"}]");
    pass(Client.READY_MS);
    assertThat(old.sent).last().asString().contains("\"pod\":\"unknown\"");
  }

  // ---------------------------------------------------------------- moves that fail

  @Test
  void boomerang_threeTimes_staysWhereItIs() {
    FakeTransport old = connected();
    pass(10);
    old.says(HINT);
    for (int i = 1; i <= 3; i++) {
      assertThat(transports).hasSize(1 + i);
      next().admits("s" + i);
      hello(next(), "one", "v1");
      assertThat(next().closed).isTrue();
      pass(PAUSE_MS);
    }
    pass(10_000);
    assertThat(transports).hasSize(4);
    assertThat(old.closed).isFalse();
    ClientLedger ledger = ledger();
    assertThat(ledger.moves()).singleElement().matches(Move::failed);
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.changes()).isZero();
    assertThat(ledger.stays()).extracting(Stay::taken).containsExactly(true, false, false, false);
  }

  @Test
  void graceOver_whileConnecting_staysWhereItIs() {
    FakeTransport old = hinted();
    pass(2_000);
    assertThat(next().closed).isTrue();
    assertThat(old.closed).isFalse();
    assertThat(ledger().moves()).extracting(Move::failure).containsExactly("not within its grace");
  }

  @Test
  void nextLost_whileLanding_sendsWhatWasHeldOverTheOld() {
    FakeTransport old = connected();
    FakeTransport next = holding(old);
    next.ends("transport close");
    pass(49);
    assertThat(old.sent).noneMatch(packet -> packet.contains("{\"n\":2}"));
    pass(1);
    assertThat(old.sent).last().isEqualTo("424[\"up\",{\"n\":2}]");
    old.says("434[{\"n\":2,\"pod\":\"one\"}]");
    ClientLedger ledger = ledger();
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
    assertThat(ledger.counts().acknowledged()).isEqualTo(1);
  }

  @Test
  void anotherHint_duringAMove_isActedOnAfterItHasFailed() {
    FakeTransport old = hinted();
    old.says(HINT.replace("t/1", "t2"));
    pass(2_000);
    assertThat(transports).hasSize(3);
    assertThat(next().query).endsWith("&ticket=t2");
  }

  @Test
  void hint_malformed_isAcknowledgedAndIgnored() {
    FakeTransport old = connected();
    old.says("427[\"drain:reconnect\",{\"reason\":\"drain\",\"graceMs\":\"soon\"}]");
    assertThat(old.sent).last().isEqualTo("437[]");
    assertThat(transports).hasSize(1);
    assertThat(ledger().moves()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"graceMs\":2000,\"ticket\":\"t\"}",
        "{\"reason\":\"drain\",\"graceMs\":-1,\"ticket\":\"t\"}",
        "{\"reason\":\"drain\",\"graceMs\":2000,\"ticket\":\"\"}",
        "{\"reason\":\"drain\",\"graceMs\":2000,\"ticket\":5}",
        "[\"drain\"]",
        "null"
      })
  void hint_ofAnotherShape_isAcknowledgedAndIgnored(String hint) {
    FakeTransport old = connected();
    old.says("427[\"drain:reconnect\"," + hint + "]");
    assertThat(old.sent).last().isEqualTo("437[]");
    assertThat(transports).hasSize(1);
  }

  @Test
  void grace_longerThanAnyTimer_isAnHour() {
    FakeTransport old = connected();
    old.says(HINT.replace("2000", "10000000000000000000000"));
    pass(3_599_999);
    assertThat(ledger().moves()).singleElement().matches(move -> !move.failed());
    pass(1);
    assertThat(ledger().moves()).singleElement().matches(Move::failed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"pod\":5,\"generation\":\"v1\"}", "{\"pod\":\"x\"}", "null", "[\"x\"]"})
  void hello_malformed_isIgnored(String hello) {
    FakeTransport old = connected();
    old.says("42[\"drain:hello\"," + hello + "]");
    old.says(HINT);
    next().admits("s1");
    hello(next(), "one", "v1");
    assertThat(next().closed).isTrue(); // the same pod again
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"5\"", "[7]", "true", "null", "{\"windowMs\":-1}", "{\"windowMs\":\"5\"}"})
  void plan_malformed_isIgnored(String plan) {
    FakeTransport old = connected();
    old.says("42[\"drain:plan\",{\"windowMs\":4000}]");
    old.says("42[\"drain:plan\"," + plan + "]");
    old.ends("transport close");
    pass(1_999);
    assertThat(transports).hasSize(1);
    pass(1);
    assertThat(transports).hasSize(2);
  }

  @Test
  void next_restartedInPlace_isAnotherProcess() {
    FakeTransport old = connected();
    epoch(old, "1");
    old.says(HINT);
    next().admits("s1");
    epoch(next(), "2");
    assertThat(next().closed).isFalse();
    assertThat(next().sent).last().isEqualTo("420[\"whoami\",{}]");
  }

  @Test
  void next_ofTheSameEpoch_isTheSamePod() {
    FakeTransport old = connected();
    epoch(old, "1");
    old.says(HINT);
    next().admits("s1");
    epoch(next(), "1");
    assertThat(next().closed).isTrue();
  }

  @Test
  void refused_byTheNext_isAnAnswerAndTriedOnce() {
    FakeTransport old = hinted();
    next().says("0{\"sid\":\"s1\",\"pingInterval\":25000,\"pingTimeout\":20000}");
    next().says("44{\"message\":\"expired\"}");
    pass(10_000);
    assertThat(transports).hasSize(2);
    assertThat(old.closed).isFalse();
    assertThat(ledger().moves()).extracting(Move::failure).containsExactly("connect error");
    assertThat(ledger().gaps()).isEmpty();
  }

  // ---------------------------------------------------------------- sent away by the old pod

  @Test
  void sentAway_nextNotYetConnected_movesAllTheSame() {
    FakeTransport old = hinted();
    old.says("41");
    pass(300);
    nowMs += 700;
    client.sendDue();
    pass(0);
    next().ends("websocket error");
    pass(PAUSE_MS);
    assertThat(transports).hasSize(3);
    ready();
    assertThat(next().sent).anyMatch(packet -> packet.contains("{\"n\":2}"));
    pass(10_000);
    assertThat(transports).hasSize(3);
    assertThat(next().closed).isFalse();
    ClientLedger ledger = ledger();
    assertThat(ledger.moves()).extracting(Move::landed).containsExactly(true);
    assertThat(ledger.gaps()).hasSize(1);
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
    next().ends("transport close");
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(4); // it has not been sent away there
  }

  @Test
  void sentAway_nextConnected_isNoGap() {
    FakeTransport old = hinted();
    next().admits("s1");
    hello(next(), "two", "v2");
    old.says("41");
    next().says("430[{\"name\":\"two\",\"generation\":\"v2\"}]");
    pass(Client.READY_MS);
    assertThat(next().sent).contains("421[\"up\",{\"n\":1}]");
    pass(10_000);
    assertThat(transports).hasSize(2);
    assertThat(ledger().gaps()).isEmpty();
    assertThat(ledger().moves()).extracting(Move::landed).containsExactly(true);
  }

  @Test
  void sentAway_whileLanding_sendsWhatWasHeldOverTheNext() {
    FakeTransport old = connected();
    FakeTransport next = holding(old);
    old.says("41");
    pass(50);
    assertThat(next.sent).anyMatch(packet -> packet.contains("{\"n\":2}"));
    pass(120_000);
    assertThat(transports).hasSize(2);
    assertThat(ledger().moves()).extracting(Move::landed).containsExactly(true);
  }

  @Test
  void sentAway_moveFails_staysAway() {
    FakeTransport old = hinted();
    old.says("41");
    pass(2_000);
    assertThat(ledger().moves()).singleElement().matches(Move::failed);
    pass(120_000);
    assertThat(transports).hasSize(2);
    assertThat(accounts.progress().connected()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sentAway_byBoth_staysAway(boolean refused) {
    FakeTransport old = hinted();
    old.says("41");
    next().says("0{\"sid\":\"s1\",\"pingInterval\":25000,\"pingTimeout\":20000}");
    next().says(refused ? "44{\"message\":\"banned\"}" : "41");
    assertThat(ledger().moves()).singleElement().matches(Move::failed);
    pass(120_000);
    assertThat(transports).hasSize(2);
  }

  // ---------------------------------------------------------------- cuts

  @Test
  void cut_whilePreparing_doesNotReconnectMeanwhile() {
    FakeTransport old = connected();
    old.says(HINT.replace("2000", "9000"));
    next().admits("s1");
    hello(next(), "two", "v2");
    old.ends("transport close");
    pass(5_000);
    assertThat(transports).hasSize(2);
    pass(4_000);
    assertThat(ledger().moves()).singleElement().matches(Move::failed);
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(3);
  }

  @Test
  void cut_nextNotYetConnected_isAGapUntilTheNextTakesOver() {
    FakeTransport old = hinted();
    old.ends("transport close");
    pass(300);
    ready();
    assertThat(accounts.progress().connected()).isEqualTo(1);
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(2); // its own reconnection is cancelled
    ClientLedger ledger = ledger();
    assertThat(ledger.gaps()).extracting(Gap::lengthMs).containsExactly(500L);
    assertThat(ledger.without()).isEqualTo(new ClientLedger.Without(1, 500));
    assertThat(ledger.moves()).extracting(Move::landed).containsExactly(true);
  }

  @Test
  void cut_nextConnected_isNoGap() {
    FakeTransport old = hinted();
    next().admits("s1");
    hello(next(), "two", "v2");
    old.ends("transport close");
    assertThat(accounts.progress().connected()).isEqualTo(1);
    next().says("430[{\"name\":\"two\",\"generation\":\"v2\"}]");
    pass(Client.READY_MS);
    assertThat(next().sent).contains("421[\"up\",{\"n\":1}]");
    ClientLedger ledger = ledger();
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.moves()).extracting(Move::landed).containsExactly(true);
    assertThat(ledger.stays()).hasSize(2);
    assertThat(ledger.counts().ordersCut()).isEqualTo(1);
  }

  @Test
  void cut_whileLanding_sendsWhatWasHeldOverTheNext() {
    FakeTransport old = connected();
    FakeTransport next = holding(old);
    old.ends("transport close");
    pass(49);
    assertThat(next.sent).noneMatch(packet -> packet.contains("{\"n\":2}"));
    pass(1);
    assertThat(next.sent).anyMatch(packet -> packet.contains("{\"n\":2}"));
    ClientLedger ledger = ledger();
    assertThat(ledger.gaps()).isEmpty();
    assertThat(ledger.moves()).extracting(Move::landed).containsExactly(true);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothCut_whileLanding_whatWasHeldWaitsForTheReconnection(boolean oldFirst) {
    FakeTransport old = connected();
    FakeTransport next = holding(old);
    (oldFirst ? old : next).ends("transport close");
    pass(10);
    (oldFirst ? next : old).ends("transport close");
    pass(50);
    assertThat(old.sent).noneMatch(packet -> packet.contains("{\"n\":2}"));
    assertThat(next.sent).noneMatch(packet -> packet.contains("{\"n\":2}"));
    assertThat(accounts.progress().connected()).isZero();
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(3);
    next().admits("s2");
    assertThat(next().sent).anyMatch(packet -> packet.contains("{\"n\":2}"));
    ClientLedger ledger = ledger();
    assertThat(ledger.moves()).singleElement().matches(Move::failed);
    assertThat(ledger.gaps()).hasSize(1);
  }

  @Test
  void cut_ownReconnectionFirst_dropsTheNext() {
    FakeTransport old = connected();
    old.says(HINT.replace("2000", "9000"));
    FakeTransport next = next();
    old.ends("transport close");
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(3);
    next().admits("s2");
    assertThat(next.closed).isTrue();
    ClientLedger ledger = ledger();
    assertThat(ledger.moves()).singleElement().matches(Move::failed);
    assertThat(ledger.gaps()).extracting(Gap::lengthMs).containsExactly(BACK_OFF_MS);
  }

  @Test
  void cut_withoutAHint_comesBackWithinThePlan() {
    FakeTransport old = connected();
    old.says("42[\"drain:plan\",{\"windowMs\":4000}]");
    old.ends("transport close");
    pass(1_999);
    assertThat(transports).hasSize(1);
    pass(1);
    assertThat(transports).hasSize(2);
    next().ends("websocket error");
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(3);
  }

  @Test
  void serverWithoutHello_isThatOfAStockClient() {
    client.connect();
    pass(0);
    next().admits("s0");
    next().ends("transport close");
    pass(BACK_OFF_MS);
    assertThat(transports).hasSize(2);
  }

  // ---------------------------------------------------------------- the parts

  private FakeTransport connected() {
    client.connect();
    pass(0);
    FakeTransport old = next();
    old.admits("s0");
    hello(old, "one", "v1");
    old.says("430[{\"name\":\"one\",\"generation\":\"v1\"}]");
    assertThat(old.sent)
        .containsExactly(
            "40", "420[\"whoami\",{}]", "421[\"up\",{\"n\":1}]", "422[\"order\",{\"id\":\"0-1\"}]");
    return old;
  }

  private FakeTransport hinted() {
    FakeTransport old = connected();
    old.says(HINT);
    return old;
  }

  private FakeTransport next() {
    return transports.get(transports.size() - 1);
  }

  /** The client is hinted, lands on the next pod, and holds its second number. */
  private FakeTransport holding(FakeTransport old) {
    old.says(HINT);
    FakeTransport next = ready();
    nowMs += 1_000;
    client.sendDue();
    pass(0);
    return next;
  }

  private static void epoch(FakeTransport transport, String epoch) {
    transport.says(
        "42[\"drain:hello\",{\"pod\":\"one\",\"generation\":\"v1\",\"epoch\":\"%s\"}]"
            .formatted(epoch));
  }

  /** The next pod admits the client and answers it. */
  private FakeTransport ready() {
    FakeTransport next = next();
    next.admits("s1");
    hello(next, "two", "v2");
    next.says("430[{\"name\":\"two\",\"generation\":\"v2\"}]");
    pass(Client.READY_MS);
    return next;
  }

  private static void hello(FakeTransport from, String pod, String generation) {
    from.says(
        "42[\"drain:hello\",{\"pod\":\"%s\",\"generation\":\"%s\"}]".formatted(pod, generation));
  }

  private static void feed(FakeTransport from, long n, String pod) {
    from.says("42[\"feed\",{\"n\":%d,\"at\":1,\"pod\":\"%s\"}]".formatted(n, pod));
  }

  private ClientLedger ledger() {
    return accounts.close(nowMs).clients().get(0);
  }

  private void pass(long ms) {
    nowMs += ms;
    time.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    time.runPendingTasks();
    time.runScheduledPendingTasks();
  }
}
