package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIONamespace;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.MessageIds;
import io.gracefuldrain.Outcome;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Stock JavaScript clients go from pod to pod, by a drain, while 200 messages a second are said on
 * a bus: they miss none.
 */
@Isolated("a crowd keeps the processors busy")
class HandOverIT {
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
  private static final List<String> LIBRARIES =
      List.of("socket.io-client", "socket.io-client-4.7", "socket.io-client-4.6");
  private static final int EACH = 2;

  record Connect(Boolean recovered, String error) {}

  record Ledger(
      String client,
      List<Integer> numbers,
      List<String> bytes,
      List<Connect> connects,
      int uploads,
      String transport) {}

  /** Two pods, the bus between them, and the clients. */
  private static final class Scene implements AutoCloseable {
    private final TestUploads uploads = new TestUploads();
    private final Set<String> recovered = ConcurrentHashMap.newKeySet();
    private final List<DrainHttpServer> management = new ArrayList<>();
    private final FeedServer podA = pod("pod-a");
    private final FeedServer podB = pod("pod-b");
    private final Door door = new Door(podA, podB);
    private final MessageIds ids = MessageIds.of("bus");
    private final AtomicInteger said = new AtomicInteger();
    private final ScheduledExecutorService bus = Executors.newSingleThreadScheduledExecutor();
    private final List<Map<String, Object>> groups = new ArrayList<>();
    private Process crowd;
    private BufferedReader answers;

    private FeedServer pod(String name) {
      FeedServer pod =
          FeedServer.named(name)
              .uploads(uploads)
              // With it, the JS client on Node drops what it sends while it still inflates.
              .configuration(settings -> settings.setWebsocketCompression(false))
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
          .onRecovered((client, previous) -> recovered.add(client.get("user")));
      for (SocketIONamespace namespace :
          List.of(pod.server().getNamespace(""), pod.server().getNamespace("/chat"))) {
        namespace.addEventListener(
            "enter",
            String.class,
            (client, user, acknowledgement) -> {
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
          Map.of(
              "kind", kind, "library", library, "transports", transports, "namespace", namespace));
    }

    void arrive() throws IOException {
      Map<String, Object> plan =
          Map.of(
              "url",
              "http://127.0.0.1:" + door.port(),
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

    private List<String> names() {
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
  }

  private static void nothingIsMissed(SoftAssertions softly, Ledger ledger, int connects) {
    softly.assertThat(ledger.connects()).as("%s", ledger.client()).hasSize(connects);
    softly
        .assertThat(ledger.connects().stream().skip(1))
        .as("%s", ledger.client())
        .allMatch(connect -> Boolean.TRUE.equals(connect.recovered()));
    softly.assertThat(ledger.numbers()).as("%s", ledger.client()).isNotEmpty();
    List<Integer> numbers = ledger.numbers();
    List<Integer> expected =
        numbers.isEmpty()
            ? List.of()
            : IntStream.range(numbers.get(0), numbers.get(0) + numbers.size()).boxed().toList();
    softly.assertThat(numbers).as("%s", ledger.client()).isEqualTo(expected);
    softly.assertThat(ledger.bytes()).as("%s", ledger.client()).isNotEmpty();
    softly
        .assertThat(ledger.bytes())
        .as("%s", ledger.client())
        .allMatch(bytes -> bytes.matches("0401..03"));
  }

  @Test
  void drain_stockClientsWithRecovery_missNothingAndLoseNothing() throws Exception {
    try (Scene scene = new Scene()) {
      for (String library : LIBRARIES) {
        scene.group(library + "-websocket", library, List.of("websocket"), "/");
        scene.group(library + "-chat", library, List.of("websocket"), "/chat");
      }
      // Older ones on Node (not in browsers) ask for polls in a form that netty-socketio answers
      // with
      // that of protocol 3.
      scene.group("upgrade", LIBRARIES.get(0), List.of("polling", "websocket"), "/");
      scene.arrive();

      DrainReport report = scene.drain(scene.podA, scene.podB);

      List<Ledger> ledgers = scene.end();
      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(report.tracked());
      assertThat(scene.recovered).containsExactlyInAnyOrderElementsOf(scene.names());
      SoftAssertions.assertSoftly(
          softly -> {
            for (Ledger ledger : ledgers) {
              nothingIsMissed(softly, ledger, 2);
              softly
                  .assertThat(scene.uploads.count(ledger.client()))
                  .as("uploads of %s", ledger.client())
                  .isEqualTo(ledger.uploads());
              softly
                  .assertThat(scene.uploads.repeated(ledger.client()))
                  .as("uploads of %s", ledger.client())
                  .isZero();
            }
          });
    }
  }
}
