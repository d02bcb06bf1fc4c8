package io.gracefuldrain.socketio;

import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.thread.EventThread;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** The Java clients, in this JVM. */
final class JavaCrowd implements TestCrowd {
  private static final long LAST_ACKNOWLEDGEMENTS_MILLIS = 10_000;

  private final OkHttpClient http;
  private final List<TestClient> clients = new ArrayList<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(JavaCrowd::daemon);
  private volatile boolean anew = true;

  JavaCrowd(
      String url, Collection<ClientKind> kinds, int each, Upload upload, List<String> namespaces) {
    // By default, OkHttp allows five requests at a time to one host. There are more pollers here.
    Dispatcher dispatcher = new Dispatcher(Executors.newCachedThreadPool(JavaCrowd::daemon));
    dispatcher.setMaxRequests(1000);
    dispatcher.setMaxRequestsPerHost(1000);
    http =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .readTimeout(1, TimeUnit.MINUTES) // the client's own default
            .build();
    for (ClientKind kind : kinds) {
      for (String name : kind.names(each)) {
        clients.add(new TestClient(name, kind, url, namespaces));
      }
    }
    var unused =
        clock.scheduleAtFixedRate(
            // On the client's own thread. An upload between a disconnect and its notice would be
            // sent twice on the next connection: by the client and by us.
            () -> EventThread.exec(() -> clients.forEach(client -> client.upload(upload, anew))),
            upload.everyMs(),
            upload.everyMs(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void burst(int overWebSocket, int overPolling) {
    EventThread.exec(() -> clients.forEach(client -> client.burst(overWebSocket, overPolling)));
  }

  @Override
  public List<ClientLedger> end() throws InterruptedException {
    anew = false;
    long deadline = System.nanoTime() + LAST_ACKNOWLEDGEMENTS_MILLIS * 1_000_000;
    // No Await: a client that still owes at the end is no failure here, its ledger shows it.
    while (clients.stream().anyMatch(TestClient::owes) && System.nanoTime() - deadline < 0) {
      Thread.sleep(20);
    }
    return clients.stream().map(TestClient::ledger).toList();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    clients.forEach(client -> client.socket.disconnect());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "java-crowd");
    thread.setDaemon(true);
    return thread;
  }

  private final class TestClient {
    private final String name;
    private final ClientKind kind;
    private final Socket socket;
    private final List<Socket> sockets = new ArrayList<>(); // one for each namespace
    private final Map<String, ClientLedger.Feed> sessions = new LinkedHashMap<>();
    private final List<ClientLedger.Away> away = new ArrayList<>();
    // Sent on this connection, or on an earlier one, and not acknowledged.
    private final Set<Integer> owed = new LinkedHashSet<>();
    private final Deque<Integer> again = new ArrayDeque<>();
    private int nextUpload;
    private int kept;
    private long goneAt;
    private String goneFor = "";

    TestClient(String name, ClientKind kind, String url, List<String> namespaces) {
      this.name = name;
      this.kind = kind;
      IO.Options options =
          IO.Options.builder()
              .setForceNew(true)
              .setTransports(kind.transports().toArray(new String[0]))
              .build();
      options.callFactory = http;
      options.webSocketFactory = http;
      socket = IO.socket(URI.create(url), options);
      socket.on(Socket.EVENT_CONNECT, nothing -> connected());
      socket.on(Socket.EVENT_DISCONNECT, reason -> gone((String) reason[0]));
      for (String namespace : namespaces) {
        Socket joined = namespace.equals(FeedServer.MAIN) ? socket : socket.io().socket(namespace);
        joined.on(Socket.EVENT_CONNECT, nothing -> joined.emit("ready", name, kind.name()));
        joined.on("feed", feed -> hear((String) feed[0], (Integer) feed[1]));
        sockets.add(joined);
        joined.connect();
      }
    }

    private synchronized void connected() {
      if (!goneFor.isEmpty()) {
        long millis = (System.nanoTime() - goneAt) / 1_000_000;
        away.add(new ClientLedger.Away(millis, goneFor));
      }
    }

    private synchronized void gone(String reason) {
      goneAt = System.nanoTime();
      goneFor = reason;
      kept += owed.size();
      List<Integer> unacknowledged = new ArrayList<>(owed);
      Collections.reverse(unacknowledged);
      unacknowledged.forEach(again::addFirst);
      owed.clear();
    }

    private synchronized void hear(String session, int number) {
      ClientLedger.Feed feed = sessions.getOrDefault(session, ClientLedger.Feed.NOTHING);
      sessions.put(
          session,
          number < feed.next()
              ? new ClientLedger.Feed(feed.next(), feed.missing(), feed.behind() + 1)
              : new ClientLedger.Feed(
                  number + 1, feed.missing() + number - feed.next(), feed.behind()));
    }

    synchronized void upload(Upload upload, boolean alsoNew) {
      int most = kind.webSocket() ? upload.mostOwed() : upload.mostOwedToPoller();
      for (int i = 0; i < upload.atOnce() && socket.connected() && owed.size() < most; i++) {
        if (!again.isEmpty()) {
          send(again.removeFirst());
        } else if (alsoNew) {
          send(nextUpload++);
        }
      }
    }

    synchronized void burst(int overWebSocket, int overPolling) {
      int count = kind.webSocket() ? overWebSocket : overPolling;
      for (int i = 0; i < count && socket.connected(); i++) {
        send(nextUpload++);
      }
    }

    private void send(int number) {
      owed.add(number);
      Socket turn = sockets.get(number % sockets.size());
      Socket by =
          turn.connected() ? turn : socket; // a socket that is not connected would only buffer it
      by.emit("upload", new Object[] {name, number}, acknowledgement -> acknowledged(number));
    }

    private synchronized void acknowledged(int number) {
      owed.remove(number);
    }

    synchronized boolean owes() {
      return owed.size() + again.size() > 0;
    }

    synchronized ClientLedger ledger() {
      List<Integer> unacknowledged = new ArrayList<>(owed);
      unacknowledged.addAll(again);
      return new ClientLedger(
          name, Map.copyOf(sessions), List.copyOf(away), nextUpload, kept, unacknowledged);
    }
  }
}
