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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The JavaScript clients, as many of each kind as asked for, in one Node process. */
final class NodeCrowd implements Crowd {
  private static final Path SCRIPTS = Path.of("src", "test", "js");
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private final Process process;

  NodeCrowd(
      String url,
      Collection<ClientKind> kinds,
      int each,
      Upload upload,
      Map<String, Object> moreOptions)
      throws IOException {
    List<Map<String, Object>> groups = new ArrayList<>();
    for (ClientKind kind : kinds) {
      Map<String, Object> options = new LinkedHashMap<>(moreOptions);
      options.put("transports", kind.transports());
      groups.add(Map.of("kind", kind.name(), "library", kind.library(), "options", options));
    }
    Map<String, Object> plan = Map.of("url", url, "each", each, "upload", upload, "groups", groups);
    process =
        new ProcessBuilder("node", "crowd.js", JSON.writeValueAsString(plan))
            .directory(SCRIPTS.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  @Override
  public List<ClientLedger> end() throws Exception {
    OutputStream commands = process.getOutputStream();
    commands.write("end\n".getBytes(StandardCharsets.UTF_8));
    commands.flush();
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
