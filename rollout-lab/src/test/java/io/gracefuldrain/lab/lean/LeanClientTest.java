package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.ledger.Accounts;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Gap;
import io.gracefuldrain.lab.results.Stay;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the lean client reacts to a server that speaks or stays silent, in virtual time. */
class LeanClientTest {
  /** Half of the random numbers' range makes the first wait 1,250 ms. */
  private static final double RANDOM = 0.5;

  private static final long FIRST_WAIT_MS = 1_250;

  private final EmbeddedChannel time = new EmbeddedChannel();
  private long nowMs = 1_000_000;
  private final Accounts accounts = new Accounts(new Accounts.Intervals(100, 500, 15_000), 1);
  private final Account account =
      accounts.open(ClientKind.LEAN_WEBSOCKET, "", 1_000_000, 1_002_000);
  private final List<FakeTransport> transports = new ArrayList<>();

  LeanClientTest() {
    time.freezeTime();
  }

  @AfterEach
  void release() {
    time.finishAndReleaseAll();
  }

  @Test
  void connect_openAndConnected_asksForThePodAndSendsWhatIsDue() {
    FakeTransport first = connected(client(false));
    assertThat(first.query).isEqualTo("feedMs=100");
    assertThat(first.opened).isTrue();
    assertThat(first.sent).containsExactly("40", "420[\"whoami\",{}]", "421[\"up\",{\"n\":1}]");
    first.says("430[{\"name\":\"one\",\"generation\":\"v1\",\"phase\":\"SERVING\"}]");
    first.says("431[{\"n\":1,\"count\":1,\"pod\":\"one\"}]");
    first.says("42[\"feed\",{\"n\":10000,\"at\":1000000,\"pod\":\"one\"}]");
    ClientLedger ledger = ledger();
    assertThat(ledger.stays())
        .containsExactly(new Stay("s1", "one", "v1", nowMs, null, null, 1, 10_000L, 1, 0, 0));
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
  }

  @Test
  void acknowledgement_unaskedOrTwice_isWrong() {
    FakeTransport first = connected(client(false));
    first.says("431[{\"n\":1}]");
    first.says("431[{\"n\":1}]");
    first.says("4399[{\"n\":1}]");
    assertThat(ledger().counts().wrongAcknowledgements()).isEqualTo(2);
  }

  @Test
  void order_due_isPlacedAndDoneWhenItsAnswerSaysSo() {
    LeanClient client = client(false);
    FakeTransport first = connected(client);
    pass(2_000);
    client.sendDue();
    pass(0);
    assertThat(first.sent).last().isEqualTo("426[\"order\",{\"id\":\"0-1\"}]");
    first.says("436[{\"id\":\"0-1\",\"pod\":\"one\",\"tookMs\":5000}]");
    ClientLedger ledger = ledger();
    assertThat(ledger.counts().ordersDone()).isEqualTo(1);
    assertThat(ledger.counts().wrongAcknowledgements()).isZero();
  }

  @Test
  void order_refused_isAWrongAcknowledgement() {
    LeanClient client = client(false);
    FakeTransport first = connected(client);
    pass(2_000);
    client.sendDue();
    pass(0);
    first.says("436[{\"error\":\"order: too many are under way\"}]");
    ClientLedger ledger = ledger();
    assertThat(ledger.counts().ordersPlaced()).isEqualTo(1);
    assertThat(ledger.counts().ordersDone()).isZero();
    assertThat(ledger.counts().wrongAcknowledgements()).isEqualTo(1);
  }

  @Test
  void transportEnds_whileConnected_comesBackAfterItsBackOff() {
    FakeTransport first = connected(client(false));
    first.ends("transport close");
    pass(FIRST_WAIT_MS - 1);
    assertThat(transports).hasSize(1);
    pass(1);
    assertThat(transports).hasSize(2);
    open(transports.get(1));
    assertThat(ledger().gaps()).containsExactly(new Gap(1_000_000, nowMs, FIRST_WAIT_MS, 0));
  }

