package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import io.socket.client.AckWithTimeout;
import io.socket.client.IO;
import io.socket.thread.EventThread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Moves between real servers that fail, and cuts without a hint. */
class FailureIT {
  @RegisterExtension final Closer closer = new Closer();
  private final Newsroom newsroom = closer.closing(new Newsroom());

  @Test
  void drain_nextRefusesThreeTimes_fallsBackToTheStockReconnect() throws Exception {
    String nobody = "http://127.0.0.1:" + Ports.free();
    TestPod from =
        closer.closing(new TestPod("pod-a", newsroom, policy -> policy.withReconnectUrl(nobody)));
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TcpForwarder forwarder = closer.closing(new TcpForwarder(from.port()));
    App app = closer.closing(App.at(forwarder.url(), "unlucky"));
    app.uploading();
    forwarder.lead(to.port());

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("connect", 2);
    app.stop();
    app.awaitFeed(3);
    app.assertAcknowledgedIsDispatched(newsroom);
    assertThat(app.seen()).containsExactly("connect", "moving", "failed", "disconnect", "connect");
  }

  /** Its move fails, and it comes back as a stock client does: with its session. */
  @Test
  void drain_nextRefusesThreeTimes_missesNothingWherePodsHandOver() throws Exception {
    String nobody = "http://127.0.0.1:" + Ports.free();
    TestPod from =
        closer.closing(
            new TestPod("pod-a", newsroom, policy -> handingOver(policy).withReconnectUrl(nobody)));
    TestPod to = closer.closing(new TestPod("pod-b", newsroom, FailureIT::handingOver));
    for (TestPod pod : List.of(from, to)) {
      closer.closing(DrainHttpServer.start(pod.coordinator(), 0));
    }
    to.onConnect(newsroom::join); // as a room would
    TcpForwarder forwarder = closer.closing(new TcpForwarder(from.port()));
    IO.Options io = App.websocket();
    io.auth = Map.of("user", "u1");
    App app = closer.closing(App.at(forwarder.url(), "unlucky", io, same -> same));
    app.uploading();
    forwarder.lead(to.port());

    DrainReport receipt = from.drain().get(30, TimeUnit.SECONDS);

    assertThat(receipt.count(Outcome.LANDED)).as(receipt.toText()).isOne();
    app.awaitSeen("connect", 2);
    app.stop();
    app.awaitFeed(3);
    app.assertFeedWhole();
    app.assertAcknowledgedIsDispatched(newsroom);
    assertThat(app.seen()).containsExactly("connect", "moving", "failed", "disconnect", "connect");
  }

  private static DrainPolicy handingOver(DrainPolicy usual) {
    return usual
        .withTicketKey("of-a-test-0123456789-0123456789-")
        .withPodIp("127.0.0.1")
        .withPeers("127.0.0.0/8")
        .withHandoverTimeout(Duration.ofSeconds(20)) // outcomes, not times
        .withSettleGrace(Duration.ofSeconds(15)); // it ends when the session was taken
  }

  @Test
  void drain_readyRejects_staysUntilTheServerLetsGoAndReconnects() throws Exception {
    TestPod from = closer.closing(new TestPod("pod-a", newsroom));
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TcpForwarder forwarder = closer.closing(new TcpForwarder(from.port()));
    Ready picky =
        (socket, moving) -> {
          if (moving) {
            throw new IllegalStateException("not like this");
          }
          return App.joining("picky").ready(socket, false);
        };
    CompletableFuture<String> message = new CompletableFuture<>();
    App app =
        closer.closing(
            App.at(forwarder.url(), "picky", App.websocket(), aware -> aware.withReady(picky)));
    app.socket()
        .on(
            "drain:failed",
            args -> message.complete(((org.json.JSONObject) args[0]).getString("message")));
    app.uploading();
    forwarder.lead(to.port());

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("connect", 2);
    app.stop();
    app.awaitFeed(3);
    app.assertAcknowledgedIsDispatched(newsroom);
    assertThat(message.get(1, TimeUnit.SECONDS)).isEqualTo("not like this");
    assertThat(app.seen()).containsExactly("connect", "moving", "failed", "disconnect", "connect");
  }

