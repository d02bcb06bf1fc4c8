package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import io.socket.client.AckWithTimeout;
import io.socket.thread.EventThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Moves between real servers that do not come off, and cuts that nobody announced. */
class FailureIT {
  private final Newsroom newsroom = new Newsroom();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(newsroom));

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  @Test
  void drain_nextRefusesThreeTimes_fallsBackToTheStockReconnect() throws Exception {
    String nobody = "http://127.0.0.1:" + Ports.free();
    Server from = opened(new Server("pod-a", newsroom, policy -> policy.withReconnectUrl(nobody)));
    Server to = opened(new Server("pod-b", newsroom));
    Front front = opened(new Front(from.port()));
    App app = opened(App.at(front.url(), "unlucky"));
    app.uploading();
    front.lead(to.port());

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("connect", 2);
    app.stop();
    app.awaitFeed(3);
    app.assertAcknowledgedIsDispatched(newsroom);
    assertThat(app.seen()).containsExactly("connect", "moving", "failed", "disconnect", "connect");
  }

  @Test
  void drain_readyRejects_staysUntilTheServerLetsGoAndComesBackByItself() throws Exception {
    Server from = opened(new Server("pod-a", newsroom));
    Server to = opened(new Server("pod-b", newsroom));
    Front front = opened(new Front(from.port()));
    Ready picky =
        (socket, moving) -> {
          if (moving) {
            throw new IllegalStateException("not like this");
          }
          return App.joining("picky").ready(socket, false);
        };
    CompletableFuture<String> message = new CompletableFuture<>();
    App app =
        opened(App.at(front.url(), "picky", App.websocket(), aware -> aware.withReady(picky)));
    app.socket()
        .on(
            "drain:failed",
            args -> message.complete(((org.json.JSONObject) args[0]).getString("message")));
    app.uploading();
    front.lead(to.port());

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
    Server to = opened(new Server("pod-b", newsroom));
    Server from =
        opened(new Server("pod-a", newsroom, policy -> policy.withReconnectUrl(to.url())));
    Front front = opened(new Front(from.port())); // the next connection does not pass it
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
        opened(App.at(front.url(), "midway", App.websocket(), aware -> aware.withReady(slow)));

    var unused = from.drain();
    atWork.get(10, TimeUnit.SECONDS);
    front.close();
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
  void disconnect_whileEmitsAreHeld_sendsThemBeforeAndIsGoneFromBoth() throws Exception {
    Server from = opened(new Server("pod-a", newsroom));
    Server to = opened(new Server("pod-b", newsroom));
    Front front = opened(new Front(from.port()));
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
        opened(App.at(front.url(), "leaving", App.websocket(), same -> same.withReady(leaving)));
    aware.complete(app.socket());
    front.lead(to.port());

    var unused = from.drain();

    Await.until("last words", () -> newsroom.uploads("leaving").contains(7));
    app.awaitSeen("disconnect", 1);
    assertThat(app.seen()).containsExactly("connect", "moving", "disconnect");
  }

  @Test
  void cut_refusedInItsNamespaceWhileTheMoveTriesOn_isOverAndCanBeConnectedAnew() throws Exception {
    String nobody = "http://127.0.0.1:" + Ports.free();
    Server from =
        opened(new Server("pod-a", newsroom, policy -> policy.withReconnectUrl(nobody)))
            .with("/extra");
    Server refuses = opened(new Server("pod-b", newsroom)).refusing("/extra");
    Server to = opened(new Server("pod-c", newsroom)).with("/extra");
    Front front = opened(new Front(from.port()));
    var io = App.websocket();
    io.reconnectionDelay = 10;
    io.randomizationFactor = 0;
    io.auth = Map.of("token", "extra"); // netty-socketio asks only about those who have one
    App app = opened(App.at(front.url() + "/extra", "extra", io, same -> same));
    CompletableFuture<String> refusal = new CompletableFuture<>();
    app.socket().on("connect_error", args -> refusal.complete(String.valueOf(args[0])));
    app.socket()
        .once(
            "drain:moving",
            args -> {
              front.lead(refuses.port());
              front.cut();
            });

    var unused = from.drain();

    assertThat(refusal.get(10, TimeUnit.SECONDS)).contains("not here");
    assertThat(app.socket().isActive()).isFalse();
    front.lead(to.port());
    app.socket().connect();
    app.awaitSeen("connect", 2);
    app.awaitFeed(3);
    // What the first move has left behind would fail within its grace, or keep this one away.
    front.lead(opened(new Server("pod-d", newsroom)).with("/extra").port());
    var unusedToo = to.drain();
    app.awaitSeen("moved", 1);
    assertThat(app.seen())
        .containsExactly("connect", "moving", "disconnect", "connect", "moving", "moved");
  }

  @Test
  void cut_withAPlan_comesBackWithinItsWindowAndNotAfterTheStockBackOff() throws Exception {
    Server pod = opened(new Server("pod-a", newsroom));
    Front front = opened(new Front(pod.port()));
    App app = opened(App.at(front.url(), "planned"));
    CompletableFuture<Void> planned = new CompletableFuture<>();
    app.socket().emit("plan", 100, (io.socket.client.Ack) answer -> planned.complete(null));
    planned.get(5, TimeUnit.SECONDS);

    long cut = System.nanoTime();
    front.cut();
    app.awaitSeen("connect", 2);

    // The stock client of Java waits a second at least.
    assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofMillis(900));
    assertThat(app.seen()).containsExactly("connect", "disconnect", "connect");
  }

  @Test
  void emit_timedOut_isKeptNoLonger() throws Exception {
    Server pod = opened(new Server("pod-a", newsroom));
    App app = opened(App.at(pod.url(), "patient"));
    AwareSocket away = DrainAware.socket(pod.url()); // never connected

    assertForgotten(app.socket());
    assertForgotten(away);
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
