package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.client.AwareOptions;
import io.gracefuldrain.client.AwareSocket;
import io.gracefuldrain.client.DrainAware;
import io.gracefuldrain.client.ReadySocket;
import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.lean.Client;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.ledger.MoveAccount;
import io.gracefuldrain.lab.results.Move;
import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.OkHttpClient;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * The Java client that knows the reconnect hint, over WebSocket, as an application uses it. It
 * hides its connections, so the current one is known from its id, and from the pod that messages
 * name. Everything happens on the library's one event thread.
 */
final class AwareClient implements Client {
  private final Account account;
  private final LongSupplier clock;
  private final AwareSocket socket;
  private final JavaStreams streams;
  // Moves whose old connection is still there, by the pod at its other end.
  private final Map<String, MoveAccount> moves = new HashMap<>();
  // Until the next connection has taken over.
  private @Nullable MoveAccount beginning;
  private @Nullable String leaving;

  AwareClient(URI url, int feedMs, OkHttpClient http, Account account, LongSupplier clock) {
    this.account = account;
    this.clock = clock;
    IO.Options options = JavaClient.options(feedMs, http);
    options.transports = new String[] {"websocket"};
    socket =
        DrainAware.socket(
            url, options, AwareOptions.defaults().withReady(this::ready).withDedupe(this::arrived));
    streams = new JavaStreams(account, clock, socket::connected, socket::emit);
    socket.on(Socket.EVENT_CONNECT, args -> connected());
    socket.on(Socket.EVENT_CONNECT_ERROR, args -> account.failedUntold(clock.getAsLong()));
    socket.on(
        Socket.EVENT_DISCONNECT,
        args -> account.disconnected(String.valueOf(args[0]), clock.getAsLong()));
    socket.on(FeedEvents.FEED, this::heard);
    socket.on("drain:moving", args -> moving((JSONObject) args[0]));
    socket.on("drain:moved", args -> moved((JSONObject) args[0]));
    socket.on("drain:failed", args -> failed((JSONObject) args[0]));
  }

  @Override
  public void connect() {
    EventThread.exec(
        () -> {
          account.attempting(clock.getAsLong());
          socket.connect();
        });
  }

  @Override
  public void sendDue() {
    EventThread.exec(streams::send);
  }

  @Override
  public void close() {
    socket.disconnect();
  }

  // ---------------------------------------------------------------- what the application sees

  private void connected() {
    if (beginning == null) {
      account.connected(socket.id(), clock.getAsLong());
    } else {
      look(); // it was away, and the connection of a move was there first
    }
    streams.send();
  }

  private @Nullable CompletionStage<?> ready(ReadySocket over, boolean moving) {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    CompletableFuture<Void> settled =
        new CompletableFuture<Void>().completeOnTimeout(null, READY_MS, TimeUnit.MILLISECONDS);
    JavaStreams.ask(
        over::emit,
        (pod, generation) -> {
          if (!moving) {
            account.answeredBy(pod, generation);
          } else if (beginning != null) {
            beginning.nextAnsweredBy(pod, generation);
          }
          answered.complete(null);
        });
    return answered.thenCombine(settled, (one, other) -> null);
  }

  /** A message has come, which the application may or may not see; called once for each event. */
  private @Nullable Object arrived(String event, Object[] args) {
    JSONObject message = JavaStreams.last(args);
    Long n = event.equals(FeedEvents.FEED) ? JavaStreams.number(message) : null;
    if (n != null) {
      look();
      account.arrived(n, JavaStreams.pod(message));
      account.dropped(1); // until the application sees it
    }
    return n;
  }

  private void heard(Object... args) {
    Long n = JavaStreams.number(JavaStreams.last(args));
    if (n != null) {
      account.dropped(-1);
      account.delivered(n, clock.getAsLong());
    }
  }

  // ---------------------------------------------------------------- moves

  private void moving(JSONObject told) {
    look(); // an earlier move may be over except for its old connection
    leaving = socket.id();
    beginning = account.moving(clock.getAsLong());
    moves.put(from(told), beginning);
    // An emit may still go over the old connection for some milliseconds; it stays for the answer.
    beginning.holding();
  }

  /** Notices that the next connection has taken over: the id has changed. */
  private void look() {
    String id = socket.id();
    if (beginning != null && id != null && !id.equals(leaving)) {
      beginning.nextConnected(id, clock.getAsLong());
      beginning.released(clock.getAsLong());
      beginning = null;
    }
  }

  private void moved(JSONObject told) {
    look();
    MoveAccount move = moves.remove(from(told));
    if (move != null) {
      Move.Figures figures =
          new Move.Figures(
              told.getLong("connectMs"),
              told.getLong("tookMs"),
              told.getLong("held"),
              told.getLong("duplicates"),
              told.getLong("downtimeMs"));
      move.landed(clock.getAsLong(), figures);
      streams.send(); // numbers that the old one has left unanswered
    }
  }

  private void failed(JSONObject told) {
    MoveAccount move = beginning;
    if (move == null) {
      return; // it was no move: the application was not ready
    }
    beginning = null;
    moves.values().remove(move);
    move.failed(told.optString("message"), !socket.connected(), clock.getAsLong());
  }

  private static String from(JSONObject told) {
    return Objects.requireNonNull(told.getJSONObject("from").getString("pod"));
  }
}
