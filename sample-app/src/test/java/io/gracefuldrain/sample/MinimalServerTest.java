package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The server that a user copies has the README's lines, comments included, and is short. The
 * library's own test of its documentation holds the user's project to the same lines.
 */
class MinimalServerTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path MINIMAL_SERVER =
      Path.of("src/main/java/io/gracefuldrain/sample/MinimalServer.java");

  @Test
  void minimalServer_hasTheReadmesLinesWordForWord() throws IOException {
    assertThat(lines(MINIMAL_SERVER)).containsSubsequence(readme());
  }

  @Test
  void minimalServer_isReadAtAGlance() throws IOException {
    assertThat(Files.readAllLines(MINIMAL_SERVER)).hasSizeLessThanOrEqualTo(60);
  }

  @Test
  void plainNettyServer_isShort() throws IOException {
    Path server = MINIMAL_SERVER.resolveSibling("PlainNettyServer.java");
    assertThat(Files.readAllLines(server)).hasSizeLessThan(100);
  }

  /** The block of Java that makes a coordinator. */
  private static List<String> readme() throws IOException {
    List<String> block = new ArrayList<>();
    for (String line : lines(ROOT.resolve("README.md"))) {
      if (line.equals("```java")) {
        block.clear();
      } else if (line.equals("```") && block.toString().contains("DrainCoordinator.create")) {
        break;
      } else {
        block.add(line);
      }
    }
    assertThat(block).hasSize(6).contains("server.start(); // yours");
    return block;
  }

  /** The README aligns its comments; the code's formatter does not. */
  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.strip().replaceFirst(";\\s+//", "; //"))
        .toList();
  }
}
