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
  void page_showsTheCodeThatIsTested() throws IOException {
    List<String> source =
        lines(
            Files.readString(
                Path.of("src", "test", "java")
                    .resolve(Patterns.class.getName().replace('.', '/') + ".java")));
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "patterns.md")));
    int blocks = 0;
    while (block.find()) {
      blocks++;
      assertThat(Collections.indexOfSubList(source, lines(block.group(1))))
          .as(block.group(1))
          .isNotNegative();
    }
    assertThat(blocks).isGreaterThan(5);
  }
}
