package io.gracefuldrain.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients in a Node process, which tell what happens to them in lines of JSON. */
public final class NodeProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** The library of the sample's page. */
  private static final Path LIBRARY = Path.of("src/main/js/node_modules/socket.io-client");

  /**
   * Runs a script of {@code src/test/js}, and waits until it says {@code ready}.
   *
   * @param arguments those after the path of socket.io-client
   */
  public NodeProcess(String script, List<String> arguments) throws IOException {
    this(script, LIBRARY, arguments);
  }

  /**
   * The same with another version of the library.
   *
   * @param version such as {@code 4.6}; one that the tests have
   */
  public static NodeProcess of(String version, String script, List<String> arguments)
      throws IOException {
    Path library =
        version.equals("4.8")
            ? LIBRARY
            : Path.of("src/test/js/node_modules/socket.io-client-" + version);
    return new NodeProcess(script, library, arguments);
  }

  private NodeProcess(String script, Path library, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(Path.of("src/test/js", script).toString());
    command.add(library.toAbsolutePath().toString());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "node-output-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    await("ready");
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("\"output ended: " + e + "\"");
    }
  }

  private void await(String word) {
    try {
      Await.until(word, SOON, () -> lines.contains("\"" + word + "\""));
    } catch (AssertionError e) {
      throw new AssertionError(lines.toString(), e);
    }
  }

  /** Ends its input, and waits until it has said everything. */
  public void end() throws IOException {
    process.getOutputStream().close();
    await("over");
  }

  /** The lines that it has written so far, in their order. */
  public List<JsonNode> told() {
    return lines.stream()
        .map(
            line -> {
              try {
                return JSON.readTree(line);
              } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + line, e);
              }
            })
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
