package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What docs/spring.md says is what there is. */
final class SpringPageTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern PROPERTY = Pattern.compile("(?m)^\\| `(drain\\.[\\w.*-]+)` \\|");
  private static final Pattern EVENT = Pattern.compile("`(\\w+Event)`");

  @Test
  void properties_ofTheStarterAlone_areAllThere() throws IOException {
    Set<String> documented = new TreeSet<>();
    Matcher row = PROPERTY.matcher(page());
    while (row.find()) {
      documented.add(row.group(1));
    }
    Set<String> actual = new TreeSet<>();
    for (Object each : metadata("spring-configuration-metadata.json")) {
      String name = ((JSONObject) each).getString("name");
      if (name.equals("drain.enabled") || name.matches("drain\\.\\w[\\w-]*\\.[\\w-]+")) {
        actual.add(name.startsWith("drain.socketio.") ? "drain.socketio.*" : name);
      }
    }
    assertThat(documented).isEqualTo(actual);
  }

  /** Complete for an editor: each has a type and says what it is. */
  @Test
  void metadata_ofEachProperty_hasATypeAndADescription() throws IOException {
    JSONArray properties = metadata("spring-configuration-metadata.json");
    assertThat(properties).isNotEmpty();
    for (Object each : properties) {
      JSONObject property = (JSONObject) each;
      assertThat(property.optString("type")).as(property.toString()).isNotBlank();
      assertThat(property.optString("description")).as(property.toString()).isNotBlank();
    }
  }

  private static JSONArray metadata(String name) throws IOException {
    Path file = ROOT.resolve("drain-spring/target/classes/META-INF").resolve(name);
    return new JSONObject(Files.readString(file)).getJSONArray("properties");
  }

  @Test
  void socketIoProperties_areNamed() throws IOException {
    String row = page().lines().filter(line -> line.contains("`drain.socketio.*`")).findAny().get();
    for (Object each : metadata("spring-configuration-metadata.json")) {
      String name = ((JSONObject) each).getString("name");
      if (name.startsWith("drain.socketio.")) {
        assertThat(row).contains("`" + name.substring("drain.socketio.".length()) + "`");
      }
    }
  }

  @Test
  void events_namedOnThePage_areTheOnesOfTheStarter() throws IOException {
    Set<String> named = new TreeSet<>();
    Matcher event = EVENT.matcher(page());
    while (event.find()) {
      named.add(event.group(1));
    }
    named.remove("ContextClosedEvent"); // Spring's own
    Set<String> there =
        sources().stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .filter(name -> name.endsWith("Event"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isEqualTo(there);
  }

  @Test
  void failures_ofTheTable_areTextsOfTheSources() throws IOException {
    String table = page().substring(page().indexOf("## When it does not start"));
    StringBuilder all = new StringBuilder();
    for (Path source : sources()) {
      all.append(Files.readString(source).replaceAll("\"\\s*\\+\\s*\"", ""));
    }
    List<String> unknown = new ArrayList<>();
    Matcher row = Pattern.compile("(?m)^\\| `([^`]+)` \\|").matcher(table);
    int rows = 0;
    while (row.find()) {
      rows++;
      if (!all.toString().contains(row.group(1))) {
        unknown.add(row.group(1));
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(rows).isPositive();
  }

  @Test
  void dependencies_ofTheFirstTable_areThoseOfTheShops() throws IOException {
    assertThat(starterOf("boot-3.5")).isEqualTo("drain-spring-boot3-starter");
    assertThat(starterOf("boot-4.0")).isEqualTo("drain-spring-boot-starter");
    assertThat(starterOf("boot-4.1")).isEqualTo("drain-spring-boot-starter");
    assertThat(page())
        .contains("| Spring Boot 4.0 or 4.1 | `drain-spring-boot-starter` |")
        .contains("| Spring Boot 3.5 | `drain-spring-boot3-starter` |");
  }

  @Test
  void code_ofThePage_isThatOfAProgram() throws IOException {
    Path program =
        ROOT.resolve("drain-spring/src/it/java/io/gracefuldrain/spring/it/PageApplication.java");
    String compiled = Files.readString(program).replaceAll("\\s", "");
    Matcher block = Pattern.compile("(?ms)^```java\\n(.*?)^```").matcher(page());
    int blocks = 0;
    while (block.find()) {
      blocks++;
      assertThat(compiled).contains(block.group(1).replaceAll("\\s", ""));
    }
    assertThat(blocks).isPositive();
  }

  private static String starterOf(String shop) throws IOException {
    String pom = Files.readString(Path.of(shop, "pom.xml"));
    Matcher drain = Pattern.compile("<artifactId>(drain-[\\w-]+)</artifactId>").matcher(pom);
    assertThat(drain.find()).isTrue();
    String starter = drain.group(1);
    assertThat(drain.find()).as("one dependency, nothing more").isFalse();
    return starter;
  }

  /** The shop is what a user has: it would build without the drain. */
  @Test
  void shop_inItsSources_doesNotKnowTheDrain() throws IOException {
    for (Path source : files(Path.of("src/it"))) {
      assertThat(Files.readString(source)).as(source.toString()).doesNotContain("gracefuldrain");
    }
  }

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/spring.md"));
  }

  private static List<Path> sources() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String module : List.of("drain-spring", "drain-spring-boot", "drain-spring-boot3")) {
      all.addAll(files(ROOT.resolve(module).resolve("src/main/java")));
    }
    return all;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
