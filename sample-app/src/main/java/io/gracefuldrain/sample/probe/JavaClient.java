package io.gracefuldrain.sample.probe;

import io.gracefuldrain.sample.Events;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.net.URI;
import java.util.Map;
import java.util.function.LongSupplier;
import okhttp3.OkHttpClient;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * The Java socket.io-client with all its defaults. It only listens in, and its reconnection is its
 * own. All that happens to it happens on the library's one event thread.
 */
final class JavaClient implements Client {
  private final Account account;
  private final LongSupplier clock;
  private final Socket socket;

  JavaClient(
      URI url,
      ClientKind kind,
      int feedMs,
      OkHttpClient http,
      Account account,
      LongSupplier clock) {
    this.account = account;
    this.clock = clock;
    IO.Options options = new IO.Options();
    options.forceNew = true; // else clients of one URL share a connection
    options.query = Events.FEED_MS + "=" + feedMs;
    options.callFactory = http;
    options.webSocketFactory = http;
    switch (kind) {
      case JAVA_WEBSOCKET -> options.transports = new String[] {"websocket"};
      case JAVA_POLLING -> options.transports = new String[] {"polling"};
      case JAVA_UPGRADE -> {} // its default
      default -> throw new IllegalArgumentException(kind + " (expected: a Java client)");
    }
    socket = IO.socket(url, options);
    socket.on(Socket.EVENT_CONNECT, args -> connected());
    socket.on(Socket.EVENT_CONNECT_ERROR, args -> account.failed(clock.getAsLong()));
    socket.on(
        Socket.EVENT_DISCONNECT,
        args -> account.disconnected(String.valueOf(args[0]), clock.getAsLong()));
    socket.io().on(Manager.EVENT_RECONNECT_ATTEMPT, args -> account.attempting(clock.getAsLong()));
    socket.on(Events.FEED, this::heard);
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
    EventThread.exec(this::sendNow);
  }

  @Override
  public void close() {
    socket.disconnect();
  }

  // ---------------------------------------------------------------- on the event thread

  private void connected() {
    account.connected(socket.id(), clock.getAsLong());
    socket.emit(
        Events.WHO_AM_I,
        new Object[] {new JSONObject()},
        (Ack)
            args -> {
              JSONObject pod = last(args);
              if (pod != null) {
                account.answeredBy(pod.optString("name"), pod.optString("generation"));
              }
            });
    sendNow();
  }

  private void heard(Object... args) {
    JSONObject message = last(args);
    if (message != null && message.has("n")) {
      account.heard(message.optLong("n"), clock.getAsLong());
    }
  }

  private void sendNow() {
    if (!socket.connected()) {
      return; // it would keep what it is given and send it once more later
    }
    for (long n : account.due(clock.getAsLong())) {
      socket.emit(
          Events.UP,
          new Object[] {new JSONObject(Map.of("n", n))},
          (Ack) args -> answered(n, args));
    }
    String order = account.dueOrder(clock.getAsLong());
    if (order != null) {
      socket.emit(
          Events.ORDER,
          new Object[] {new JSONObject(Map.of("id", order))},
          (Ack)
              args -> {
                JSONObject answer = last(args);
                account.orderAnswered(order, answer == null ? null : answer.optString("id", null));
              });
    }
  }

  private void answered(long n, Object... args) {
    JSONObject answer = last(args);
    Long answered = answer == null || !answer.has("n") ? null : answer.optLong("n");
    account.acknowledged(n, answered, null, clock.getAsLong());
    sendNow();
  }

  /** An event that comes before the connect's own reply has its name in front of its payload. */
  private static @Nullable JSONObject last(Object... args) {
    return args.length > 0 && args[args.length - 1] instanceof JSONObject json ? json : null;
  }
}
