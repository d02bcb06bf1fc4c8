package io.gracefuldrain.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stock JavaScript clients in a Node process, which tell what happens to them. */
final class StockCrowd implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One time away that is over.
   *
   * @param kind {@code js-websocket} or {@code js-polling}
   */
  record Away(String kind, String reason, double ms, double backoffMs, int failed) {}

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  StockCrowd(String url, int each) throws IOException {
    process =
        new ProcessBuilder(
                "node",
                Path.of("src/test/js/stock.js").toString(),
                Path.of("src/main/js/node_modules/socket.io-client").toAbsolutePath().toString(),
                url,
                String.valueOf(each))
            .redirectErrorStream(true)
            .start();
    Thread reader = new Thread(this::read, "stock-crowd");
    reader.setDaemon(true);
    reader.start();
    Await.until(
        "all connected: " + lines, Duration.ofSeconds(30), () -> lines.contains("\"ready\""));
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("\"output ended: " + e + "\"");
    }
  }

  /** Why connections ended, in their order. */
  List<String> left() {
    return told().filter(each -> each.has("left")).map(each -> each.get("left").asText()).toList();
  }

  List<Away> away() {
    return told()
        .filter(each -> each.has("ms"))
        .map(
            each ->
                new Away(
                    each.get("kind").asText(),
                    each.get("reason").asText(),
                    each.get("ms").asDouble(),
                    each.get("backoffMs").asDouble(),
                    each.get("failed").asInt()))
        .toList();
  }

  private java.util.stream.Stream<JsonNode> told() {
    return lines.stream()
        .map(
            line -> {
              try {
                return JSON.readTree(line);
              } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + line, e);
              }
            });
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
