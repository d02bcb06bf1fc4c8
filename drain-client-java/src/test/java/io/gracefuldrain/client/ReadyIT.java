package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How an application's state comes along: with {@code connect}, or with {@link Ready}. */
class ReadyIT {
  private static final List<String> STEPS =
      List.of("hint", "moving", "attempt", "connected", "holding", "switched", "moved");

  @RegisterExtension final Closer closer = new Closer();
  private final Newsroom newsroom = closer.closing(new Newsroom());
  private final TestPod to = closer.closing(new TestPod("pod-b", newsroom));
  private final TestPod from =
      closer.closing(new TestPod("pod-a", newsroom, policy -> policy.withReconnectUrl(to.url())));
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<Integer> feed = new CopyOnWriteArrayList<>();

  private AwareSocket socket(AwareOptions options) {
    return socket(options, App.websocket());
  }

  private AwareSocket socket(AwareOptions options, IO.Options io) {
    AwareSocket socket = DrainAware.socket(from.url(), io, options.withOrigins(to.url()));
    socket.on("feed", args -> feed.add(((JSONObject) args[0]).getInt("n")));
    for (String event :
        List.of(
            Socket.EVENT_CONNECT,
            Socket.EVENT_DISCONNECT,
            "drain:moving",
            "drain:switched",
            "drain:moved",
            "drain:failed")) {
      socket.on(event, args -> seen.add(event));
    }
    closer.closing(socket::disconnect);
    return socket;
  }

  private void move() {
    var unused = from.drain();
    Await.until(() -> "moved: " + seen, Await.SOON, () -> seen.contains("drain:moved"));
  }

  private void awaitFeed() {
    int until = feed.size() + 3;
    Await.until("feed", () -> feed.size() >= until);
  }

  private void assertFeedWhole() {
    List<Integer> whole = new ArrayList<>();
    List<Integer> got = List.copyOf(feed);
    got.forEach(n -> whole.add(got.get(0) + whole.size()));
    assertThat(got).isEqualTo(whole);
  }

  @Test
  void connect_joinsRoomsAsTheStockDocumentationTeaches_comesAgainAfterAMove() {
    AwareSocket socket = socket(AwareOptions.defaults());
    socket.on("connect", args -> socket.emit("join", "rooms"));
    socket.connect();
    awaitFeed();

    move();

    awaitFeed();
    assertFeedWhole();
    assertThat(seen)
        .containsExactly("connect", "drain:moving", "drain:switched", "connect", "drain:moved");
  }

  @Test
  void quiet_application_hearsNoConnectAfterAMove() {
    AwareSocket socket = socket(AwareOptions.quiet());
    socket.connect();
    Await.until("connected", socket::connected);

    move();

    assertThat(seen).containsExactly("connect", "drain:moving", "drain:switched", "drain:moved");
  }

  @Test
  void switched_isToldWithBothIdsWhenTheIdIsTheNewOne() {
    AwareSocket socket = socket(AwareOptions.quiet());
    CompletableFuture<JSONObject> told = new CompletableFuture<>();
    CompletableFuture<String> id = new CompletableFuture<>();
    socket.on(
        "drain:switched",
        args -> {
          id.complete(socket.id());
          told.complete((JSONObject) args[0]);
        });
    socket.connect();
    Await.until("connected", socket::connected);
    String before = socket.id();

    move();

    JSONObject switched = told.join();
    assertThat(switched.getString("previousId")).isEqualTo(before);
    assertThat(switched.getString("id")).isEqualTo(id.join()).isEqualTo(socket.id());
    assertThat(switched.getString("reason")).isEqualTo("drain");
    assertThat(switched.getJSONObject("from").getString("pod")).isEqualTo("pod-a");
    assertThat(switched.getJSONObject("to").getString("pod")).isEqualTo("pod-b");
  }

  @Test
  void listenersOfReady_endWithTheMove() {
    List<Boolean> heardInReady = new CopyOnWriteArrayList<>();
    Ready ready =
        (next, moving) -> {
          CompletableFuture<Void> fed = new CompletableFuture<>();
          next.on(
              "feed",
              args -> {
                heardInReady.add(moving);
                fed.complete(null);
              });
          next.emit("join", "listening");
          return fed;
        };
    AwareSocket socket = socket(AwareOptions.defaults().withReady(ready));
    socket.connect();
    awaitFeed();

    move();

    assertThat(heardInReady).contains(false, true);
    int before = heardInReady.size();
    awaitFeed();
    assertThat(heardInReady).hasSize(before);
    assertFeedWhole();
  }

