package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page shows the code that is tested. */
class PatternsTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```$");

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  @Test
  void pages_showTheCodeThatIsTested() throws IOException {
    String patterns = Files.readString(Path.of("..", "docs", "patterns.md"));
    assertThat(blocksOfTheSource(patterns)).isGreaterThan(5);
    String handOver = Files.readString(Path.of("..", "docs", "handover.md"));
    int lags = handOver.indexOf("**A bus that lags.**");
    assertThat(lags).isNotNegative();
    assertThat(blocksOfTheSource(handOver.substring(lags))).isEqualTo(1);
  }

  private static int blocksOfTheSource(String page) throws IOException {
    List<String> source =
        lines(
            Files.readString(
                Path.of("src", "test", "java")
                    .resolve(Patterns.class.getName().replace('.', '/') + ".java")));
    Matcher block = BLOCK.matcher(page);
    int blocks = 0;
    while (block.find()) {
      blocks++;
      assertThat(Collections.indexOfSubList(source, lines(block.group(1))))
          .as(block.group(1))
          .isNotNegative();
    }
    return blocks;
  }
}
