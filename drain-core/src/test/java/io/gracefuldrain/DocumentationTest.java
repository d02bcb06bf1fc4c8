package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation lists exactly the parts that exist, and its links lead somewhere. */
final class DocumentationTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path README = ROOT.resolve("README.md");
  private static final Path SETTINGS = ROOT.resolve("docs/settings.md");
  private static final Path USER_PROJECT =
      ROOT.resolve(
          "drain-netty-socketio/src/it/user-project/src/main/java/com/example/app/Main.java");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern SCHEME = Pattern.compile("[a-z]+:");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");
  private static final Pattern CODE = Pattern.compile("DRAIN-\\d{3}");

  @Test
  void settings_ofAllTiers_areTheSettingsWithTheirDefaults() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (String tier : List.of("set these", "often", "rarely")) {
      Matcher row = Pattern.compile("\\| `(DRAIN_\\w+)` \\| (.+?) \\|").matcher(table(tier));
      int rows = 0;
      while (row.find()) {
        assertThat(documented.put(row.group(1), row.group(2).replace("`", "")))
            .as(row.group(1) + " is in another row too")
            .isNull();
        rows++;
      }
      assertThat(rows).as(tier).isPositive();
    }
    Map<String, String> actual = new TreeMap<>();
    for (Setting setting : Setting.values()) {
      actual.put(setting.variable(), defaultOf(setting));
    }
    assertThat(documented).isEqualTo(actual);
  }

  /** The text between the marks of a tier. */
  private static String table(String tier) throws IOException {
    String page = Files.readString(SETTINGS);
    int from = page.indexOf("<!-- settings: " + tier + " -->");
    assertThat(from).as(tier).isNotNegative();
    return page.substring(from, page.indexOf("<!-- /settings -->", from));
  }

  @Test
  void settings_sumOfFiveThousandClients_isWhatTheCodeMakesOfIt() throws IOException {
    String page = Files.readString(SETTINGS);
    String sum = page.substring(page.indexOf("## Five thousand clients"));
    Map<String, String> environment = new TreeMap<>();
    Matcher line = Pattern.compile("\\{name: (DRAIN_\\w+), value: (\\w+)\\}").matcher(sum);
    while (line.find()) {
      environment.put(line.group(1), line.group(2));
    }
    DrainPolicy policy = DrainPolicy.fromEnvironment(environment);
    long slots = policy.moveWindow().minus(policy.hintGrace()).toSeconds();
    Duration used = policy.total().plus(policy.stopMargin());

    assertThat(policy.overBudget()).isEmpty();
    assertThat(sum)
        .contains("terminationGracePeriodSeconds: " + policy.gracePeriod().toSeconds())
        .contains("| " + Math.round(5_000.0 / slots) + " a second |")
        .contains("| " + policy.total().toSeconds() + " s |")
        .contains("| " + used.toSeconds() + " s: yes |")
        .contains("| " + policy.gracePeriod().minus(used).toSeconds() + " s |")
        .contains("a window of " + CrashWindow.of(5_000, policy.crashRate()).toSeconds() + " s |");
  }

  @Test
  void settings_forTenSeconds_fit() throws IOException {
    String page = Files.readString(SETTINGS);
    String part = page.substring(page.indexOf("## Outside Kubernetes"));
    Map<String, String> environment = new TreeMap<>();
    Matcher line = Pattern.compile("(?m)^(DRAIN_\\w+)=(\\w+)$").matcher(part);
    while (line.find()) {
      environment.put(line.group(1), line.group(2));
    }
    DrainPolicy policy = DrainPolicy.fromEnvironment(environment);

    assertThat(policy.gracePeriod()).isEqualTo(Duration.ofSeconds(10));
    assertThat(policy.overBudget()).isEmpty();
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
    return String.valueOf(value).toLowerCase(Locale.ROOT);
  }

  @Test
  void readme_whole_isReadOnce() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(140);
  }

  @Test
  void readme_fiveLines_areFiveAndWhatTheUserProjectRuns() throws IOException {
    List<String> lines = readmesLines();
    assertThat(lines).contains("server.start();").hasSize(1 + 5);
    assertThat(statements(USER_PROJECT))
        .containsSequence(
            lines.stream().map(line -> line.replace("8081", "managementPort")).toList());
  }

  private static List<String> readmesLines() throws IOException {
    return Files.readAllLines(README).stream()
        .dropWhile(line -> !line.endsWith("Put five lines around your `server.start()`:"))
        .dropWhile(line -> !line.equals("```java"))
        .skip(1)
        .takeWhile(line -> !line.equals("```"))
        .map(DocumentationTest::statement)
        .toList();
  }

  private static List<String> statements(Path source) throws IOException {
    return Files.readAllLines(source).stream().map(DocumentationTest::statement).toList();
  }

  /** A line without its comment. */
  private static String statement(String line) {
    return line.replaceFirst("//.*", "").strip();
  }

  @Test
  void links_relative_leadToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        String target = link.group(1);
        if (!SCHEME.matcher(target).lookingAt() && !leadsSomewhere(page, target)) {
          broken.add(ROOT.relativize(page) + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  /** The headings of a page, as GitHub makes addresses of them. */
  private static Set<String> anchors(Path page) throws IOException {
    return FENCED
        .matcher(Files.readString(page))
        .replaceAll("")
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").strip().toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** The pages of the root, of docs, and each module's README. */
  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> root = Files.list(ROOT)) {
      root.flatMap(entry -> Stream.of(entry, entry.resolve("README.md"))).forEach(pages::add);
    }
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.forEach(pages::add);
    }
    return pages.stream()
        .distinct()
        .filter(page -> page.toString().endsWith(".md") && Files.isRegularFile(page))
        .toList();
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

  @Test
  void reliability_namesTestsThatExist() throws IOException {
    Map<String, String> tests = new HashMap<>();
    for (String folder : List.of("src/test/java", "src/it/java")) {
      for (Path source : sources(folder)) {
        String name = source.getFileName().toString().replace(".java", "");
        tests.merge(name, Files.readString(source), String::concat);
      }
    }
    List<String> unknown = new ArrayList<>();
    Matcher named = TEST.matcher(Files.readString(ROOT.resolve("docs/reliability.md")));
    int found = 0;
    while (named.find()) {
      found++;
      String source = tests.get(named.group(1));
      String method = named.group(2);
      if (source == null || (method != null && !source.contains("void " + method + "("))) {
        unknown.add(named.group());
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(found).isPositive();
  }

  private static List<Path> sources() throws IOException {
    return sources("src/main/java");
  }

  /** The Java files below a folder of each module. */
  private static List<Path> sources(String folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      modules
          .map(module -> module.resolve(folder))
          .filter(Files::isDirectory)
          .forEach(
              java -> {
                try (Stream<Path> files = Files.walk(java)) {
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