  @Test
  void emitWithAck_inReady_isAwaitedByTheMove() {
    Ready ready = (next, moving) -> next.emitWithAck("join", "awaited");
    AwareSocket socket = socket(AwareOptions.defaults().withReady(ready));
    socket.connect();
    awaitFeed();

    move();

    awaitFeed();
    assertFeedWhole();
    assertThat(seen).containsExactly("connect", "drain:moving", "drain:switched", "drain:moved");
  }

  @Test
  void readySocket_keptBeyondReady_isTheApplicationsOwn() {
    List<ReadySocket> kept = new CopyOnWriteArrayList<>();
    Ready ready =
        (next, moving) -> {
          kept.add(next);
          return next.emitWithAck("join", "kept");
        };
    AwareSocket socket = socket(AwareOptions.defaults().withReady(ready));
    socket.connect();
    awaitFeed();
    move();

    kept.get(0).emit("upload", "kept", 1); // its connection has ended
    kept.get(1).emit("upload", "kept", 2);

    Await.until("both", () -> newsroom.uploads("kept").size() == 2);
    assertThat(newsroom.uploads("kept")).containsExactly(1, 2);
  }

  @Test
  void readySocket_tellsItsSession() {
    List<Object> told = new CopyOnWriteArrayList<>();
    Ready ready =
        (next, moving) -> {
          told.addAll(List.of(next.namespace(), next.connected(), next.id(), next.auth()));
          return null;
        };
    IO.Options io = App.websocket();
    io.auth = Map.of("token", "t");
    AwareSocket socket = socket(AwareOptions.defaults().withReady(ready), io);

    socket.connect();

    Await.until("ready", () -> told.size() == 4);
    assertThat(told).containsExactly("/", true, socket.id(), Map.of("token", "t"));
  }

  @Test
  void userThatMayBeSignedInOnce_isMovedAndNotEnded() {
    AwareSocket socket = socket(AwareOptions.defaults());
    socket.on("connect", args -> socket.emit("join", "single"));
    socket.connect();
    awaitFeed();
    to.onConnect(client -> from.kick()); // before the next pod has admitted it

    move();

    awaitFeed();
    assertThat(socket.connected()).isTrue();
    assertThat(socket.isActive()).isTrue();
    assertThat(seen)
        .containsExactly("connect", "drain:moving", "drain:switched", "connect", "drain:moved");
  }

  @Test
  void log_ofAMove_namesItsSteps() {
    List<String> words = new CopyOnWriteArrayList<>();
    List<Object> reasons = new CopyOnWriteArrayList<>();
    AwareOptions options =
        AwareOptions.quiet()
            .withLog(
                (what, details) -> {
                  words.add(what);
                  if (what.equals("moving")) {
                    reasons.add(details.get("reason"));
                  }
                });
    AwareSocket socket = socket(options);
    socket.connect();
    Await.until("connected", socket::connected);

    move();

    assertThat(words)
        .containsSubsequence(
            "hint", "moving", "attempt", "connected", "holding", "switched", "moved");
    assertThat(reasons).containsExactly("drain");
  }

  @Test
  void hint_toAForeignOrigin_leadsToTheOwnAddress() {
    List<Map<String, Object>> ignored = new CopyOnWriteArrayList<>();
    AwareSocket socket =
        DrainAware.socket(
            from.url(),
            App.websocket(),
            AwareOptions.quiet()
                .withLog(
                    (what, details) -> {
                      if (what.equals("ignored")) {
                        ignored.add(details);
                      }
                    }));
    CompletableFuture<JSONObject> failed = new CompletableFuture<>();
    socket.on("drain:failed", args -> failed.complete((JSONObject) args[0]));
    closer.closing(socket::disconnect);
    socket.connect();
    Await.until("connected", socket::connected);

    var unused = from.drain();

    // Its own address is the pod that drains, which does not take it back.
    assertThat(failed.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join().getString("code"))
        .isEqualTo("refused");
    assertThat(to.clients("")).isZero();
    assertThat(ignored.get(0)).containsEntry("event", "drain:reconnect: url");
  }

