package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.metrics.DrainMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alerts and dashboard ask for metrics that exist, and the alerts are those of the docs. */
class MonitoringTest {
  private static final Path FOLDER = Path.of("components", "monitoring");
  private static final Pattern METRIC = Pattern.compile("\\bdrain_\\w+");

  @Test
  void rules_each_isOfTheDocs() throws IOException {
    List<String> documented =
        Files.readString(Path.of("..", "docs", "metrics.md"))
            .lines()
            .dropWhile(line -> !line.equals("## What to alert on"))
            .filter(line -> line.startsWith("| ") && line.contains("`"))
            .map(line -> line.split("`", -1)[1])
            .toList();
    assertThat(documented).hasSizeGreaterThan(5);
    assertThat(expressions(rules(), "expr")).containsExactlyElementsOf(documented);
  }

  @Test
  void metrics_rulesAndDashboard_exist() throws IOException {
    Set<String> existing = existing();
    assertThat(metrics(expressions(rules(), "expr"))).isNotEmpty().isSubsetOf(existing);
    List<String> shown = expressions(dashboard(), "expr");
    shown.addAll(expressions(dashboard(), "query"));
    assertThat(metrics(shown)).hasSizeGreaterThan(10).isSubsetOf(existing);
  }

  @Test
  void dashboard_panels_haveTheirOwnPlaces() throws IOException {
    JsonNode panels = dashboard().get("panels");
    Set<String> ids = new TreeSet<>();
    Set<String> cells = new TreeSet<>();
    int area = 0;
    for (JsonNode panel : panels) {
      ids.add(panel.get("id").asString());
      JsonNode place = panel.get("gridPos");
      for (int x = 0; x < place.get("w").asInt(); x++) {
        for (int y = 0; y < place.get("h").asInt(); y++) {
          cells.add((place.get("x").asInt() + x) + "," + (place.get("y").asInt() + y));
          area++;
        }
      }
    }
    assertThat(ids).hasSize(panels.size());
    assertThat(cells).as("no panel over another").hasSize(area);
  }

  private static Set<String> existing() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults())) {
      new DrainMetrics(coordinator).bindTo(registry);
      return metrics(List.of(registry.scrape()));
    }
  }

  private static Set<String> metrics(List<String> texts) {
    Set<String> names = new TreeSet<>();
    texts.forEach(
        text -> METRIC.matcher(text).results().forEach(found -> names.add(found.group())));
    return names;
  }

  private static JsonNode rules() throws IOException {
    return Manifests.json(Manifests.read(FOLDER.resolve("rules.yaml")).get(0));
  }

  private static JsonNode dashboard() throws IOException {
    return Manifests.parseJson(Files.readString(FOLDER.resolve("dashboard.json")));
  }

  private static List<String> expressions(JsonNode tree, String name) {
    List<String> texts = new ArrayList<>();
    tree.findValues(name).forEach(value -> texts.add(value.asString()));
    return texts;
  }
}
