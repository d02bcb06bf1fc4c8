package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.socket.client.IO;
import io.socket.thread.EventThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Moves between real servers, which the application should not notice. */
class MoveIT {
  private static final boolean FULL = Boolean.getBoolean("drain.full");

  @RegisterExtension final Closer closer = new Closer();
  private final Newsroom newsroom = closer.closing(new Newsroom());

  /** A pod whose hints name the other one. */
  private TestPod podThatLeadsTo(TestPod to) {
    return closer.closing(
        new TestPod("pod-a", newsroom, policy -> policy.withReconnectUrl(to.url())));
  }

  @Test
  void rollouts_manyClients_noneLosesRepeatsOrReordersAndNoneIsEverAway() throws Exception {
    int rollouts = FULL ? 5 : 3;
    TestPod pod = closer.closing(new TestPod("pod-0", newsroom));
    TcpForwarder forwarder = closer.closing(new TcpForwarder(pod.port()));
    List<App> apps = new ArrayList<>();
    for (int i = 0; i < (FULL ? 50 : 20); i++) {
      apps.add(closer.closing(App.at(forwarder.url(), "app-" + i)));
    }
    apps.forEach(App::uploading);

    for (int rollout = 1; rollout <= rollouts; rollout++) {
      TestPod next = closer.closing(new TestPod("pod-" + rollout, newsroom));
      forwarder.lead(next.port());
      DrainReport report = pod.drain().get(30, TimeUnit.SECONDS);
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(apps.size());
      for (App app : apps) {
        app.awaitSeen("moved", rollout);
      }
      pod.close();
      pod = next;
    }

    for (App app : apps) {
      app.stop();
      app.awaitFeed(5);
      app.assertUploadsWhole(newsroom);
      app.assertFeedWhole();
      assertThat(app.seen()).containsOnlyOnce("connect").doesNotContain("disconnect", "failed");
      assertThat(app.moved()).hasSize(rollouts);
      assertThat(app.moved()).allMatch(figures -> figures.getInt("downtimeMs") == 0);
      assertThat(app.away()).isFalse();
    }
    report(apps);
  }

  private static void report(List<App> apps) {
    List<JSONObject> moves = apps.stream().flatMap(app -> app.moved().stream()).toList();
    System.out.printf(
        "%d apps, %d moves; feed %d, uploads %d; ms to connect %s, to take over %s; held %s,"
            + " duplicates %s%n",
        apps.size(),
        moves.size(),
        apps.stream().mapToInt(App::messages).sum(),
        apps.stream().mapToInt(App::uploads).sum(),
        spread(moves, figures -> figures.getInt("connectMs")),
        spread(moves, figures -> figures.getInt("tookMs")),
        spread(moves, figures -> figures.getInt("held")),
        spread(moves, figures -> figures.getInt("duplicates")));
  }

  private static String spread(List<JSONObject> moves, ToIntFunction<JSONObject> figure) {
    int[] sorted = moves.stream().mapToInt(figure).sorted().toArray();
    return sorted[sorted.length / 2] + " (p50) " + Arrays.stream(sorted).max().orElse(0) + " (max)";
  }

  @Test
  void drain_ofTwoNamespacesByUrl_movesThemTogether() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    App main = closer.closing(App.at(from.url(), "main"));
    App chat = closer.closing(main.in("/chat"));
    main.uploading();
    chat.uploading();
    String before = main.socket().id();

    DrainReport report = from.drain().get(20, TimeUnit.SECONDS);

