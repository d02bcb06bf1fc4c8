package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIONamespace;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.MessageIds;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;

/**
 * Two pods, the bus between them on which 200 messages a second are said, and stock JavaScript
 * clients that note what they hear.
 */
final class RecoveryScene implements AutoCloseable {
  /** What is special about a scene. */
  interface Setting {
    /** How clients come. */
    default String scheme() {
      return "http";
    }

    /** Before a pod's server is made. */
    default void configure(String pod, Configuration configuration) {
      // as ever
    }

    /** When a pod serves. */
    default void attached(FeedServer pod) {
      // as ever
    }
  }

  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
  private static final List<String> LIBRARIES =
      List.of("socket.io-client", "socket.io-client-4.7", "socket.io-client-4.6");
  private static final int EACH = 2;

  /**
   * How a connection began.
   *
   * @param waited milliseconds from its opening to the answer to its CONNECT
   */
  record Connect(Boolean recovered, int waited, String error) {}

  record Ledger(
      String client,
      List<Integer> numbers,
      List<String> bytes,
      List<Connect> connects,
      List<String> reasons,
      int uploads,
      String transport) {
    /** Its connections, without those that were refused. */
    List<Connect> connected() {
      return connects.stream().filter(each -> each.error() == null).toList();
    }

    @Override
    public String toString() {
      return client + " " + connects + " " + reasons + ", now by " + transport;
    }
  }

  private final TestUploads uploads = new TestUploads();
  private final Set<String> recovered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger entries = new AtomicInteger();
  private final AtomicInteger recoveries = new AtomicInteger();
  private final List<DrainHttpServer> management = new ArrayList<>();
  private final Setting setting;
  private final FeedServer podA;
  private final FeedServer podB;
  private final Door door;
  private final MessageIds ids = MessageIds.of("bus");
  private final AtomicInteger said = new AtomicInteger();
  private final ScheduledExecutorService bus = Executors.newSingleThreadScheduledExecutor();
  private final List<Map<String, Object>> groups = new ArrayList<>();
  private Process crowd;
  private BufferedReader answers;

  RecoveryScene(Setting setting) {
    this.setting = setting;
    podA = pod("pod-a");
    podB = pod("pod-b");
    door = new Door(podA, podB);
  }

  private FeedServer pod(String name) {
    FeedServer pod =
        FeedServer.named(name)
            .uploads(uploads)
            // With it, the JS client on Node drops what it sends while it still inflates.
            .configuration(
                settings -> {
                  settings.setWebsocketCompression(false);
                  setting.configure(name, settings);
                })
            .policy(
                p ->
                    p.withTicketKey("a-key-of-the-test-of-thirty-two-letters-and-more")
                        .withPodIp("127.0.0.1")
                        .withPeers("127.0.0.0/8")
                        .withHandoverTimeout(Duration.ofSeconds(3)) // processors are busy
                        .withSettleGrace(Duration.ofSeconds(8)))
            .start();
    management.add(DrainHttpServer.start(pod.coordinator(), Ports.free()));
    pod.adapter()
        .handOver("user", String.class)
        .onRecovered(
            (client, previous) -> {
              recovered.add(client.get("user"));
              recoveries.incrementAndGet();
            });
    setting.attached(pod);
    for (SocketIONamespace namespace :
        List.of(pod.server().getNamespace(""), pod.server().getNamespace("/chat"))) {
      namespace.addEventListener(
          "enter",
          String.class,
          (client, user, acknowledgement) -> {
            entries.incrementAndGet();
            client.set("user", user);
            client.joinRoom("room");
          });
    }
    return pod;
  }

  void say() {
    int number = said.getAndIncrement();
    Map<String, Object> message = ids.stamp(Map.of("n", number));
    for (FeedServer pod : number % 2 == 0 ? List.of(podA, podB) : List.of(podB, podA)) {
      for (String name : List.of("", "/chat")) {
        SocketIONamespace namespace = pod.server().getNamespace(name);
        if (number % 10 != 0) {
          namespace.getRoomOperations("room").sendEvent("say", message);
          continue;
        }
        for (SocketIOClient client : namespace.getRoomOperations("room").getClients()) {
          client.sendEvent("bytes", message, new byte[] {1, (byte) number, 3});
        }
      }
    }
  }

  void group(String kind, String library, List<String> transports, String namespace) {
    groups.add(
        Map.of("kind", kind, "library", library, "transports", transports, "namespace", namespace));
  }

  /** The kinds of every library, over a WebSocket, and the default one with both transports. */
  RecoveryScene everyGroup() {
    for (String library : LIBRARIES) {
      group(library + "-websocket", library, List.of("websocket"), "/");
      group(library + "-chat", library, List.of("websocket"), "/chat");
    }
    // Older ones on Node (not in browsers) ask for polls in a form that netty-socketio answers with
    // that of protocol 3.
    group("upgrade", LIBRARIES.get(0), List.of("polling", "websocket"), "/");
    return this;
  }