  @Test
  void drain_oldCutWhileReadyIsAtWork_isAdoptedAndTheAppSeesNoDisconnect() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from =
        closer.closing(new TestPod("pod-a", newsroom, policy -> policy.withReconnectUrl(to.url())));
    TcpForwarder forwarder =
        closer.closing(new TcpForwarder(from.port())); // the next connection does not pass it
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<Void> atWork = new CompletableFuture<>();
    Ready slow =
        (socket, moving) -> {
          var joined = App.joining("midway").ready(socket, moving);
          if (!moving || joined == null) {
            return joined;
          }
          atWork.complete(null);
          return joined.thenCombine(go, (a, b) -> null);
        };
    App app =
        closer.closing(
            App.at(forwarder.url(), "midway", App.websocket(), aware -> aware.withReady(slow)));

    var unused = from.drain();
    atWork.get(10, TimeUnit.SECONDS);
    forwarder.close();
    go.complete(null);

    app.awaitSeen("moved", 1);
    app.uploading();
    app.awaitFeed(3);
    app.stop();
    app.assertUploadsWhole(newsroom);
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
    assertThat(app.socket().connected()).isTrue();
    assertThat(app.moved().get(0).getInt("downtimeMs")).isZero();
  }

  @Test
  void disconnect_afterAHiddenCutWhileReadyIsAtWork_lastWordsGoOutOnTheNextConnection()
      throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from =
        closer.closing(
            new TestPod(
                "pod-a",
                newsroom,
                policy ->
                    policy
                        .withReconnectUrl(to.url())
                        .withMoveWindow(Duration.ofSeconds(18))
                        .withHintGrace(Duration.ofSeconds(9)))); // longer than any stall
    // The next connection does not pass it.
    TcpForwarder forwarder = closer.closing(new TcpForwarder(from.port()));
    CompletableFuture<Void> atWork = new CompletableFuture<>();
    Ready endless =
        (socket, moving) -> {
          if (!moving) {
            return App.joining("leaving").ready(socket, false);
          }
          atWork.complete(null);
          return new CompletableFuture<>();
        };
    CompletableFuture<Object> cut = new CompletableFuture<>();
    App app =
        closer.closing(
            App.at(
                forwarder.url(),
                "leaving",
                App.websocket(),
                aware ->
                    aware
                        .withReady(endless)
                        .withLog(
                            (what, details) -> {
                              if (what.equals("cut")) {
                                cut.complete(details.get("isHidden"));
                              }
                            })));
    Await.until("joined", () -> newsroom.readers() == 1);

    var unused = from.drain();
    atWork.get(10, TimeUnit.SECONDS);
    forwarder.close();
    // The client has seen it: what it emits before that may be lost, as with any cut.
    assertThat(cut.get(10, TimeUnit.SECONDS)).isEqualTo(true);
    app.socket().emit("upload", "leaving", 7);
    app.socket().disconnect();

    Await.until("last words", () -> newsroom.uploads("leaving").contains(7));
    app.awaitSeen("disconnect", 1);
    assertThat(app.seen()).containsExactly("connect", "moving", "disconnect");
  }

  @Test
  void disconnect_whileEmitsAreHeld_sendsThemBeforeAndIsGoneFromBoth() throws Exception {
    TestPod from = closer.closing(new TestPod("pod-a", newsroom));
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TcpForwarder forwarder = closer.closing(new TcpForwarder(from.port()));
    CompletableFuture<AwareSocket> aware = new CompletableFuture<>();
    Ready leaving =
        (socket, moving) -> {
          CompletableFuture<Void> done = new CompletableFuture<>();
          if (!moving) {
            return App.joining("leaving").ready(socket, false);
          }
          EventThread.nextTick(
              () -> {
                done.complete(null); // from here on emits are held, until the old pod has answered
                aware.join().emit("upload", "leaving", 7);
                aware.join().disconnect();
              });
          return done;
        };
    App app =
        closer.closing(
            App.at(forwarder.url(), "leaving", App.websocket(), same -> same.withReady(leaving)));
    aware.complete(app.socket());
    forwarder.lead(to.port());

    var unused = from.drain();

    Await.until("last words", () -> newsroom.uploads("leaving").contains(7));
    app.awaitSeen("disconnect", 1);
    assertThat(app.seen()).containsExactly("connect", "moving", "disconnect");
  }

  @Test
  void cut_refusedInItsNamespaceWhileTheMoveTriesOn_isOverAndCanBeConnectedAnew() throws Exception {
    String nobody = "http://127.0.0.1:" + Ports.free();
    TestPod from =
        closer
            .closing(new TestPod("pod-a", newsroom, policy -> policy.withReconnectUrl(nobody)))
            .with("/extra");
    TestPod refuses = closer.closing(new TestPod("pod-b", newsroom)).refusing("/extra");
    TestPod to = closer.closing(new TestPod("pod-c", newsroom)).with("/extra");
    TcpForwarder forwarder = closer.closing(new TcpForwarder(from.port()));
    var io = App.websocket();
    io.reconnectionDelay = 10;
    io.randomizationFactor = 0;
    io.auth = Map.of("token", "extra"); // netty-socketio asks only about clients with a token
    App app = closer.closing(App.at(forwarder.url() + "/extra", "extra", io, same -> same));
    CompletableFuture<String> refusal = new CompletableFuture<>();
    app.socket().on("connect_error", args -> refusal.complete(String.valueOf(args[0])));
    app.socket()
        .once(
            "drain:moving",
            args -> {
              forwarder.lead(refuses.port());
              forwarder.cut();
            });

    var unused = from.drain();

    assertThat(refusal.get(10, TimeUnit.SECONDS)).contains("not here");
    assertThat(app.socket().isActive()).isFalse();
    forwarder.lead(to.port());
    app.socket().connect();
    app.awaitSeen("connect", 2);
    app.awaitFeed(3);
    // Remains of the first move would fail within its grace, or keep this move from beginning.
    forwarder.lead(closer.closing(new TestPod("pod-d", newsroom)).with("/extra").port());
    var unusedToo = to.drain();
    app.awaitSeen("moved", 1);
    assertThat(app.seen())
        .containsExactly("connect", "moving", "disconnect", "connect", "moving", "moved");
  }

  @Test
  void cut_withAPlan_comesBackWithinItsWindowAndNotAfterTheStockBackOff() throws Exception {
    TestPod pod = closer.closing(new TestPod("pod-a", newsroom));
    TcpForwarder forwarder = closer.closing(new TcpForwarder(pod.port()));
    App app = closer.closing(App.at(forwarder.url(), "planned"));
    CompletableFuture<Void> planned = new CompletableFuture<>();
    app.socket().emit("plan", 100, (io.socket.client.Ack) answer -> planned.complete(null));
    planned.get(5, TimeUnit.SECONDS);

    long cut = System.nanoTime();
    forwarder.cut();
    app.awaitSeen("connect", 2);

    // The stock client of Java waits a second at least.
    assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofMillis(900));
    assertThat(app.seen()).containsExactly("connect", "disconnect", "connect");
  }

  @Test
  void emit_timedOut_isKeptNoLonger() throws Exception {
    TestPod pod = closer.closing(new TestPod("pod-a", newsroom));
    App app = closer.closing(App.at(pod.url(), "patient"));
    AwareSocket away = DrainAware.socket(pod.url()); // never connected

    assertForgotten(app.socket());
    assertForgotten(away);
    Await.until(
        "forgotten by the stock client, too",
        () -> Internals.acks(Internals.stock(app.socket())).isEmpty());
  }

  private static void assertForgotten(AwareSocket socket) throws Exception {
    CompletableFuture<Void> timedOut = new CompletableFuture<>();
    var ack = new java.lang.ref.WeakReference<>(emitUnanswered(socket, timedOut));
    timedOut.get(5, TimeUnit.SECONDS);
    Await.until(
        "collected",
        () -> {
          System.gc();
          return ack.get() == null;
        });
  }

  private static Object emitUnanswered(AwareSocket socket, CompletableFuture<Void> timedOut) {
    AckWithTimeout ack =
        new AckWithTimeout(100) {
          @Override
          public void onSuccess(Object... args) {}

          @Override
          public void onTimeout() {
            timedOut.complete(null);
          }
        };
    socket.emit("nobody listens", new Object[0], ack);
    return ack;
  }
}
