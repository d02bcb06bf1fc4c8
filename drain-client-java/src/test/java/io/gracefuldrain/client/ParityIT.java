package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import io.socket.emitter.Emitter;
import io.socket.engineio.client.Transport;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An aware socket beside a stock one, as applications use them, without a move and in one. */
class ParityIT {
  private static final List<String> MANAGER_EVENTS =
      List.of(
          Manager.EVENT_OPEN,
          Manager.EVENT_CLOSE,
          Manager.EVENT_ERROR,
          Manager.EVENT_RECONNECT_ATTEMPT,
          Manager.EVENT_RECONNECT,
          Manager.EVENT_RECONNECT_ERROR,
          Manager.EVENT_TRANSPORT);
  private static final List<String> SOCKET_EVENTS =
      List.of(Socket.EVENT_CONNECT, Socket.EVENT_DISCONNECT, Socket.EVENT_CONNECT_ERROR);

  @RegisterExtension final Closer closer = new Closer();
  private final Newsroom newsroom = closer.closing(new Newsroom());

  private static IO.Options options(String... transports) {
    IO.Options io = new IO.Options();
    io.transports = transports;
    io.forceNew = true;
    io.reconnectionDelay = 50;
    io.randomizationFactor = 0;
    return io;
  }

  /** What an application hears, in its order. */
  private static List<String> listen(
      BiConsumer<String, Emitter.Listener> manager, BiConsumer<String, Emitter.Listener> socket) {
    List<String> heard = new CopyOnWriteArrayList<>();
    for (String event : MANAGER_EVENTS) {
      manager.accept(event, args -> heard.add("io " + event));
    }
    for (String event : SOCKET_EVENTS) {
      socket.accept(event, args -> heard.add(event));
    }
    return heard;
  }

  /** Connects, is cut, comes back, and disconnects. */
  private static void live(
      Runnable connect, Runnable disconnect, List<String> heard, TcpForwarder way) {
    connect.run();
    await(heard, "connect", 1);
    way.cut();
    await(heard, "connect", 2);
    disconnect.run();
    await(heard, "disconnect", 2);
  }

  private static void await(List<String> heard, String event, int times) {
    Await.until(
        () -> event + " in " + heard,
        Await.SOON,
        () -> Collections.frequency(heard, event) >= times);
  }

  @Test
  void events_ofACut_comeAsTheStockClientTellsThem() {
    TestPod pod = closer.closing(new TestPod("pod-a", newsroom));
    TcpForwarder way = closer.closing(new TcpForwarder(pod.port()));
    Socket stock = IO.socket(URI.create(way.url()), options("websocket"));
    List<String> wanted = listen(stock.io()::on, stock::on);
    AwareSocket aware = DrainAware.socket(way.url(), options("websocket"), AwareOptions.defaults());
    List<String> heard = listen(aware.io()::on, aware::on);

    live(stock::connect, stock::disconnect, wanted, way);
    live(aware::connect, aware::disconnect, heard, way);

    Await.until(() -> heard + " like " + wanted, Await.SOON, () -> heard.equals(wanted));
    assertThat(heard).contains("connect", "disconnect", "io reconnect");
  }

  @Test
  void events_ofASessionThatTheServerEnds_comeAsTheStockClientTellsThem() {
    for (String transport : List.of("websocket", "polling")) {
      TestPod pod = closer.closing(new TestPod("pod-" + transport, newsroom));
      Socket stock = IO.socket(URI.create(pod.url()), options(transport));
      List<String> wanted = listen(stock.io()::on, stock::on);
      AwareSocket aware = DrainAware.socket(pod.url(), options(transport), AwareOptions.defaults());
      List<String> heard = listen(aware.io()::on, aware::on);
      stock.connect();
      aware.connect();
      await(wanted, "connect", 1);
      await(heard, "connect", 1);

      pod.kick();

      await(wanted, "disconnect", 1);
      await(heard, "disconnect", 1);
      assertThat(heard).isEqualTo(wanted);
      assertThat(aware.isActive()).isEqualTo(stock.isActive());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"io server disconnect", "io client disconnect"})
  void connect_inTheListenerOfDisconnect_isHeardAsByTheStockClientAndMovesLater(String reason) {
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod stocks = closer.closing(new TestPod("pod-stock", newsroom));
    TestPod awares =
        closer.closing(new TestPod("pod-a", newsroom, same -> same.withReconnectUrl(to.url())));
    Socket stock = IO.socket(URI.create(stocks.url()), options("websocket"));
    AwareSocket aware =
        DrainAware.socket(
            awares.url(), options("websocket"), AwareOptions.quiet().withOrigins(to.url()));
    List<String> wanted = listen((event, none) -> {}, stock::on);
    List<String> heard = listen((event, none) -> {}, aware::on);
    List<String> reasons = new CopyOnWriteArrayList<>();
    stock.once("disconnect", args -> stock.connect());
    aware.once(
        "disconnect",
        args -> {
          reasons.add((String) args[0]);
          aware.connect();
        });
    closer.closing(stock::disconnect);
    closer.closing(aware::disconnect);
    stock.connect();
    aware.connect();
    await(wanted, "connect", 1);
    await(heard, "connect", 1);

    if (reason.equals("io server disconnect")) {
      stocks.kick();
      awares.kick();
    } else {
      stock.disconnect();
      aware.disconnect();
    }

    await(wanted, "connect", 2);
    await(heard, "connect", 2);
    assertThat(heard).containsExactly("connect", "disconnect", "connect");
    if (reason.equals("io server disconnect")) { // else the stock client may tell the end twice
      assertThat(heard).isEqualTo(wanted);
    }
    assertThat(reasons).containsExactly(reason);
    assertThat(aware.isActive()).isTrue();
    List<Object> moved = new CopyOnWriteArrayList<>();
    aware.on("drain:moved", args -> moved.add(args[0]));
    var unused = awares.drain();
    Await.until("moved", () -> moved.size() == 1);
    assertThat(heard).hasSize(3);
    assertThat(aware.connected()).isTrue();
  }

