package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.lean.Client;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.results.ClientKind;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.net.URI;
import java.util.function.LongSupplier;
import okhttp3.OkHttpClient;

/**
 * The Java socket.io-client with all its defaults. The lab only listens and leaves reconnection to
 * the library. Everything happens on the library's one event thread.
 */
final class JavaClient implements Client {
  private final Account account;
  private final LongSupplier clock;
  private final Socket socket;
  private final JavaStreams streams;

  JavaClient(
      URI url,
      ClientKind kind,
      int feedMs,
      OkHttpClient http,
      Account account,
      LongSupplier clock) {
    this.account = account;
    this.clock = clock;
    IO.Options options = options(feedMs, http);
    switch (kind) {
      case JAVA_WEBSOCKET -> options.transports = new String[] {"websocket"};
      case JAVA_POLLING -> options.transports = new String[] {"polling"};
      case JAVA_UPGRADE -> {} // its default
      default -> throw new IllegalArgumentException(kind + " (expected: a Java client)");
    }
    socket = IO.socket(url, options);
    streams = new JavaStreams(account, clock, socket::connected, socket::emit);
    socket.on(Socket.EVENT_CONNECT, args -> connected());
    socket.on(Socket.EVENT_CONNECT_ERROR, args -> account.failed(clock.getAsLong()));
    socket.on(
        Socket.EVENT_DISCONNECT,
        args -> account.disconnected(String.valueOf(args[0]), clock.getAsLong()));
    socket.io().on(Manager.EVENT_RECONNECT_ATTEMPT, args -> account.attempting(clock.getAsLong()));
    socket.on(FeedEvents.FEED, this::heard);
  }

  /** The default options of the library, changed only where a crowd needs it. */
  static IO.Options options(int feedMs, OkHttpClient http) {
    IO.Options options = new IO.Options();
    options.forceNew = true; // otherwise clients of one URL share a connection
    options.query = FeedEvents.FEED_MS + "=" + feedMs;
    options.callFactory = http;
    options.webSocketFactory = http;
    return options;
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

  // ---------------------------------------------------------------- on the event thread

  private void connected() {
    account.connected(socket.id(), clock.getAsLong());
    JavaStreams.ask(socket::emit, account::answeredBy);
    streams.send();
  }

  private void heard(Object... args) {
    Long n = JavaStreams.number(JavaStreams.last(args));
    if (n != null) {
      account.heard(n, clock.getAsLong());
    }
  }
}
