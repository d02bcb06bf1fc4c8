package io.gracefuldrain.socketio;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The JavaScript clients, all in one Node process. */
final class NodeCrowd implements TestCrowd {
  private static final Path SCRIPTS = Path.of("src", "test", "js");
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private final Process process;

  NodeCrowd(
      String url,
      Collection<ClientKind> kinds,
      int each,
      Upload upload,
      List<String> namespaces,
      Map<String, Object> moreOptions)
      throws IOException {
    this(url, groups(kinds, kind -> kind.name(), moreOptions), each, upload, namespaces);
  }

  /** Clients that get only the messages of the test, and send nothing. */
  static NodeCrowd quiet(String url, ClientKind kind, int each) throws IOException {
    Upload nothing = new Upload(1000, 0, 0, 0);
    return new NodeCrowd(
        url,
        groups(Set.of(kind), k -> FeedServer.QUIET, Map.of()),
        each,
        nothing,
        List.of(FeedServer.MAIN));
  }

  private static List<Map<String, Object>> groups(
      Collection<ClientKind> kinds,
      Function<ClientKind, String> name,
      Map<String, Object> moreOptions) {
    List<Map<String, Object>> groups = new ArrayList<>();
    for (ClientKind kind : kinds) {
      Map<String, Object> options = new LinkedHashMap<>(moreOptions);
      options.put("transports", kind.transports());
      groups.add(Map.of("kind", name.apply(kind), "library", kind.library(), "options", options));
    }
    return groups;
  }

  private NodeCrowd(
      String url,
      List<Map<String, Object>> groups,
      int each,
      Upload upload,
      List<String> namespaces)
      throws IOException {
    Map<String, Object> plan =
        Map.of(
            "url", url, "each", each, "upload", upload, "groups", groups, "namespaces", namespaces);
    process =
        new ProcessBuilder("node", "crowd.js", JSON.writeValueAsString(plan))
            .directory(SCRIPTS.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  @Override
  public void burst(int overWebSocket, int overPolling) throws IOException {
    say("burst " + overWebSocket + " " + overPolling);
  }

  private void say(String command) throws IOException {
    OutputStream commands = process.getOutputStream();
    commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
    commands.flush();
  }

  @Override
  public List<ClientLedger> end() throws Exception {
    say("end");
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                return out.readLine();
              } catch (IOException e) {
                throw new IllegalStateException("the crowd does not answer", e);
              }
            });
    return JSON.readValue(
        line.get(20, TimeUnit.SECONDS), new TypeReference<List<ClientLedger>>() {});
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
