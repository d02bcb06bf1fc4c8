package io.gracefuldrain.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import io.gracefuldrain.testing.Ports;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The chat as its users start it: its jar, in a process of its own. */
class ChatIT {
  private static final Path JAR = Path.of("target", "sample-spring-boot.jar");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "100ms",
          "DRAIN_READINESS_DELAY_MAX", "100ms",
          "DRAIN_MOVE_WINDOW", "1s",
          "DRAIN_HINT_GRACE", "500ms",
          "DRAIN_SETTLE_GRACE", "7s");

  @Test
  void code_all_isUnderAHundredLines() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      long lines = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines += Files.readAllLines(file).size();
      }
      assertThat(lines).isBetween(1L, 99L);
    }
  }

  @Test
  void sigterm_orderUnderWay_isServedAndTheReceiptAddsUp() throws Exception {
    int[] ports = Ports.free(2);
    try (JvmProcess chat =
        JvmProcess.of(JAR)
            .jvm("-Xmx128m")
            .environment(QUICK)
            .start("--drain.socketio.port=" + ports[0], "--drain.http.port=" + ports[1])) {
      chat.awaitLine("\"phase\":\"SERVING\"");
      assertThat(status(ports[1], "/readyz")).isEqualTo(200);
      Socket one =
          IO.socket(URI.create("http://127.0.0.1:" + ports[0]), IO.Options.builder().build());
      Socket other =
          IO.socket(URI.create("http://127.0.0.1:" + ports[0]), IO.Options.builder().build());
      ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Long> feed = new ConcurrentLinkedQueue<>();
      other.on("say", args -> told.add(((JSONObject) args[0]).optString("text")));
      other.on("feed", args -> feed.add(((JSONObject) args[0]).optLong("n")));
      try {
        JSONObject pod = enter(one);
        enter(other);
        assertThat(pod.optString("name")).isNotEmpty();
        emit(one, "say", Map.of("from", "ann", "text", "hello"));
        Await.until("the line", SOON, () -> told.contains("hello"));
        Await.until("the feed", SOON, () -> feed.size() > 3);
        ConcurrentLinkedQueue<JSONObject> served = emit(one, "order", Map.of("id", "tea"));
        ask(one, "up", Map.of("n", 1)); // events are handled in their order: the order is begun
        chat.terminate();
        Await.until("the order", SOON, () -> !served.isEmpty());
        assertThat(served.peek().optString("id")).isEqualTo("tea");
        assertThat(chat.awaitExit(SOON)).isEqualTo(143);
      } finally {
        one.close();
        other.close();
      }
      Long[] numbers = feed.toArray(Long[]::new);
      for (int i = 1; i < numbers.length; i++) {
        assertThat(numbers[i]).as("after %s", numbers[i - 1]).isEqualTo(numbers[i - 1] + 1);
      }
      assertThat(chat.output())
          .containsOnlyOnce("\"code\":\"DRAIN-009\"")
          .contains(
              "\"reasons\":[\"SIGTERM\"]", "\"tracked\":2,", "\"CLOSED\":2", "\"addsUp\":true");
    }
  }

  private static JSONObject enter(Socket socket) {
    socket.connect();
    Await.until("connected", SOON, socket::connected);
    return ask(socket, "whoami", Map.of());
  }

  private static JSONObject ask(Socket socket, String event, Map<String, Object> data) {
    ConcurrentLinkedQueue<JSONObject> answer = emit(socket, event, data);
    Await.until("an answer to " + event, SOON, () -> !answer.isEmpty());
    return answer.remove();
  }

  private static ConcurrentLinkedQueue<JSONObject> emit(
      Socket socket, String event, Map<String, Object> data) {
    ConcurrentLinkedQueue<JSONObject> answer = new ConcurrentLinkedQueue<>();
    socket.emit(
        event, new Object[] {new JSONObject(data)}, (Ack) args -> answer.add((JSONObject) args[0]));
    return answer;
  }

  private static int status(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
