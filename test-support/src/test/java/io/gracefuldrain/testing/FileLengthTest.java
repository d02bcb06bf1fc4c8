package io.gracefuldrain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A file of main code is read in one go, in every module. */
class FileLengthTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final int MOST_LINES = 400;
  private static final Pattern CODE = Pattern.compile(".*\\.(java|ts|js|mjs|css)");

  /** Tests, what others wrote, and what a build makes. */
  private static final Set<String> NOT_MAIN_CODE =
      Set.of("test", "it", "node_modules", "target", "dist", "build");

  @Test
  void mainCode_ofEveryModule_isAtMostFourHundredLinesAFile() throws IOException {
    List<Path> code = mainCode();
    assertThat(code)
        .as("files of main code")
        .contains(
            ROOT.resolve("drain-core/src/main/java/io/gracefuldrain/DrainCoordinator.java"),
            ROOT.resolve("drain-client-js/src/index.ts"),
            ROOT.resolve("conformance/run.mjs"),
            ROOT.resolve("sample-app/src/main/resources/web/style.css"));
    List<String> tooLong = new ArrayList<>();
    for (Path file : code) {
      int lines = Files.readAllLines(file).size();
      if (lines > MOST_LINES) {
        tooLong.add(ROOT.relativize(file) + ": " + lines);
      }
    }
    assertThat(tooLong).as("lines (expected: <= %d)", MOST_LINES).isEmpty();
  }

  private static List<Path> mainCode() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean skipped =
                !folder.equals(ROOT) && (NOT_MAIN_CODE.contains(name) || name.startsWith("."));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (CODE.matcher(file.getFileName().toString()).matches()) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