  /**
   * The application disconnects and connects again in the middle of a move, in each of its states.
   */
  @Test
  void disconnectAndConnect_inEachStateOfAMove_leavesOneConnectionThatWorks() {
    for (MoveState when : MoveState.values()) {
      TestPod next = closer.closing(new TestPod("next-" + when, newsroom));
      TestPod first =
          closer.closing(
              new TestPod("first-" + when, newsroom, same -> same.withReconnectUrl(next.url())));
      CompletableFuture<AwareSocket> made = new CompletableFuture<>();
      CompletableFuture<Void> done = new CompletableFuture<>();
      Runnable again =
          () -> {
            if (made.join().moveState() == when && !done.isDone()) {
              made.join().disconnect();
              made.join().connect();
              done.complete(null);
            }
          };
      AwareOptions options =
          AwareOptions.defaults()
              .withOrigins(next.url())
              .withReady(
                  (given, moving) ->
                      moving && when == MoveState.PREPARING ? new CompletableFuture<>() : null)
              .withLog((what, details) -> EventThread.nextTick(again));
      AwareSocket socket = DrainAware.socket(first.url(), App.websocket(), options);
      made.complete(socket);
      closer.closing(socket::disconnect);
      socket.connect();
      Await.until("connected", socket::connected);

      assertThat(first.coordinator().shed(1)).isOne();
      Await.until("again in " + when, done::isDone);
      List<Boolean> answered = new CopyOnWriteArrayList<>();
      socket.emit("upload", when.name(), 1, (io.socket.client.Ack) args -> answered.add(true));

      Await.until("answered in " + when, () -> !answered.isEmpty());
      Await.until("one connection in " + when, () -> first.clients("") + next.clients("") == 1);
      assertThat(newsroom.uploads(when.name())).containsExactly(1);
    }
  }

  /**
   * The application disconnects in its log, at each step of a move, and connects again in its
   * listener.
   */
  @Test
  void connect_inTheListenerOfDisconnectAtEachStepOfAMove_worksAndMovesLater() {
    for (String step : STEPS) {
      TestPod next = closer.closing(new TestPod("next-" + step, newsroom));
      TestPod first =
          closer.closing(
              new TestPod("first-" + step, newsroom, same -> same.withReconnectUrl(next.url())));
      CompletableFuture<Void> done = new CompletableFuture<>();
      AwareSocket socket = disconnecting(step, first, next, done);
      List<Object> moved = new CopyOnWriteArrayList<>();
      socket.once("disconnect", args -> socket.connect());
      socket.on("drain:moved", args -> moved.add(args[0]));
      socket.connect();
      Await.until("connected", socket::connected);

      assertThat(first.coordinator().shed(1)).isOne();
      Await.until("disconnected at " + step, done::isDone);
      List<Boolean> answered = new CopyOnWriteArrayList<>();
      socket.emit("upload", step, 1, (io.socket.client.Ack) args -> answered.add(true));

      Await.until("answered at " + step, () -> !answered.isEmpty());
      Await.until("one connection at " + step, () -> first.clients("") + next.clients("") == 1);
      assertThat(newsroom.uploads(step)).containsExactly(1);
      assertThat(socket.isActive()).isTrue();
      assertThat(socket.moveState()).as(step).isEqualTo(MoveState.IDLE);
      int before = moved.size();
      assertThat(first.coordinator().shed(1)).as(step).isOne();
      Await.until("moves after " + step, () -> moved.size() > before);
    }
  }

  @Test
  void disconnect_inTheLogAtEachStepOfAMove_endsIt() {
    for (String step : STEPS) {
      TestPod next = closer.closing(new TestPod("next-" + step, newsroom));
      TestPod first =
          closer.closing(
              new TestPod("first-" + step, newsroom, same -> same.withReconnectUrl(next.url())));
      CompletableFuture<Void> done = new CompletableFuture<>();
      AwareSocket socket = disconnecting(step, first, next, done);
      socket.connect();
      Await.until("connected", socket::connected);

      assertThat(first.coordinator().shed(1)).isOne();

      Await.until("disconnected at " + step, done::isDone);
      Await.until(
          () -> "idle after " + step + ": " + socket.moveState(),
          Await.SOON,
          () -> socket.moveState() == MoveState.IDLE);
      Await.until("no connection at " + step, () -> first.clients("") + next.clients("") == 0);
      assertThat(socket.isActive()).isFalse();
    }
  }

  /** A socket that disconnects in its log, once, at this step. */
  private AwareSocket disconnecting(
      String step, TestPod first, TestPod next, CompletableFuture<Void> done) {
    CompletableFuture<AwareSocket> made = new CompletableFuture<>();
    AtomicBoolean came = new AtomicBoolean();
    AwareOptions options =
        AwareOptions.quiet()
            .withOrigins(next.url())
            .withLog(
                (what, details) -> {
                  if (what.equals(step) && came.compareAndSet(false, true)) {
                    made.join().disconnect();
                    EventThread.nextTick(() -> done.complete(null)); // the step has ended, too
                  }
                });
    AwareSocket socket = DrainAware.socket(first.url(), App.websocket(), options);
    made.complete(socket);
    closer.closing(socket::disconnect);
    return socket;
  }
}