    assertThat(report.count(Outcome.LANDED)).as(report.toText()).isOne();
    for (App app : List.of(main, chat)) {
      app.awaitSeen("moved", 1);
      app.stop();
      app.awaitFeed(3);
      app.assertFeedWhole();
      app.assertUploadsWhole(newsroom);
      assertThat(app.seen()).containsExactly("connect", "moving", "moved");
    }
    JSONObject figures = main.moved().get(0);
    assertThat(figures.getJSONObject("from").getString("pod")).isEqualTo("pod-a");
    assertThat(figures.getJSONObject("to").getString("pod")).isEqualTo("pod-b");
    assertThat(figures.getString("reason")).isEqualTo("drain");
    assertThat(main.socket().id()).isNotNull().isNotEqualTo(before);
  }

  @Test
  void drain_overLongPolling_movesToo() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    var io = App.websocket();
    io.transports = new String[] {"polling"};
    App app = closer.closing(App.at(from.url(), "poller", io, same -> same));
    app.uploading();

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    app.stop();
    app.awaitFeed(3);
    app.assertFeedWhole();
    app.assertUploadsWhole(newsroom);
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
  }

  @Test
  void drain_answerOwedByTheOldPod_comesOnceAndTheOldConnectionIsKeptUntilThen() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    App app = closer.closing(App.at(from.url(), "orders"));
    AtomicInteger done = new AtomicInteger();
    CompletableFuture<Boolean> movedBefore = new CompletableFuture<>();
    app.socket()
        .emit(
            "order",
            1_500,
            (io.socket.client.Ack)
                answer -> {
                  done.incrementAndGet();
                  movedBefore.complete(app.seen().contains("moved"));
                });

    CompletableFuture<DrainReport> drain = from.drain();

    assertThat(movedBefore.get(10, TimeUnit.SECONDS)).isFalse();
    app.awaitSeen("moved", 1);
    drain.get(20, TimeUnit.SECONDS);
    assertThat(done).hasValue(1);
    assertThat(app.moved().get(0).getInt("tookMs")).isLessThan(1_500);
    app.assertFeedWhole();
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
  }

  @Test
  void hints_ofTwoPodsInARow_areTwoMovesOneAfterTheOther() throws Exception {
    TestPod there = closer.closing(new TestPod("pod-a", newsroom));
    TestPod back = closer.closing(new TestPod("pod-b", newsroom));
    TcpForwarder forwarder = closer.closing(new TcpForwarder(there.port()));
    App app = closer.closing(App.at(forwarder.url(), "mover"));
    app.uploading();
    String first = app.socket().id();
    forwarder.lead(back.port());

    assertThat(there.coordinator().shed(1)).isOne();
    Await.until("current on pod-b", () -> !first.equals(app.socket().id()));
    forwarder.lead(there.port());
    assertThat(back.coordinator().shed(1)).isOne(); // in the overlap of the first move

    app.awaitSeen("moved", 2);
    app.stop();
    app.awaitFeed(3);
    app.assertFeedWhole();
    app.assertUploadsWhole(newsroom);
    assertThat(app.seen()).containsExactly("connect", "moving", "moved", "moving", "moved");
    assertThat(app.moved().get(1).getJSONObject("to").getString("pod")).isEqualTo("pod-a");
    assertThat(app.moved().get(1).getString("reason")).isEqualTo("shed");
  }

  @Test
  void connect_ofAnotherNamespaceWhileEmitsAreHeld_isToldOnce() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    CompletableFuture<AwareSocket> late = new CompletableFuture<>();
    App app =
        holdingHost(
            from,
            next -> next.emit("nap"), // next is slow to admit the other namespace
            () -> late.join().connect());
    AwareSocket chat = app.socket().socket("/chat", AwareOptions.defaults());
    List<String> connects = new CopyOnWriteArrayList<>();
    List<Boolean> answered = new CopyOnWriteArrayList<>();
    chat.on("connect", args -> connects.add(String.valueOf(chat.id())));
    late.complete(chat);
    String before = app.socket().id();

    CompletableFuture<DrainReport> drain = from.drain();
    Await.until("current on pod-b", () -> !before.equals(app.socket().id()));
    newsroom.wake();
    drain.get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    chat.emit("upload", "late", 1, (io.socket.client.Ack) args -> answered.add(true));
    Await.until("answer in the other namespace", () -> !answered.isEmpty());
    assertThat(connects).hasSize(1).doesNotContain("null");
    assertThat(newsroom.uploads("late")).containsExactly(1);
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
  }

  /** Another namespace of a host that moves, and its events. */
  private record Late(AwareSocket socket, List<String> connects, List<Boolean> readied) {
    static Late of(App host, Ready ready) {
      List<Boolean> readied = new CopyOnWriteArrayList<>();
      AwareSocket socket =
          host.socket()
              .socket(
                  "/chat",
                  AwareOptions.defaults()
                      .withReady(
                          (inner, moving) -> {
                            readied.add(moving);
                            return ready.ready(inner, moving);
                          }));
      List<String> connects = new CopyOnWriteArrayList<>();
      socket.on("connect", args -> connects.add(String.valueOf(socket.id())));
      return new Late(socket, connects, readied);
    }
  }

  /**
   * A host that does something while it is made ready, and something once its emits are held. They
   * are held until the old pod has answered to landed.
   */
  private App holdingHost(TestPod from, Consumer<ReadySocket> inReady, Runnable inTheHold) {
    Ready ready =
        (next, moving) -> {
          if (!moving) {
            return App.joining("host").ready(next, false);
          }
          inReady.accept(next);
          CompletableFuture<Void> done = new CompletableFuture<>();
          EventThread.nextTick(
              () -> {
                done.complete(null);
                inTheHold.run();
              });
          return done;
        };
    return closer.closing(
        App.at(from.url(), "host", App.websocket(), same -> same.withReady(ready)));
  }

  /** A host that runs the task in its move, once its new connection has joined. */
  private App host(TestPod from, IO.Options io, CompletableFuture<Runnable> inTheMove) {
    Ready ready =
        (socket, moving) -> {
          if (moving) {
            inTheMove.join().run();
          }
          return App.joining("host").ready(socket, moving);
        };
    return closer.closing(App.at(from.url(), "host", io, same -> same.withReady(ready)));
  }

  @Test
  void connect_ofAnotherNamespaceWhileReadyIsAtWork_isMadeReadyToo() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    CompletableFuture<Runnable> inTheMove = new CompletableFuture<>();
    App app = host(from, App.websocket(), inTheMove);
    Late late = Late.of(app, App.joining("late"));
    inTheMove.complete(() -> late.socket().connect());

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    assertThat(late.readied())
        .containsExactlyInAnyOrder(false, true); // on the old one, on the next
    assertThat(late.connects()).hasSize(1);
    assertThat(late.socket().connected()).isTrue();
  }

  @Test
  void connect_ofAnotherNamespaceWhileTheOldPodIsSlow_isMadeReadyOnTheNextOneAlone()
      throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    CompletableFuture<Late> late = new CompletableFuture<>();
    CompletableFuture<App> host = new CompletableFuture<>();
    App app =
        holdingHost(
            from,
            next -> host.join().socket().emit("nap"), // the old pod is slow to answer to landed
            () -> late.join().socket().connect());
    late.complete(Late.of(app, App.joining("late")));
    host.complete(app);

    CompletableFuture<DrainReport> drain = from.drain();
    Await.until("joined on pod-b", () -> to.clients("/chat") == 1);
    newsroom.wake();
    drain.get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    Await.until("it is ready", () -> !late.join().readied().isEmpty());
    assertThat(late.join().readied()).containsExactly(false);
    assertThat(late.join().connects()).hasSize(1).doesNotContain("null");
  }

  @Test
  void disconnect_ofANamespaceWhoseReadyHangs_letsTheOthersMove() throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from = podThatLeadsTo(to);
    CompletableFuture<Runnable> inTheMove = new CompletableFuture<>();
    App app = host(from, App.websocket(), inTheMove);
    CompletableFuture<Void> hangs = new CompletableFuture<>();
    CompletableFuture<Void> never = new CompletableFuture<>();
    Late late =
        Late.of(
            app,
            (socket, moving) -> {
              if (moving) {
                hangs.complete(null);
                return never;
              }
              return null;
            });
    late.socket().connect();
    Await.until("it is there", () -> late.socket().connected());
    inTheMove.complete(() -> {});

    var unused = from.drain();
    hangs.get(10, TimeUnit.SECONDS);
    late.socket().disconnect();

    app.awaitSeen("moved", 1);
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
    assertThat(late.connects()).hasSize(1);
  }

  @Test
  void connect_ofANamespaceThatTheNextPodRefuses_leavesTheMoveAloneAndIsToldItIsGone()
      throws Exception {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom)).refusing("/extra");
    TestPod from = podThatLeadsTo(to).with("/extra");
    CompletableFuture<Runnable> inTheMove = new CompletableFuture<>();
    IO.Options io = App.websocket();
    io.auth = Map.of("token", "extra"); // netty-socketio asks only about clients with a token
    App app = host(from, io, inTheMove);
    AwareSocket extra = app.socket().socket("/extra", AwareOptions.defaults());
    List<String> told = new CopyOnWriteArrayList<>();
    for (String event : List.of("connect", "disconnect", "connect_error")) {
      extra.on(event, args -> told.add(event));
    }
    inTheMove.complete(extra::connect);

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    Await.until("it is refused", () -> told.contains("connect_error"));
    Await.until("the old connection is dropped", () -> told.contains("disconnect"));
    assertThat(told).containsExactlyInAnyOrder("connect", "connect_error", "disconnect");
    assertThat(told).endsWith("disconnect");
    assertThat(extra.isActive()).isFalse();
    assertThat(extra.connected()).isFalse();
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
  }
}