  void arrive() throws IOException {
    Map<String, Object> plan =
        Map.of(
            "url",
            setting.scheme() + "://127.0.0.1:" + door.port(),
            "each",
            EACH,
            "uploadEveryMs",
            20,
            "groups",
            groups);
    crowd =
        new ProcessBuilder("node", "recover.js", JSON.writeValueAsString(plan))
            .directory(Path.of("src", "test", "js").toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers = crowd.inputReader(StandardCharsets.UTF_8);
    awaitUploads(podA, 10);
    var unused = bus.scheduleAtFixedRate(this::say, 0, 5, TimeUnit.MILLISECONDS);
    awaitUploads(podA, 30);
  }

  List<String> names() {
    return groups.stream()
        .flatMap(group -> IntStream.range(0, EACH).mapToObj(i -> group.get("kind") + "-" + i))
        .toList();
  }

  private void awaitUploads(FeedServer pod, int count) {
    Await.until(
        () -> "uploads: " + counts(Set.copyOf(names())),
        Duration.ofSeconds(30),
        () -> names().stream().allMatch(name -> uploads.count(name) >= count));
    assertThat(pod.server().getAllClients()).isNotEmpty();
  }

  /** All clients that it has are let go, and what they had is to be had. */
  void awaitKept(FeedServer pod, int count) {
    Await.until(
        () -> "offers: " + pod.coordinator().report().toText(),
        Duration.ofSeconds(20),
        () -> offered(pod) >= count);
  }

  /** So many have come back, and were recovered. */
  void awaitRecovered(int count) {
    Await.until(
        () -> "recovered: " + recoveries + " of " + count + ", " + recovered,
        Duration.ofSeconds(30),
        () -> recoveries.get() >= count);
  }

  /** Clients have begun anew, or for the first time, as often as that. */
  void awaitEntries(int count) {
    Await.until(() -> "entries: " + entries, Duration.ofSeconds(30), () -> entries.get() >= count);
  }

  private static int offered(FeedServer pod) {
    return (int) pod.coordinator().totals().handedOver().offered();
  }

  FeedServer podA() {
    return podA;
  }

  FeedServer podB() {
    return podB;
  }

  Door door() {
    return door;
  }

  /** Users whose session was handed over. */
  Set<String> recovered() {
    return recovered;
  }

  TestUploads uploads() {
    return uploads;
  }

  DrainReport drain(FeedServer from, FeedServer to) throws Exception {
    door.leadTo(to);
    return from.drained();
  }

  List<Ledger> end() throws Exception {
    command("end");
    Map<String, Integer> sent = JSON.readValue(line(), new TypeReference<>() {});
    Await.until(
        () -> "uploads, missing: " + missing(sent),
        Duration.ofSeconds(30),
        () -> counts(sent.keySet()).equals(sent));
    bus.shutdown();
    assertThat(bus.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    command("report " + (said.get() - 1));
    return JSON.readValue(line(), new TypeReference<>() {});
  }

  /** What clients say, of whom some may hear nothing any more. */
  List<Ledger> ledgers() throws Exception {
    bus.shutdown();
    assertThat(bus.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    command("report 0");
    return JSON.readValue(line(), new TypeReference<>() {});
  }

  private Map<String, Integer> counts(Set<String> names) {
    return names.stream().collect(Collectors.toMap(name -> name, uploads::count));
  }

  private Map<String, List<Integer>> missing(Map<String, Integer> sent) {
    return sent.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each ->
                    IntStream.range(0, each.getValue())
                        .filter(number -> !uploads.has(each.getKey(), number))
                        .boxed()
                        .toList()));
  }

  private void command(String line) throws IOException {
    OutputStream commands = crowd.getOutputStream();
    commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    commands.flush();
  }

  private String line() throws Exception {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return answers.readLine();
              } catch (IOException e) {
                throw new IllegalStateException("the crowd does not answer", e);
              }
            });
    return line.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    bus.shutdownNow();
    if (crowd != null) {
      crowd.destroyForcibly();
    }
    door.close();
    management.forEach(DrainHttpServer::close);
    podA.close();
    podB.close();
  }

  // ---------------------------------------------------------------- what is right

  /**
   * Nobody has missed anything, or heard it twice, and every upload was heard once. Whoever has
   * come again was recovered each time.
   *
   * @param connects how often each has connected, at the least and at the most
   */
  void assertNothingIsLost(List<Ledger> ledgers, int... connects) {
    SoftAssertions.assertSoftly(
        softly -> {
          for (Ledger ledger : ledgers) {
            String client = ledger.toString();
            softly
                .assertThat(ledger.connected())
                .as(client)
                .hasSizeBetween(connects[0], connects[connects.length - 1]);
            softly
                .assertThat(ledger.connected().stream().skip(1))
                .as(client)
                .allMatch(Connect::recovered);
            List<Integer> numbers = ledger.numbers();
            softly.assertThat(numbers).as(client).isNotEmpty();
            int first = numbers.isEmpty() ? 0 : numbers.get(0);
            softly
                .assertThat(numbers)
                .as(client)
                .isEqualTo(IntStream.range(first, first + numbers.size()).boxed().toList());
            softly.assertThat(ledger.bytes()).as(client).isNotEmpty();
            softly
                .assertThat(ledger.bytes())
                .as(client)
                .allMatch(bytes -> bytes.matches("0401..03"));
            softly
                .assertThat(uploads.count(ledger.client()))
                .as("uploads of %s", client)
                .isEqualTo(ledger.uploads());
            softly
                .assertThat(uploads.repeated(ledger.client()))
                .as("uploads of %s", client)
                .isZero();
          }
        });
  }
}
