package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation lists is what there is. */
final class DocumentationTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern CODE = Pattern.compile("DRAIN-\\d{3}");

  @Test
  void readme_settings_areTheSettingsWithTheirDefaults() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String table =
        readme.substring(readme.indexOf("<!-- settings -->"), readme.indexOf("<!-- /settings -->"));
    Map<String, String> documented = new LinkedHashMap<>();
    Matcher row = Pattern.compile("\\| `(DRAIN_\\w+)` \\| (.+?) \\|").matcher(table);
    while (row.find()) {
      documented.put(row.group(1), row.group(2).replace("`", ""));
    }
    Map<String, String> actual = new LinkedHashMap<>();
    for (Setting setting : Setting.values()) {
      actual.put(setting.variable(), defaultOf(setting));
    }
    assertThat(new ArrayList<>(documented.entrySet()))
        .isEqualTo(new ArrayList<>(actual.entrySet()));
  }

  private static String defaultOf(Setting setting) {
    Object value = setting.defaultValue();
    if (setting == Setting.POD) {
      return "the host's name";
    } else if (value instanceof Duration duration) {
      return Durations.format(duration);
    } else if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? String.valueOf(optional.get()) : "none";
    }
    return String.valueOf(value).toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void readme_fiveLines_areFiveAndWhatTheUserProjectRuns() throws IOException {
    List<String> lines =
        Files.readAllLines(ROOT.resolve("README.md")).stream()
            .dropWhile(line -> !line.endsWith("five lines around your `server.start()`:"))
            .dropWhile(line -> !line.equals("```java"))
            .skip(1)
            .takeWhile(line -> !line.equals("```"))
            .map(line -> line.replaceFirst("//.*", "").strip())
            .toList();
    assertThat(lines).contains("server.start();").hasSize(1 + 5);

    Path main =
        ROOT.resolve(
            "drain-netty-socketio/src/it/user-project/src/main/java/com/example/app/Main.java");
    assertThat(Files.readAllLines(main).stream().map(String::strip))
        .containsSequence(
            lines.stream().map(line -> line.replace("8081", "managementPort")).toList());
  }

  @Test
  void logCodes_usedInTheSources_areAllDocumentedAndNoOthers() throws IOException {
    Set<String> documented = codes(Files.readString(ROOT.resolve("docs/log-codes.md")));
    Set<String> used = new TreeSet<>();
    for (LogCode code : LogCode.values()) {
      used.add(code.code());
    }
    for (Path source : sources()) {
      used.addAll(codes(Files.readString(source)));
    }
    assertThat(documented).isEqualTo(used);
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .forEach(
              main -> {
                try (Stream<Path> files = Files.walk(main)) {
                  files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return found;
  }

  private static Set<String> codes(String text) {
    Set<String> codes = new TreeSet<>();
    Matcher matcher = CODE.matcher(text);
    while (matcher.find()) {
      codes.add(matcher.group());
    }
    return codes;
  }
}