  @Test
  void attemptFails_again_waitsLonger() {
    connected(client(false)).ends("transport close");
    pass(FIRST_WAIT_MS);
    transports.get(1).ends("websocket error");
    pass(2 * FIRST_WAIT_MS - 1);
    assertThat(transports).hasSize(2);
    pass(1);
    assertThat(transports).hasSize(3);
    open(transports.get(2));
    assertThat(ledger().gaps()).containsExactly(new Gap(1_000_000, nowMs, 3 * FIRST_WAIT_MS, 1));
  }

  @Test
  void ping_isAnsweredAndItsAbsenceEndsTheConnection() {
    FakeTransport first = connected(client(false));
    pass(44_999);
    first.says("2");
    assertThat(first.sent).last().isEqualTo("3");
    pass(44_999);
    assertThat(accounts.progress().connected()).isEqualTo(1);
    pass(1);
    assertThat(first.closed).isTrue();
    assertThat(ledger().stays().get(0).reason()).isEqualTo("ping timeout");
    pass(FIRST_WAIT_MS);
    assertThat(transports).hasSize(2);
  }

  @Test
  void attempt_withoutAnAnswer_endsAfterTwentySeconds() {
    client(false).connect();
    pass(0);
    pass(20_000);
    assertThat(transports.get(0).closed).isTrue();
    assertThat(accounts.progress().failedConnects()).isEqualTo(1);
    pass(FIRST_WAIT_MS);
    assertThat(transports).hasSize(2);
  }

  @Test
  void disconnectPacket_isFinal() {
    FakeTransport first = connected(client(false));
    first.says("41");
    assertThat(first.closed).isTrue();
    pass(120_000);
    assertThat(transports).hasSize(1);
    assertThat(ledger().stays().get(0).reason()).isEqualTo("io server disconnect");
  }

  @Test
  void closePacket_overPolling_endsTheConnection() {
    FakeTransport first = connected(client(true));
    first.says("1");
    assertThat(accounts.progress().connected()).isZero();
    pass(FIRST_WAIT_MS);
    assertThat(transports).hasSize(2);
  }

  @Test
  void closePacket_overWebSocket_isIgnored() {
    FakeTransport first = connected(client(false));
    first.says("1");
    assertThat(accounts.progress().connected()).isEqualTo(1);
  }

  @Test
  void endOfAnOldTransport_isIgnored() {
    FakeTransport first = connected(client(false));
    first.ends("transport close");
    pass(FIRST_WAIT_MS);
    open(transports.get(1));
    first.ends("transport error");
    first.says("41");
    assertThat(accounts.progress().connected()).isEqualTo(1);
  }

  @Test
  void packetThatIsNone_endsTheConnection() {
    connected(client(false)).says("42[\"feed\"");
    assertThat(ledger().stays().get(0).reason()).isEqualTo("parse error");
  }

  @Test
  void close_saysGoodbyeAndStaysAway() {
    LeanClient client = client(false);
    FakeTransport first = connected(client);
    client.close();
    pass(120_000);
    assertThat(first.sent).last().isEqualTo("41");
    assertThat(first.closed).isTrue();
    assertThat(transports).hasSize(1);
  }

  // ---------------------------------------------------------------- the parts

  private LeanClient client(boolean polling) {
    return new LeanClient(
        time.eventLoop(),
        (query, listener) -> {
          transports.add(new FakeTransport(query, listener));
          return transports.get(transports.size() - 1);
        },
        100,
        polling ? ClientKind.LEAN_POLLING : ClientKind.LEAN_WEBSOCKET,
        () -> RANDOM,
        account,
        () -> nowMs);
  }

  private FakeTransport connected(LeanClient client) {
    client.connect();
    pass(0);
    open(transports.get(0));
    return transports.get(0);
  }

  private static void open(FakeTransport transport) {
    transport.admits("s1");
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
