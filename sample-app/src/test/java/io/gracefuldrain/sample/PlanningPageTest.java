package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What docs/planning.md shows is what the command prints. */
class PlanningPageTest {
  private static final String TABLE = "plan --clients %s --pods %s --receiver-rate 1300";

  private final String page = page();

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "planning.md"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void example_isWhatTheCommandPrints() {
    Matcher example =
        Pattern.compile("sample-app.jar (plan [^\n]*)\n```.*?```\n(.*?)\n```", Pattern.DOTALL)
            .matcher(page);
    assertThat(example.find()).isTrue();
    assertThat(trimmed(run(example.group(1)))).isEqualTo(trimmed(example.group(2)));
  }

  @Test
  void table_ofUpTo50_000Clients_isWhatTheCommandPrints() {
    List<String> sizes = compare(50_000);
    assertThat(sizes).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void table_ofAMillionClients_isWhatTheCommandPrints() {
    assertThat(compare(2_000_000)).contains("1000000 on 100");
  }

  /** Compares the rows of all sizes up to this many clients; returns the sizes. */
  private List<String> compare(int most) {
    List<List<String>> rows =
        page.lines()
            .filter(line -> line.matches("\\| [0-9,]+ \\| [0-9]+ \\| .*"))
            .map(PlanningPageTest::cells)
            .filter(cells -> Integer.parseInt(cells.get(0).replace(",", "")) <= most)
            .toList();
    List<String> sizes =
        rows.stream()
            .map(cells -> cells.get(0).replace(",", "") + " on " + cells.get(1))
            .distinct()
            .toList();
    for (String size : sizes) {
      String[] numbers = size.split(" on ", -1);
      List<List<String>> shown =
          rows.stream()
              .filter(
                  cells ->
                      cells.get(0).replace(",", "").equals(numbers[0])
                          && cells.get(1).equals(numbers[1]))
              .map(cells -> cells.subList(2, cells.size()))
              .toList();
      assertThat(shown).as(size).isEqualTo(printed(TABLE.formatted((Object[]) numbers)));
    }
    return sizes;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(2, line.length() - 2).split(" \\| ", -1))
        .map(String::strip)
        .toList();
  }

  /** The rows that the command prints: below its headings, until there is a blank line. */
  private static List<List<String>> printed(String command) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : run(command).lines().skip(3).toList()) {
      if (line.isBlank()) {
        break;
      }
      rows.add(Arrays.asList(line.strip().split(" {2,}", -1)));
    }
    return rows;
  }

  private static String trimmed(String text) {
    return String.join("\n", text.strip().lines().map(String::stripTrailing).toList()).strip();
  }

  private static String run(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    SampleApp.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(line.split(" ", -1));
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }
}
