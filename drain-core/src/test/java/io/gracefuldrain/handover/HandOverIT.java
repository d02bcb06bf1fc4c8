package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainTotals;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.KeepingConnection;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Opened;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions handed over between pods, by real HTTP. */
@Timeout(120)
class HandOverIT {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final String OTHER_KEY = "other-0123456789abcdef0123456789";

  private final Opened opened = new Opened();
  private final TestPod b = pod(TestPod.policy("pod-b"));

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  private TestPod pod(DrainPolicy policy) {
    return opened.add(TestPod.start(policy));
  }

  private static void assertRefused(String reason, ThrowingCallable asking) {
    assertThatThrownBy(asking)
        .asInstanceOf(type(HandOverRefusal.class))
        .extracting(HandOverRefusal::reason)
        .isEqualTo(reason);
  }

  private static DrainTotals.Timing fetched(TestPod pod, HandOverResult result) {
    return pod.coordinator.totals().fetched().get(result);
  }

  // ---------------------------------------------------------------- as it should be

  @Test
  void session_ofADrainingPod_isHandedOverWithAllThatWasSentMeanwhile() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    String token = a.handOver.token("alice");
    KeepingConnection client = a.letGo("alice").get(0);
    client.send("one");
    assertThat(b.handOver.valid(token)).isTrue();

    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token, "alice");
    assertThat(new String(prepared.state(), StandardCharsets.UTF_8)).isEqualTo("state of alice");
    client.send("two");
    assertThat(TestPod.take(prepared)).isEqualTo("one\ntwo");
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    prepared.landed();

    TestPod.awaitLanded(client, "pod-b");
    Await.until(() -> a.coordinator.phase() == DrainPhase.DRAINED);
    assertThat(a.coordinator.report().count(Outcome.LANDED)).isEqualTo(1);
    assertThat(fetched(b, HandOverResult.TAKEN).count()).isEqualTo(1);
    assertRefused("taken", () -> TestPod.prepare(b.handOver, token, "alice"));
    assertThat(fetched(b, HandOverResult.REFUSED).count()).isEqualTo(1);
  }

  @Test
  void session_largerThanAnyBuffer_arrivesWhole() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    KeepingConnection client = a.letGo("alice").get(0);
    String message = "0123456789".repeat(9_970);
    for (int i = 0; i < 10; i++) {
      assertThat(client.send(message)).isTrue();
    }

    String mail = TestPod.fetch(b.handOver, a.handOver.token("alice"), "alice");
    assertThat(mail.split("\n", -1)).hasSize(10).containsOnly(message);
  }

  @Test
  void session_ofAnotherUser_isRefused() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    a.letGo("alice");

    assertRefused(
        "identity", () -> TestPod.prepare(b.handOver, a.handOver.token("alice"), "mallory"));
    assertThat(TestPod.fetch(b.handOver, a.handOver.token("alice"), "alice")).isEmpty();
  }

  @Test
  void session_askedForByManyAtOnce_isTakenOnce() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod c = pod(TestPod.policy("pod-c"));
    KeepingConnection client = a.letGo("alice").get(0);
    String token = a.handOver.token("alice");
    List<HandOver.Prepared> prepared = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      prepared.add(TestPod.prepare(i % 2 == 0 ? b.handOver : c.handOver, token, "alice"));
    }
    client.send("one");

    List<CompletionStage<byte[]>> takes = prepared.stream().map(HandOver.Prepared::take).toList();
    int taken = 0;
    for (int i = 0; i < takes.size(); i++) {
      try {
        assertThat(TestPod.result(takes.get(i))).isEqualTo("one".getBytes(StandardCharsets.UTF_8));
        taken++;
        prepared.get(i).landed();
      } catch (HandOverRefusal e) {
        assertThat(e.reason()).isEqualTo("taken");
      }
    }
    assertThat(taken).isEqualTo(1);
    Await.until(() -> client.events().size() == 3);
  }

  @Test
  void session_ofThisPodItself_isTakenWithoutAnyConnection() throws Exception {
    ForeignPod canary = opened.add(ForeignPod.silent());
    TestPod a = pod(TestPod.policy("pod-a").withHandoverPort(canary.port()));
    KeepingConnection client = a.letGo("alice").get(0);
    client.send("one");
    a.coordinator.resume();
    client.send("two");

    assertThat(TestPod.fetch(a.handOver, a.handOver.token("alice"), "alice")).isEqualTo("one\ntwo");
    TestPod.awaitLanded(client, "pod-a");
    assertThat(canary.connections()).isZero();
  }

  @Test
  void session_whoseTakerDrainsToo_goesOnToTheThird() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod c = pod(TestPod.policy("pod-c"));
    a.letGo("alice");
    String token = a.handOver.token("alice");
    assertThat(TestPod.fetch(b.handOver, token, "alice")).isEmpty();

    b.letGo("alice").get(0).send("two");
    assertThat(TestPod.fetch(c.handOver, b.handOver.token("alice"), "alice")).isEqualTo("two");
    assertRefused("taken", () -> TestPod.prepare(c.handOver, token, "alice"));
  }

  @Test
  void session_ofAPodWithAnAddressOfVersion6_isHandedOver() throws Exception {
    DrainPolicy policy = TestPod.policy("pod-a").withPodIp("::1").withPeers("::1/128");
    try (DrainCoordinator a = DrainCoordinator.create(policy);
        DrainHttpServer server =
            DrainHttpServer.start(
                DrainEndpoints.of(a), new InetSocketAddress(policy.podIp().orElseThrow(), 0))) {
      KeepingConnection client = KeepingConnection.register(a, "alice");
      a.started();
      a.drain(DrainReason.MANUAL);
      Await.until(() -> client.events().contains("kept"));
      client.send("one");
      TestPod six = pod(TestPod.policy("pod-6").withPeers("::1/128"));

      String token = HandOver.of(a).token("alice");
      assertThat(TestPod.fetch(six.handOver, token, "alice")).isEqualTo("one");
      assertRefused("address", () -> TestPod.prepare(b.handOver, token, "alice"));
      assertThat(server.port()).isPositive();
    } catch (UncheckedIOException e) {
      assumeThat(false).as("this machine has no IPv6: %s", e.getMessage()).isTrue();
    }
  }

  /** The first client of a fresh pod has no time to wait for its classes. */
  @Test
  void start_ofThePod_asksItself() throws Exception {
    ForeignPod canary = opened.add(ForeignPod.silent());
    DrainPolicy policy = TestPod.policy("pod-a").withHandoverPort(canary.port());
    try (DrainCoordinator a = DrainCoordinator.create(policy)) {
      HandOver.of(a);
      HandOver.of(a);
      assertThat(canary.connections()).isZero();
      a.started();
      Await.until(() -> canary.connections() == 1);
      assertThat(a.totals().handedOver().refused()).isEmpty();
    }
  }

  // ---------------------------------------------------------------- keys

  @Test
  void keys_whileTheyAreChanged_areUnderstoodByOldAndNewPods() throws Exception {
    TestPod old = pod(TestPod.policy("pod-a"));
    TestPod both = pod(TestPod.policy("pod-c").withTicketKey(OTHER_KEY + "," + TestPod.KEY));
    TestPod fresh = pod(TestPod.policy("pod-d").withTicketKey(OTHER_KEY));
    old.letGo("alice", "bob");
    both.letGo("carol");

    assertThat(TestPod.fetch(both.handOver, old.handOver.token("alice"), "alice")).isEmpty();
    assertThat(TestPod.fetch(fresh.handOver, both.handOver.token("carol"), "carol")).isEmpty();
    assertRefused("token", () -> TestPod.prepare(fresh.handOver, old.handOver.token("bob"), "bob"));
    assertThat(fresh.handOver.valid(old.handOver.token("bob"))).isFalse();
  }

  @Test
  void pod_withAnotherKeyBehindTheAddress_isToldNothing() throws Exception {
    TestPod stranger = pod(TestPod.policy("pod-x").withTicketKey(OTHER_KEY));
    TestPod a = pod(TestPod.policy("pod-a").withHandoverPort(stranger.server.port()));
    a.letGo("alice");

    assertRefused("mac", () -> TestPod.prepare(b.handOver, a.handOver.token("alice"), "alice"));
  }

  // ---------------------------------------------------------------- answers that are lost

  @Test
  void prepare_whoseAnswerIsLost_isAskedAgain() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of(1)));
    throughA(proxy, a);

    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token(proxy, a), "alice");
    assertThat(TestPod.take(prepared)).isEmpty();
    assertThat(proxy.connections()).isEqualTo(3);
  }

  @Test
  void prepare_ofASessionThatIsNotProvenYet_waitsForIt() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    KeepingConnection client = KeepingConnection.filling(a.coordinator, "alice");
    a.coordinator.drain(DrainReason.MANUAL);
    Await.until(() -> client.events().contains("kept"));
    client.send("one");

    CompletionStage<HandOver.Prepared> prepared =
        b.handOver.prepare(a.handOver.token("alice"), "alice".getBytes(StandardCharsets.UTF_8));
    Await.until(() -> a.coordinator.totals().handedOver().refused().containsKey("early"));
    client.offer(); // its proxy ends late

    assertThat(TestPod.take(TestPod.result(prepared))).isEqualTo("one");
    assertThat(a.coordinator.totals().handedOver().refused())
        .as("counted once")
        .isEqualTo(Map.of("early", 1L));
  }

  @Test
  void prepare_ofASessionThatIsNeverProven_isRefusedInTime() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    KeepingConnection client = KeepingConnection.filling(a.coordinator, "alice");
    a.coordinator.drain(DrainReason.MANUAL);
    Await.until(() -> client.events().contains("kept"));
    TestPod c = pod(TestPod.policy("pod-c").withHandoverTimeout(Duration.ofSeconds(1)));

    assertRefused(
        "unproven", () -> TestPod.prepare(c.handOver, a.handOver.token("alice"), "alice"));
    assertThat(fetched(c, HandOverResult.REFUSED).count()).isEqualTo(1);
  }

  @Test
  void take_whoseAnswerIsLost_isAskedAgainAndGivenTheSame() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of(2, 3)));
    KeepingConnection client = throughA(proxy, a);
    client.send("one");

    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token(proxy, a), "alice");
    assertThat(TestPod.take(prepared)).isEqualTo("one");
    assertThat(proxy.connections()).isEqualTo(4);
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    prepared.landed();
    TestPod.awaitLanded(client, "pod-b");
  }

  /** Nothing is claimed that has not happened, and whoever comes next has it all. */
  @Test
  void take_whoseAnswersAreAllLost_fails_andTheSessionWaitsForTheNextOne() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod c = pod(TestPod.policy("pod-c"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of(2, 3, 4)));
    KeepingConnection client = throughA(proxy, a);
    client.send("one");

    assertRefused("lost", () -> TestPod.fetch(b.handOver, token(proxy, a), "alice"));
    assertThat(proxy.connections()).isEqualTo(4);
    assertThat(fetched(b, HandOverResult.UNREACHABLE).count()).isEqualTo(1);
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    client.send("two");

    assertThat(fetchedLater(a, c)).isEqualTo("one\ntwo");
    TestPod.awaitLanded(client, "pod-c");
    assertThat(a.coordinator.totals().handedOver().taken()).isEqualTo(1);
  }

  /** The pod that has taken a session may be dead: its client comes to another one. */
  @Test
  void session_thatWasTakenByAPodThatDies_isGivenToTheNextOne() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod dies = TestPod.start("pod-d");
    KeepingConnection client = a.letGo("alice").get(0);
    String token = a.handOver.token("alice");
    client.send("one");
    assertThat(TestPod.take(TestPod.prepare(dies.handOver, token, "alice"))).isEqualTo("one");
    dies.close();
    client.send("two");

    assertThat(fetchedLater(a, b)).isEqualTo("one\ntwo");
    TestPod.awaitLanded(client, "pod-b");
    Await.until(() -> a.coordinator.phase() == DrainPhase.DRAINED);
    assertThat(a.coordinator.report().count(Outcome.LANDED)).isEqualTo(1);
  }

  /** As a client does that comes back: not in the first half of a second. */
  private static String fetchedLater(TestPod old, TestPod by) throws Exception {
    Await.until(
        () -> {
          try {
            old.coordinator.keptSessions().state("alice", "alice".getBytes(StandardCharsets.UTF_8));
            return true;
          } catch (HandOverRefusal e) {
            assertThat(e.reason()).isEqualTo("taken");
            return false;
          }
        });
    return TestPod.fetch(by.handOver, old.handOver.token("alice"), "alice");
  }

  /** The old pod may have given it by then: an answer that comes too late is as good as lost. */
  @Test
  void take_thatIsAnsweredLongAfterTheTimeout_isTaken() throws Exception {
    TestPod quick = pod(TestPod.policy("pod-q").withHandoverTimeout(SHORT));
    TestPod a = pod(TestPod.policy("pod-a"));
    CompletableFuture<Void> answers = new CompletableFuture<>();
    ForeignPod proxy =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  if (request.startsWith("POST /handover/take")) {
                    answers.get(60, TimeUnit.SECONDS);
                  }
                  forward(a.server.port(), request, socket);
                }));
    KeepingConnection client = throughA(proxy, a);
    client.send("one");
    HandOver.Prepared prepared = TestPod.prepare(quick.handOver, token(proxy, a), "alice");

    CompletionStage<byte[]> take = prepared.take();
    answers.completeOnTimeout(null, 3 * SHORT.toMillis(), TimeUnit.MILLISECONDS);

    assertThat(TestPod.result(take)).isEqualTo("one".getBytes(StandardCharsets.UTF_8));
    assertThat(fetched(quick, HandOverResult.TAKEN).maxNanos()).isGreaterThan(SHORT.toNanos());
  }

  @Test
  void take_whoseFirstAnswerDoesNotCome_isAskedAgainInTime() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod quick = pod(TestPod.policy("pod-q").withHandoverTimeout(SHORT));
    AtomicInteger takes = new AtomicInteger();
    ForeignPod proxy =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  if (request.startsWith("POST /handover/take") && takes.incrementAndGet() == 1) {
                    socket.getInputStream().read(); // until the other side gives up
                  } else {
                    forward(a.server.port(), request, socket);
                  }
                }));
    KeepingConnection client = throughA(proxy, a);
    client.send("one");
    HandOver.Prepared prepared = TestPod.prepare(quick.handOver, token(proxy, a), "alice");

    assertThat(TestPod.take(prepared)).isEqualTo("one");
  }

  /** Each of them takes eight of the threads that ask, for as long as it is silent. */
  @Test
  void session_ofAPodBesideOnesThatAreSilent_isHandedOverInTime() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    a.letGo("alice");
    List<CompletionStage<HandOver.Prepared>> waiting = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ForeignPod silent = opened.add(ForeignPod.silent());
      for (int client = 0; client < 20; client++) {
        waiting.add(b.handOver.prepare(token(silent, a), new byte[0]));
      }
      Await.until(() -> silent.connections() == 8);
    }
    assertThat(TestPod.fetch(b.handOver, a.handOver.token("alice"), "alice")).isEmpty();
    assertThat(waiting).noneMatch(each -> each.toCompletableFuture().isDone());
  }

  @Test
  void take_thatIsNeverAnswered_failsInTime() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod quick = pod(TestPod.policy("pod-q").withHandoverTimeout(SHORT));
    ForeignPod proxy =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  if (request.startsWith("POST /handover/take")) {
                    socket.getInputStream().read();
                  } else {
                    forward(a.server.port(), request, socket);
                  }
                }));
    throughA(proxy, a);
    HandOver.Prepared prepared = TestPod.prepare(quick.handOver, token(proxy, a), "alice");
    long from = System.nanoTime();

    assertRefused("late", () -> TestPod.take(prepared));
    assertThat(Duration.ofNanos(System.nanoTime() - from))
        .isBetween(Fetch.PATIENCE, Fetch.PATIENCE.multipliedBy(3));
  }

  @Test
  void done_whoseAnswersAreLost_isSaidAgain() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of(3, 4)));
    KeepingConnection client = throughA(proxy, a);
    client.send("one");

    assertThat(TestPod.fetch(b.handOver, token(proxy, a), "alice")).isEqualTo("one");

    TestPod.awaitLanded(client, "pod-b");
    Await.until(() -> proxy.connections() == 5);
    assertThat(a.coordinator.totals().handedOver().taken()).isEqualTo(1);
  }

  /** What comes between the take and the end is in the answer to done, however often it is lost. */
  @Test
  void done_isAnsweredWithWhatHasComeSince_whenTheSessionHasEnded() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of(3)));
    KeepingConnection client = throughA(proxy, a);
    CompletableFuture<byte[]> end = client.endsLate();
    client.send("one");
    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token(proxy, a), "alice");
    assertThat(TestPod.take(prepared)).isEqualTo("one");

    var rest = prepared.landed();
    TestPod.awaitLanded(client, "pod-b");
    assertThat(rest.toCompletableFuture()).isNotDone();
    end.complete("two".getBytes(StandardCharsets.UTF_8));

    assertThat(TestPod.result(rest)).asString(StandardCharsets.UTF_8).isEqualTo("two");
    assertThat(proxy.connections()).isEqualTo(4);
    assertThat(fetched(b, HandOverResult.UNHEARD).count()).isZero();
  }

  @Test
  void done_ofAClientWhoWasThrownOut_isRefusedForThat() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of(3)));
    KeepingConnection client = throughA(proxy, a);
    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token(proxy, a), "alice");
    assertThat(TestPod.take(prepared)).isEmpty();

    client.throwOut();

    assertRefused("thrown_out", () -> TestPod.result(prepared.landed()));
    assertThat(proxy.connections()).isEqualTo(4);
    assertThat(fetched(b, HandOverResult.THROWN_OUT).count()).isEqualTo(1);
    assertThat(fetched(b, HandOverResult.UNHEARD).count()).isZero();
  }

  /** Another workload has the address by now, and would have clients thrown out. */
  @Test
  void done_thatIsSaidToBeOfAClientWhoWasThrownOut_withoutOurMark_isNoAnswer() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    String body = "{\"error\":\"x\",\"reason\":\"thrown_out\"}";
    ForeignPod foreign =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  if (!request.startsWith("POST /handover/done")) {
                    forward(a.server.port(), request, socket);
                    return;
                  }
                  socket
                      .getOutputStream()
                      .write(
                          ("HTTP/1.1 410 Gone\r\nContent-Length: "
                                  + body.length()
                                  + "\r\n\r\n"
                                  + body)
                              .getBytes(StandardCharsets.ISO_8859_1));
                }));
    KeepingConnection unused = throughA(foreign, a);
    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token(foreign, a), "alice");
    assertThat(TestPod.take(prepared)).isEmpty();

    assertRefused("garbage", () -> TestPod.result(prepared.landed()));
    assertThat(fetched(b, HandOverResult.THROWN_OUT).count()).isZero();
  }

  @Test
  void take_onceMore_givesWhatHasComeSince_andIsCountedOnce() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod proxy = opened.add(ForeignPod.before(a.server.port(), Set.of()));
    KeepingConnection client = throughA(proxy, a);
    client.send("one");
    HandOver.Prepared prepared = TestPod.prepare(b.handOver, token(proxy, a), "alice");
    assertThat(TestPod.take(prepared)).isEqualTo("one");
    client.send("two");

    assertThat(TestPod.take(prepared)).isEqualTo("one\ntwo");
    assertThat(fetched(b, HandOverResult.TAKEN).count()).isEqualTo(1);
  }

  /** The client has its session, and the old pod does not say what it does not know. */
  @Test
  void done_thatNeverArrives_leavesTheSessionUnconfirmed() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a").withSettleGrace(Duration.ofSeconds(2)));
    ForeignPod proxy =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  if (!request.startsWith("POST /handover/done")) {
                    forward(a.server.port(), request, socket);
                  }
                }));
    KeepingConnection client = throughA(proxy, a);

    assertThat(TestPod.fetch(b.handOver, token(proxy, a), "alice")).isEmpty();

    Await.until(
        () -> "drained: " + a.coordinator.report(),
        Duration.ofSeconds(30),
        () -> a.coordinator.phase() == DrainPhase.DRAINED);
    assertThat(client.events()).containsExactly("LET_GO", "kept", "expired");
    assertThat(a.coordinator.report().count(Outcome.LANDED)).isZero();
    assertThat(a.coordinator.report().handedOver().refused()).isEqualTo(Map.of("unconfirmed", 1L));
    assertThat(fetched(b, HandOverResult.TAKEN).count()).isEqualTo(1);
    Await.until(
        "nobody knows what came last",
        Duration.ofSeconds(30),
        () -> fetched(b, HandOverResult.UNHEARD).count() == 1);
  }

  private static void forward(int port, String request, Socket to) throws IOException {
    try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), port)) {
      pod.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      to.getOutputStream().write(pod.getInputStream().readAllBytes());
    }
  }

  private static KeepingConnection throughA(ForeignPod proxy, TestPod a) {
    assertThat(proxy.port()).isNotEqualTo(a.server.port());
    return a.letGo("alice").get(0);
  }

  /** A token of a pod that says it is where a proxy is. */
  private static String token(ForeignPod proxy, TestPod pod) {
    return token(proxy.port(), pod);
  }

  private static String token(int port, TestPod pod) {
    return new TokenKeys(List.of(TestPod.KEY))
        .token(
            new PodToken(
                InetAddress.getLoopbackAddress(),
                port,
                "",
                pod.coordinator.processEpoch(),
                "alice",
                0));
  }

  // ---------------------------------------------------------------- others at the pod's address

  private void assertRefusedBy(String reason, HandOverResult result, ForeignPod foreign)
      throws Exception {
    opened.add(foreign);
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod quick = pod(TestPod.policy("pod-q").withHandoverTimeout(SHORT));

    assertRefused(reason, () -> TestPod.prepare(quick.handOver, token(foreign, a), "alice"));
    assertThat(fetched(quick, result).count()).isEqualTo(1);
  }

  @Test
  void prepare_ofAPodThatSaysNothing_isLate() throws Exception {
    assertRefusedBy("late", HandOverResult.LATE, ForeignPod.silent());
  }

  @Test
  void prepare_ofAPodThatNeverEndsItsAnswer_isLate() throws Exception {
    assertRefusedBy("late", HandOverResult.LATE, neverEnding());
  }

  private static ForeignPod neverEnding() {
    return new ForeignPod(
        (number, request, socket) -> {
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nAA"
                      .getBytes(StandardCharsets.ISO_8859_1));
          socket.getInputStream().read();
        });
  }

  /** All are timed by one thread, which must not wait for an answer. */
  @Test
  void prepare_besideAPodThatNeverEndsItsAnswer_isLateInTime() throws Exception {
    ForeignPod foreign = opened.add(neverEnding());
    ForeignPod silent = opened.add(ForeignPod.silent());
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod quick = pod(TestPod.policy("pod-q").withHandoverTimeout(SHORT));
    assertRefused("late", () -> TestPod.prepare(quick.handOver, token(foreign, a), "alice"));

    long from = System.nanoTime();
    assertRefused("late", () -> TestPod.prepare(quick.handOver, token(silent, a), "alice"));
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SHORT.plusSeconds(4));
  }

  @Test
  void prepare_ofAPodThatHangsUp_isLost_onceItWasAskedTwice() throws Exception {
    ForeignPod foreign = new ForeignPod((number, request, socket) -> {});
    assertRefusedBy("lost", HandOverResult.UNREACHABLE, foreign);
    assertThat(foreign.connections()).isEqualTo(2);
  }

  @Test
  void prepare_ofGarbage_isNoSession() throws Exception {
    assertRefusedBy("lost", HandOverResult.UNREACHABLE, ForeignPod.answering("SSH-2.0-x\r\n\r\n"));
  }

  @Test
  void prepare_ofAnAnswerWithoutOurMark_isNoSession() throws Exception {
    assertRefusedBy(
        "garbage",
        HandOverResult.GARBAGE,
        ForeignPod.answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nDrain-Mac: AAAA\r\n\r\nAAAA"));
  }

  @Test
  void prepare_ofAnotherServersError_isNoSession() throws Exception {
    assertRefusedBy(
        "garbage",
        HandOverResult.GARBAGE,
        ForeignPod.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
  }

  @Test
  void prepare_ofARedirect_isFollowedNowhere() throws Exception {
    ForeignPod canary = opened.add(ForeignPod.silent());
    assertRefusedBy(
        "garbage",
        HandOverResult.GARBAGE,
        ForeignPod.answering(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:"
                + canary.port()
                + "/handover/prepare\r\nContent-Length: 0\r\n\r\n"));
    assertThat(canary.connections()).isZero();
  }

  /** It is read no further than a session may be long. */
  @Test
  void prepare_ofAHundredMegabytes_isGivenUp() throws Exception {
    CompletableFuture<Long> written = new CompletableFuture<>();
    TestPod a = pod(TestPod.policy("pod-a"));
    ForeignPod foreign =
        opened.add(
            new ForeignPod(
                (number, request, socket) -> {
                  byte[] chunk = new byte[100_000];
                  Arrays.fill(chunk, (byte) 'A');
                  long sent = 0;
                  try {
                    socket
                        .getOutputStream()
                        .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
                    for (; sent < 100_000_000; sent += chunk.length) {
                      socket.getOutputStream().write(chunk);
                    }
                  } finally {
                    written.complete(sent);
                  }
                }));

    assertRefused("garbage", () -> TestPod.prepare(b.handOver, token(foreign, a), "alice"));
    assertThat(written.get()).isLessThan(100_000_000);
    assertThat(fetched(b, HandOverResult.GARBAGE).count()).isEqualTo(1);
  }

  @Test
  void prepare_ofAPodThatIsGone_isRefused_andForAWhileItIsNotAsked() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String token = token(port, a);
    Live live = new Live(b.coordinator, new ManualTime()); // in which no time passes
    assertRefused("unreachable", () -> TestPod.prepare(live, token, "alice"));

    try (ServerSocket back = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertRefused("unreachable", () -> TestPod.prepare(live, token, "alice"));
      back.setSoTimeout(1);
      assertThatThrownBy(back::accept).as("nobody connects").isInstanceOf(IOException.class);
    }
    assertThat(fetched(b, HandOverResult.UNREACHABLE).count()).isEqualTo(2);
  }

  @Test
  void pod_thatDiesBetweenPrepareAndTake_isRefused() throws Exception {
    TestPod a = TestPod.start("pod-a");
    a.letGo("alice");
    HandOver.Prepared prepared = TestPod.prepare(b.handOver, a.handOver.token("alice"), "alice");
    a.close();

    assertRefused("unreachable", () -> TestPod.take(prepared));
  }

  @Test
  void process_thatWasRestartedInPlace_isAskedOnce_andHasNoSession() throws Exception {
    TestPod before = TestPod.start("pod-a");
    String token = before.handOver.token("alice");
    TestPod after = pod(TestPod.policy("pod-a").withHandoverPort(before.server.port()));
    before.close();

    assertRefused("unknown", () -> TestPod.prepare(after.handOver, token, "alice"));
    TestPod again = pod(TestPod.policy("pod-a"));
    assertRefused(
        "unknown",
        () ->
            TestPod.prepare(
                b.handOver,
                new TokenKeys(List.of(TestPod.KEY))
                    .token(
                        new PodToken(
                            InetAddress.getLoopbackAddress(),
                            again.server.port(),
                            "",
                            before.coordinator.processEpoch(),
                            "alice",
                            0)),
                "alice"));
  }

  // ---------------------------------------------------------------- addresses

  @Test
  void address_outsideOfThePeers_isNeverDialled() throws Exception {
    ForeignPod canary = opened.add(ForeignPod.silent());
    TestPod a = pod(TestPod.policy("pod-a"));
    TestPod strict = pod(TestPod.policy("pod-s").withPeers(defaultPeers()));

    assertRefused("address", () -> TestPod.prepare(strict.handOver, token(canary, a), "alice"));
    assertThat(canary.connections()).isZero();
    assertThat(fetched(strict, HandOverResult.FORBIDDEN).count()).isEqualTo(1);
  }

  private static String defaultPeers() {
    return "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7";
  }

  @Test
  void token_ofAPodWithoutAnAddress_isForThatPodAlone() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a").withPodIp(""));
    a.letGo("alice", "bob");

    assertRefused("address", () -> TestPod.prepare(b.handOver, a.handOver.token("alice"), "alice"));
    assertThat(TestPod.fetch(a.handOver, a.handOver.token("bob"), "bob")).isEmpty();
  }

  @Test
  void token_thatIsNone_dialsNobody() {
    assertRefused("token", () -> TestPod.prepare(b.handOver, "AAAA", "alice"));
    assertRefused(
        "token",
        () ->
            TestPod.prepare(
                b.handOver, b.handOver.token("alice", Duration.ofMinutes(-2)), "alice"));
  }

  /**
   * A virtual machine that goes on, or a pod that starts, may have a clock that is set right later.
   */
  @Test
  void prepare_ofAPodWhoseClockWasAhead_isAnsweredAsSoonAsItIsRight() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    a.letGo("alice");
    AtomicLong ahead = new AtomicLong(TimeUnit.MINUTES.toMillis(5));
    Live live =
        new Live(
            b.coordinator,
            new Time() {
              @Override
              public long nanos() {
                return System.nanoTime();
              }

              @Override
              public long millis() {
                return System.currentTimeMillis() + ahead.get();
              }
            });
    assertRefused("time", () -> TestPod.prepare(live, a.handOver.token("alice"), "alice"));

    ahead.set(0);
    assertThat(TestPod.fetch(live, a.handOver.token("alice"), "alice")).isEmpty();
  }

  /** As on one node under the host's network, or on one machine. */
  @Test
  void session_takenByAPodOfTheSameName_hasLanded() throws Exception {
    TestPod a = pod(TestPod.policy("pod-b"));
    KeepingConnection client = a.letGo("alice").get(0);

    assertThat(TestPod.fetch(b.handOver, a.handOver.token("alice"), "alice")).isEmpty();
    TestPod.awaitLanded(client, "pod-b");
    Await.until(() -> a.coordinator.phase() == DrainPhase.DRAINED);
    assertThat(a.coordinator.report().outcomes()).isEqualTo(Map.of(Outcome.LANDED, 1));
  }

  @Test
  void handOver_withoutAKey_isOff() {
    TestPod off = pod(TestPod.policy("pod-o").withTicketKey(""));

    assertThat(off.handOver.on()).isFalse();
    assertThat(off.handOver.valid(b.handOver.token("a"))).isFalse();
    assertRefused("off", () -> TestPod.prepare(off.handOver, b.handOver.token("a"), "a"));
    assertThatThrownBy(() -> off.handOver.token("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("DRAIN_TICKET_KEY");
  }

  // ---------------------------------------------------------------- many

  @Test
  void sessions_ofTwoThousandClients_areAllHandedOver() throws Exception {
    TestPod a = pod(TestPod.policy("pod-a"));
    String[] ids = IntStream.range(0, 2_000).mapToObj(i -> "c" + i).toArray(String[]::new);
    List<KeepingConnection> clients = a.letGo(ids);
    clients.forEach(client -> client.send("hello"));
    List<CompletableFuture<byte[]>> taken = new ArrayList<>();
    long begun = System.nanoTime();
    for (String id : ids) {
      taken.add(
          b.handOver
              .prepare(a.handOver.token(id), id.getBytes(StandardCharsets.UTF_8))
              .thenCompose(
                  prepared ->
                      prepared
                          .take()
                          .thenApply(
                              mail -> {
                                prepared.landed();
                                return mail;
                              }))
              .toCompletableFuture());
      if (taken.size() % 200 == 0) { // a second's worth of clients
        CompletableFuture.allOf(taken.toArray(new CompletableFuture<?>[0])).join();
      }
    }
    CompletableFuture.allOf(taken.toArray(new CompletableFuture<?>[0])).join();
    DrainTotals.Timing timing = fetched(b, HandOverResult.TAKEN);
    System.out.printf(
        "2,000 sessions in %d ms; each %.1f ms, at most %d ms%n",
        (System.nanoTime() - begun) / 1_000_000,
        timing.nanos() / 1e6 / timing.count(),
        timing.maxNanos() / 1_000_000);

    for (CompletableFuture<byte[]> mail : taken) {
      assertThat(mail.join()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
    }
    Await.until(() -> a.coordinator.phase() == DrainPhase.DRAINED);
    assertThat(a.coordinator.report().count(Outcome.LANDED)).isEqualTo(2_000);
    assertThat(a.coordinator.report().addsUp()).isTrue();
    assertThat(a.coordinator.report().handedOver().packets()).isEqualTo(2_000);
  }
}
