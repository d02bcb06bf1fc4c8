package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bounds of the lean client have the protocol's values. */
class BoundsTest {
  private static final Path PROTOCOL = Path.of("..", "docs", "protocol.md");

  /** The beginning of a row; a row of two bounds has two values. */
  private static final Pattern ROW =
      Pattern.compile("^\\| ([A-Z_, ]+) \\| ([0-9, ]+) \\|", Pattern.MULTILINE);

  private static final Map<String, Long> LEAN_CLIENT =
      Map.ofEntries(
          bound("ATTEMPTS_MOST", LeanApproach.ATTEMPTS_MOST),
          bound("PAUSE_LEAST_MS", LeanApproach.PAUSE_LEAST_MS),
          bound("PAUSE_MOST_MS", LeanApproach.PAUSE_MOST_MS),
          bound("HELLO_MS", LeanApproach.HELLO_MS),
          bound("LANDED_AGAIN_MS", LeanMove.LANDED_AGAIN_MS),
          bound("BEYOND_GRACE_MS", LeanMove.BEYOND_GRACE_MS),
          bound("BOTH_CUT_MS", LeanMove.BOTH_CUT_MS),
          bound("OVERLAP_MS", LeanMove.OVERLAP_MS),
          bound("LINGER_MOST_MS", Lingering.LINGER_MOST_MS),
          bound("HELD_MOST", Inbox.HELD_MOST),
          bound("IDS_KEPT", Seen.IDS_KEPT),
          bound("DURATION_MOST_MS", Hint.DURATION_MOST_MS));

  @Test
  void bounds_ofTheLeanClient_areThoseOfTheProtocol() throws IOException {
    assertThat(documented()).containsAllEntriesOf(LEAN_CLIENT);
  }

  private static Map.Entry<String, Long> bound(String name, long value) {
    return Map.entry(name, value);
  }

  private static Map<String, Long> documented() throws IOException {
    String page = Files.readString(PROTOCOL);
    int from = page.indexOf("\n## Bounds\n");
    assertThat(from).isNotNegative();
    Map<String, Long> bounds = new TreeMap<>();
    Matcher row = ROW.matcher(page.substring(from));
    while (row.find()) {
      String[] names = row.group(1).split(", ", -1);
      String[] values = row.group(2).split(", ", -1);
      assertThat(values).as(row.group(1)).hasSameSizeAs(names);
      for (int i = 0; i < names.length; i++) {
        bounds.put(names[i], Long.valueOf(values[i].replace(",", "")));
      }
    }
    return bounds;
  }
}
