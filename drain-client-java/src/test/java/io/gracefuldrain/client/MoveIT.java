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
import java.util.function.ToIntFunction;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Moves between real servers, as the application feels them: not at all. */
class MoveIT {
  private static final boolean FULL = Boolean.getBoolean("drain.full");

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

  /** One whose hints say where to go. */
  private Server podThatLeadsTo(Server to) {
    return opened(new Server("pod-a", newsroom, policy -> policy.withReconnectUrl(to.url())));
  }

  @Test
  void rollouts_manyClients_noneLosesRepeatsOrReordersAndNoneIsEverAway() throws Exception {
    int rollouts = FULL ? 5 : 3;
    Server pod = opened(new Server("pod-0", newsroom));
    Front front = opened(new Front(pod.port()));
    List<App> apps = new ArrayList<>();
    for (int i = 0; i < (FULL ? 50 : 20); i++) {
      apps.add(opened(App.at(front.url(), "app-" + i)));
    }
    apps.forEach(App::uploading);

    for (int rollout = 1; rollout <= rollouts; rollout++) {
      Server next = opened(new Server("pod-" + rollout, newsroom));
      front.lead(next.port());
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
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
    App main = opened(App.at(from.url(), "main"));
    App chat = opened(main.in("/chat"));
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
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
    var io = App.websocket();
    io.transports = new String[] {"polling"};
    App app = opened(App.at(from.url(), "poller", io, same -> same));
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
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
    App app = opened(App.at(from.url(), "orders"));
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
    Server there = opened(new Server("pod-a", newsroom));
    Server back = opened(new Server("pod-b", newsroom));
    Front front = opened(new Front(there.port()));
    App app = opened(App.at(front.url(), "mover"));
    app.uploading();
    String first = app.socket().id();
    front.lead(back.port());

    assertThat(there.coordinator().shed(1)).isOne();
    Await.until("current on pod-b", () -> !first.equals(app.socket().id()));
    front.lead(there.port());
    assertThat(back.coordinator().shed(1)).isOne(); // in the first one's overlap

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
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
    CompletableFuture<AwareSocket> late = new CompletableFuture<>();
    Ready joiningLate =
        (socket, moving) -> {
          if (!moving) {
            return App.joining("host").ready(socket, false);
          }
          CompletableFuture<Void> done = new CompletableFuture<>();
          EventThread.nextTick(
              () -> {
                socket.emit("nap", 500); // next is slow to let the other namespace in
                done.complete(null); // from here on emits are held, until the old pod has answered
                late.join().connect();
              });
          return done;
        };
    App app =
        opened(App.at(from.url(), "host", App.websocket(), same -> same.withReady(joiningLate)));
    AwareSocket chat = app.socket().socket("/chat", AwareOptions.defaults());
    List<String> connects = new CopyOnWriteArrayList<>();
    List<Boolean> answered = new CopyOnWriteArrayList<>();
    chat.on("connect", args -> connects.add(String.valueOf(chat.id())));
    late.complete(chat);

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    chat.emit("upload", "late", 1, (io.socket.client.Ack) args -> answered.add(true));
    Await.until("answer in the other namespace", () -> !answered.isEmpty());
    assertThat(connects).hasSize(1).doesNotContain("null");
    assertThat(newsroom.uploads("late")).containsExactly(1);
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
  }

  /** What another namespace of a moving host felt. */
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

  /** A host in whose move something happens, once its new connection has joined. */
  private App host(Server from, IO.Options io, CompletableFuture<Runnable> inTheMove) {
    Ready ready =
        (socket, moving) -> {
          if (moving) {
            inTheMove.join().run();
          }
          return App.joining("host").ready(socket, moving);
        };
    return opened(App.at(from.url(), "host", io, same -> same.withReady(ready)));
  }

  @Test
  void connect_ofAnotherNamespaceWhileReadyIsAtWork_isMadeReadyToo() throws Exception {
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
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
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
    CompletableFuture<Runnable> inTheMove = new CompletableFuture<>();
    App app = host(from, App.websocket(), inTheMove);
    Late late = Late.of(app, App.joining("late"));
    inTheMove.complete(
        () -> {
          app.socket().emit("nap", 1_500); // and then the old pod answers to landed
          CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS)
              .execute(() -> late.socket().connect());
        });

    from.drain().get(20, TimeUnit.SECONDS);

    app.awaitSeen("moved", 1);
    Await.until("it is ready", () -> !late.readied().isEmpty());
    assertThat(late.readied()).containsExactly(false);
    assertThat(late.connects()).hasSize(1).doesNotContain("null");
  }

  @Test
  void disconnect_ofANamespaceWhoseReadyHangs_letsTheOthersMove() throws Exception {
    Server to = opened(new Server("pod-b", newsroom));
    Server from = podThatLeadsTo(to);
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
    Server to = opened(new Server("pod-b", newsroom)).refusing("/extra");
    Server from = podThatLeadsTo(to).with("/extra");
    CompletableFuture<Runnable> inTheMove = new CompletableFuture<>();
    IO.Options io = App.websocket();
    io.auth = Map.of("token", "extra"); // netty-socketio asks only about those who have one
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
    assertThat(told).containsExactly("connect", "disconnect", "connect_error");
    assertThat(extra.isActive()).isFalse();
    assertThat(extra.connected()).isFalse();
    assertThat(app.seen()).containsExactly("connect", "moving", "moved");
  }
}
