package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.FeedBytes;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.ledger.Accounts;
import io.gracefuldrain.lab.results.Answer;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lean client with connection state recovery, in virtual time. */
class LeanRecoveringTest {
  private static final long FIRST_WAIT_MS = 1_250;
  private static final long NOW_MS = 1_000_000;

  private final EmbeddedChannel time = new EmbeddedChannel();
  private long nowMs = NOW_MS;
  private final Accounts accounts = new Accounts(new Accounts.Intervals(100, 60_000, 0), 1);
  private final Account account = accounts.open(ClientKind.LEAN_RECOVERING, "", NOW_MS + 50_000, 0);
  private final List<FakeTransport> transports = new ArrayList<>();
  private final LeanClient client =
      new LeanClient(
          time.eventLoop(),
          (query, listener) -> {
            transports.add(new FakeTransport(query, listener));
            return transports.get(transports.size() - 1);
          },
          100,
          ClientKind.LEAN_RECOVERING,
          () -> 0.5,
          account,
          () -> nowMs);

  LeanRecoveringTest() {
    time.freezeTime();
  }

  @AfterEach
  void release() {
    time.finishAndReleaseAll();
  }

  @Test
  void comesBack_withThePidAndTheOffset_andIsRecovered() {
    FakeTransport first = connected("s1", "p");
    assertThat(first.query).isEqualTo("feedMs=100&bytes=1");
    assertThat(first.sent).startsWith("40");
    first.says("42[\"drain:at\",\"token\"]");
    FakeTransport second = again(first);
    second.says("0{\"sid\":\"s2\",\"upgrades\":[]}");
    assertThat(second.sent).containsExactly("40{\"pid\":\"p\",\"offset\":\"token\"}");
    second.says("40{\"sid\":\"s2\",\"pid\":\"p\"}");
    assertThat(ledger().recovery().sids()).containsExactly("s2");
    assertThat(ledger().recovery().posted()).isEqualTo(1 + 12);
    assertThat(answers()).containsExactly(Answer.Kind.FIRST, Answer.Kind.RECOVERED);
  }

  @Test
  void comesBack_anotherPid_isNotRecovered() {
    FakeTransport second = again(connected("s1", "p"));
    admit(second, "s2", "q");
    assertThat(ledger().recovery().sids()).isEmpty();
    assertThat(ledger().stays()).hasSize(2);
    assertThat(answers()).containsExactly(Answer.Kind.FIRST, Answer.Kind.ANEW);
  }

  @Test
  void comesBack_withoutAPid_hasAskedForNothing() {
    FakeTransport first = connected("s1", "");
    admit(again(first), "s2", "");
    assertThat(answers()).containsExactly(Answer.Kind.FIRST, Answer.Kind.AGAIN);
  }

  @Test
  void messages_beforeTheAnswer_areSeenAfterIt() {
    client.connect();
    pass(0);
    FakeTransport first = transports.get(0);
    first.says("0{\"sid\":\"s1\",\"upgrades\":[]}");
    first.says("42[\"feed\",{\"n\":10001}]");
    assertThat(accounts.progress().received()).isZero();
    first.says("40{\"sid\":\"s1\",\"pid\":\"p\"}");
    assertThat(accounts.progress().received()).isEqualTo(1);
  }

  @Test
  void posts_withoutAConnection_waitAndGoOutInOrder() {
    FakeTransport first = connected("s1", "p");
    assertThat(first.sent).contains("42[\"post\",{\"n\":1}]");
    first.ends("transport close");
    pass(200);
    client.sendDue();
    pass(FIRST_WAIT_MS - 200);
    FakeTransport second = transports.get(1);
    admit(second, "s2", "p");
    assertThat(second.sent)
        .containsSubsequence(
            "451-[\"post\",{\"n\":2},{\"_placeholder\":true,\"num\":0}]",
            "bytes " + HexFormat.of().formatHex(FeedBytes.of(2)),
            "42[\"post\",{\"n\":3}]");
  }

  @Test
  void bytes_missingOrWrong_areDamage() {
    FakeTransport first = connected("s1", "p");
    feed(first, 10_000, FeedBytes.of(10_000));
    first.says("42[\"feed\",{\"n\":10001}]");
    assertThat(ledger().recovery().damaged()).isZero();
    feed(first, 10_002, FeedBytes.of(10_000));
    first.says("42[\"feed\",{\"n\":10004}]");
    assertThat(ledger().recovery().damaged()).isEqualTo(2);
  }

  @Test
  void bytes_withAByteInFrontOnceAndWithoutItLater_areDamage() {
    FakeTransport first = connected("s1", "p");
    feed(first, 10_000, FeedBytes.sent(10_000));
    feed(first, 10_002, FeedBytes.sent(10_002));
    assertThat(ledger().recovery().damaged()).isZero();
    feed(first, 10_004, FeedBytes.of(10_004));
    assertThat(ledger().recovery().damaged()).isEqualTo(1);
  }

  @Test
  void bytes_unasked_endTheConnection() {
    FakeTransport first = connected("s1", "p");
    first.says(new byte[] {1});
    assertThat(ledger().stays().get(0).reason()).isEqualTo("parse error");
  }

  @Test
  void text_whileBytesAreToCome_endsTheConnection() {
    FakeTransport first = connected("s1", "p");
    first.says("451-[\"feed\",{\"n\":10000},{\"_placeholder\":true,\"num\":0}]");
    first.says("42[\"feed\",{\"n\":10001}]");
    assertThat(ledger().stays().get(0).reason()).isEqualTo("parse error");
  }

  // ---------------------------------------------------------------- the parts

  private List<Answer.Kind> answers() {
    return ledger().answers().stream().map(Answer::kind).toList();
  }

  private static void feed(FakeTransport over, long n, byte[] attachment) {
    over.says("451-[\"feed\",{\"n\":" + n + "},{\"_placeholder\":true,\"num\":0}]");
    over.says(attachment);
  }

  private FakeTransport connected(String sid, String pid) {
    client.connect();
    pass(0);
    admit(transports.get(0), sid, pid);
    return transports.get(0);
  }

  private FakeTransport again(FakeTransport first) {
    first.ends("transport close");
    pass(FIRST_WAIT_MS);
    return transports.get(1);
  }

  private static void admit(FakeTransport transport, String sid, String pid) {
    transport.says("0{\"sid\":\"" + sid + "\",\"upgrades\":[]}");
    transport.says("40{\"sid\":\"" + sid + "\",\"pid\":\"" + pid + "\"}");
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
