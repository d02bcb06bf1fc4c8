package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.netty.util.Version;
import io.socket.client.IO;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** The numbers of {@link FullMatrixIT}: one line for each scenario and kind of client. */
final class MatrixSummary {
  private static final Path FILE = Path.of("target", "full-matrix.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All rounds of one scenario with one kind. */
  private static final class Cell {
    final List<KindResult> rounds = new ArrayList<>();
    final List<Long> away = new ArrayList<>();

    Map<String, Object> toJson(String scenario, ClientKind kind) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("scenario", scenario);
      json.put("client", kind);
      json.put("clients", sum(KindResult::count));
      json.put("returned", sum(KindResult::returned));
      json.put("returns", sum(KindResult::disconnects));
      json.put("awayMsP50", away.isEmpty() ? 0 : away.get(away.size() / 2));
      json.put("awayMsMax", away.isEmpty() ? 0 : away.get(away.size() - 1));
      json.put("feedSent", sum(KindResult::owed));
      json.put("feedMissing", sum(KindResult::missing));
      json.put("feedRepeatedOrLate", sum(KindResult::repeatedOrLate));
      json.put("uploads", sum(KindResult::uploaded));
      json.put("uploadsSentAgain", sum(KindResult::uploadsKept));
      json.put("uploadsLost", sum(KindResult::uploadsLost));
      json.put("uploadsDispatchedTwice", sum(KindResult::uploadsRepeated));
      return json;
    }

    private int sum(ToIntFunction<KindResult> of) {
      return rounds.stream().mapToInt(of).sum();
    }
  }

  private final Map<String, Map<ClientKind, Cell>> cells = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> drains = new LinkedHashMap<>();

  void add(String scenario, List<KindResult> results, DrainReport... reports) {
    for (KindResult result : results) {
      Cell cell =
          cells
              .computeIfAbsent(scenario, name -> new LinkedHashMap<>())
              .computeIfAbsent(result.kind(), kind -> new Cell());
      cell.rounds.add(result);
      cell.away.addAll(result.away());
      cell.away.sort(Comparator.naturalOrder());
    }
    Map<String, Object> totals = drains.computeIfAbsent(scenario, name -> new LinkedHashMap<>());
    totals.put("scenario", scenario);
    for (DrainReport report : reports) {
      count(totals, "drains", 1);
      count(totals, "tracked", report.tracked());
      for (Outcome outcome : Outcome.values()) {
        count(totals, outcome.name(), report.count(outcome));
      }
      count(totals, "withoutOutcome", report.remaining() + (report.addsUp() ? 0 : 1));
    }
  }

  private static void count(Map<String, Object> totals, String name, int more) {
    totals.merge(name, more, (one, other) -> (Integer) one + (Integer) other);
  }

  void write() throws IOException, InterruptedException {
    List<Object> lines = new ArrayList<>();
    cells.forEach(
        (scenario, of) -> of.forEach((kind, cell) -> lines.add(cell.toJson(scenario, kind))));
    Files.createDirectories(FILE.getParent());
    Files.writeString(
        FILE,
        "{\n\"date\": %s,\n\"versions\": %s,\n\"drains\": [\n%s\n],\n\"cells\": [\n%s\n]\n}\n"
            .formatted(
                JSON.writeValueAsString(LocalDate.now(ZoneOffset.UTC).toString()),
                JSON.writeValueAsString(versions()),
                oneALine(List.copyOf(drains.values())),
                oneALine(lines)));
  }

  private static String oneALine(List<?> values) {
    return values.stream()
        .map(value -> JSON.valueToTree(value).toString())
        .collect(Collectors.joining(",\n"));
  }

  private static Map<String, Object> versions() throws IOException, InterruptedException {
    JsonNode npm = JSON.readTree(Path.of("src", "test", "js", "package.json").toFile());
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("processors", Runtime.getRuntime().availableProcessors());
    versions.put("java", System.getProperty("java.version"));
    versions.put("node", node());
    versions.put(
        "nettySocketio",
        maven(SocketIOServer.class, "com.corundumstudio.socketio", "netty-socketio"));
    versions.put("netty", Version.identify().get("netty-transport").artifactVersion());
    versions.put("javaClient", maven(IO.class, "io.socket", "socket.io-client"));
    versions.put("js4Client", npm.at("/dependencies/socket.io-client").asText());
    versions.put(
        "js2Client", npm.at("/dependencies/socket.io-client-2").asText().replaceAll(".*@", ""));
    return versions;
  }

  private static String node() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("node", "--version").start();
    String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return version.trim();
  }

  private static String maven(Class<?> of, String group, String artifact) throws IOException {
    String path = "/META-INF/maven/%s/%s/pom.properties".formatted(group, artifact);
    try (InputStream in = of.getResourceAsStream(path)) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }
}