  @Test
  void events_ofAServerThatIsNotThere_comeAsTheStockClientTellsThem() {
    String nobody = "http://127.0.0.1:" + Ports.free();
    Socket stock = IO.socket(URI.create(nobody), options("websocket"));
    AwareSocket aware = DrainAware.socket(nobody, options("websocket"), AwareOptions.defaults());
    List<String> wanted = listen(stock.io()::on, stock::on);
    List<String> heard = listen(aware.io()::on, aware::on);

    stock.connect();
    aware.connect();
    await(wanted, "io reconnect_error", 2);
    await(heard, "io reconnect_error", 2);
    stock.disconnect();
    aware.disconnect();

    assertThat(twice(heard)).isEqualTo(twice(wanted));
  }

  /** Up to the second failed reconnect. */
  private static List<String> twice(List<String> events) {
    int first = events.indexOf("io reconnect_error");
    List<String> rest = events.subList(first + 1, events.size());
    return events.subList(0, first + 2 + rest.indexOf("io reconnect_error"));
  }

  @Test
  void requestHeaders_setForEachTransport_areThoseOfEveryConnection() throws Exception {
    Map<String, String> had = new ConcurrentHashMap<>();
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from =
        closer.closing(new TestPod("pod-a", newsroom, same -> same.withReconnectUrl(to.url())));
    from.onConnect(client -> had.put("a", header(client)));
    to.onConnect(client -> had.put("b", header(client)));
    AwareSocket socket =
        DrainAware.socket(
            from.url(), options("websocket"), AwareOptions.defaults().withOrigins(origin -> true));
    List<String> tokens = new CopyOnWriteArrayList<>(List.of("first", "second"));
    socket
        .io()
        .on(
            Manager.EVENT_TRANSPORT,
            args -> {
              String token = tokens.remove(0);
              ((Transport) args[0])
                  .on(
                      Transport.EVENT_REQUEST_HEADERS,
                      headers -> headers(headers[0]).put("token", List.of(token)));
            });
    List<String> heard = new CopyOnWriteArrayList<>();
    socket.on("drain:moved", args -> heard.add("moved"));
    socket.connect();
    Await.until("connected", socket::connected);

    var unused = from.drain();

    Await.until("moved", () -> heard.contains("moved"));
    socket.disconnect();
    assertThat(had).containsEntry("a", "first").containsEntry("b", "second");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, List<String>> headers(Object headers) {
    return (Map<String, List<String>>) headers;
  }

  private static String header(SocketIOClient client) {
    return String.valueOf(client.getHandshakeData().getHttpHeaders().get("token"));
  }

  @Test
  void extraHeaders_refreshedBeforeAnAttempt_goToTheNextPod() throws Exception {
    Map<String, String> had = new ConcurrentHashMap<>();
    TestPod to = closer.closing(new TestPod("pod-b", newsroom));
    TestPod from =
        closer.closing(new TestPod("pod-a", newsroom, same -> same.withReconnectUrl(to.url())));
    from.onConnect(client -> had.put("a", header(client)));
    to.onConnect(client -> had.put("b", header(client)));
    IO.Options io = options("websocket");
    io.extraHeaders = Map.of("token", List.of("old"));
    AwareSocket socket =
        DrainAware.socket(from.url(), io, AwareOptions.quiet().withOrigins(to.url()));
    socket
        .io()
        .on(
            Manager.EVENT_RECONNECT_ATTEMPT,
            args -> io.extraHeaders = Map.of("token", List.of("fresh")));
    List<String> heard = new CopyOnWriteArrayList<>();
    socket.on("drain:moved", args -> heard.add("moved"));
    socket.connect();
    Await.until("connected", socket::connected);

    var unused = from.drain();

    Await.until("moved", () -> heard.contains("moved"));
    socket.disconnect();
    assertThat(had).containsEntry("a", "old").containsEntry("b", "fresh");
  }

  @Test
  void emits_bufferedBeforeTheConnect_goOutBeforeThoseOfItsListeners() {
    TestPod pod = closer.closing(new TestPod("pod-a", newsroom));
    AwareSocket socket =
        DrainAware.socket(pod.url(), options("websocket"), AwareOptions.defaults());
    socket.on("connect", args -> socket.emit("upload", "order", 2));
    socket.emit("upload", "order", 1);

    socket.connect();

    Await.until("both", () -> newsroom.uploads("order").size() == 2);
    socket.disconnect();
    assertThat(newsroom.uploads("order")).containsExactly(1, 2);
  }

  @Test
  void listeners_ofEventsThatComeOnce_areNotKeptInConnections() {
    TestPod pod = closer.closing(new TestPod("pod-a", newsroom));
    AwareSocket socket =
        DrainAware.socket(pod.url(), options("websocket"), AwareOptions.defaults());
    socket.connect();
    Await.until("connected", socket::connected);
    for (int i = 0; i < 1_000; i++) {
      String event = "reply:" + i;
      Emitter.Listener listener = args -> {};
      socket.on(event, listener).off(event);
    }

    Emitter inner = Internals.stock(socket);
    assertThat(Internals.names(inner)).isNotEmpty().noneMatch(name -> name.startsWith("reply:"));
    assertThat(socket.listeners("reply:1")).isEqualTo(Collections.emptyList());
    socket.disconnect();
  }
}
