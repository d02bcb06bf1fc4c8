package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.MessageIds;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Await;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client that has no recovery of its own, with the five lines of docs/handover.md: the Java
 * client as it is. Two pods send it the same messages, as from a bus; only the first one has put it
 * into the room.
 */
class TokenClientIT {
  private static final String KEY = "of-a-test-0123456789-0123456789-";
  private static final Map<String, String> USER = Map.of("user", "u1");
  private static final int MANY = 40;

  /** What the client was told, in order. */
  private final List<Integer> notes = new CopyOnWriteArrayList<>();

  private final List<Boolean> recovered = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "polling", "polling,websocket"})
  void javaClient_letGoTwice_missesNothingAndIsToldSo(String transports) throws Exception {
    try (Pod a = new Pod("pod-a");
        Pod b = new Pod("pod-b");
        Pod c = new Pod("pod-c");
        Door door = new Door(a.server, b.server, c.server);
        Bus bus = new Bus(a, b, c)) {
      a.server.server().addConnectListener(client -> client.joinRoom("news"));
      Socket socket = connect("http://127.0.0.1:" + door.port(), transports);
      try {
        Await.until( // the client's first connection loads its classes
            "it is in the room", Await.SOON.multipliedBy(3), () -> !notes.isEmpty());
        assertThat(recovered).containsExactly(false);

        moves(a, b, door);
        assertThat(recovered).containsExactly(false, true);
        moves(b, c, door); // with the token of its second pod
        assertThat(recovered).containsExactly(false, true, true);

        int last = bus.stop();
        Await.until("the last note", () -> notes.contains(last));
        assertThat(notes)
            .containsExactlyElementsOf(IntStream.rangeClosed(notes.get(0), last).boxed().toList());
      } finally {
        socket.disconnect();
      }
    }
  }

  /** Drains a pod while the door leads to another one. */
  private void moves(Pod from, Pod to, Door door) throws Exception {
    int times = recovered.size();
    door.leadTo(to.server);
    DrainReport receipt = from.server.drained();
    assertThat(receipt.count(Outcome.LANDED)).as(receipt.toText()).isOne();
    Await.until("it is back", () -> recovered.size() > times);
    int before = notes.size();
    Await.until("it goes on", () -> notes.size() > before + MANY);
  }

  private Socket connect(String address, String transports) throws URISyntaxException {
    Map<String, String> auth = new ConcurrentHashMap<>(USER);
    IO.Options options = IO.Options.builder().setQuery("drain-token=1").setAuth(auth).build();
    options.forceNew = true;
    options.transports = transports.split(",");
    Socket socket = IO.socket(address, options);
    socket.on("drain:token", given -> auth.put("pid", ((JSONObject) given[0]).optString("token")));
    socket.on(
        "drain:token", given -> recovered.add(((JSONObject) given[0]).optBoolean("recovered")));
    socket.on("note", given -> notes.add(((JSONObject) given[0]).optInt("n")));
    socket.connect();
    return socket;
  }

  /** That what the docs show is what runs here. */
  @Test
  void docs_linesForJava_areThese() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "handover.md"));
    int at = page.indexOf("```java\nMap<String, String> auth");
    assertThat(at).isNotNegative();
    List<String> lines = page.substring(at, page.indexOf("\n```\n", at)).lines().skip(1).toList();
    assertThat(lines).hasSize(5);
    Path source =
        Path.of("src", "test", "java", "io", "gracefuldrain", "socketio", "TokenClientIT.java");
    String code = Files.readString(source).replaceAll("\\s", "");
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(code)
                    .contains(
                        line.replaceFirst(" // .*$", "")
                            .replace("ConcurrentHashMap<>()", "ConcurrentHashMap<>(USER)")
                            .replace("\"https://chat.example.org\"", "address")
                            .replaceAll("\\s", "")));
  }

  /** A pod that hands over, with its management port. */
  static final class Pod implements AutoCloseable {
    final FeedServer server;
    private final DrainHttpServer management;

    Pod(String name) {
      this(name, unchanged -> {});
    }

    Pod(String name, Consumer<Configuration> configuration) {
      server = FeedServer.named(name).policy(Pod::policy).configuration(configuration).start();
      management = DrainHttpServer.start(server.coordinator(), 0);
    }

    private static DrainPolicy policy(DrainPolicy usual) {
      return usual
          .withTicketKey(KEY)
          .withPodIp("127.0.0.1")
          .withPeers("127.0.0.0/8")
          .withHandoverTimeout(Duration.ofSeconds(20)) // outcomes, not times
          .withHandoverSessionBytes(50_000_000)
          .withSettleGrace(Duration.ofSeconds(15)); // it ends when the last one was taken
    }

    @Override
    public void close() {
      management.close();
      server.close();
    }
  }

  /** Sends the same numbered notes to the room on each pod. */
  private static final class Bus implements AutoCloseable {
    private final ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "bus");
              thread.setDaemon(true);
              return thread;
            });
    private final AtomicInteger last = new AtomicInteger();
    private final MessageIds ids = MessageIds.of("bus");

    Bus(Pod... pods) {
      var unused =
          clock.scheduleAtFixedRate(
              () -> {
                Map<String, Object> note =
                    Map.of("n", last.incrementAndGet(), "drainId", ids.next());
                for (Pod pod : pods) {
                  pod.server.server().getRoomOperations("news").sendEvent("note", note);
                }
              },
              0,
              20,
              TimeUnit.MILLISECONDS);
    }

    /** Ends it, and gives the number of the last note. */
    int stop() throws InterruptedException {
      clock.shutdown();
      assertThat(clock.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      return last.get();
    }

    @Override
    public void close() {
      clock.shutdownNow();
    }
  }
}
