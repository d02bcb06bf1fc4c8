package io.gracefuldrain.smoke;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK of this machine: the one that runs the tests, or one beside it. */
final class Jdk {
  private Jdk() {}

  /** The home of one that has this version, or a newer one. */
  static Optional<Path> from(int version) {
    Path ours = Path.of(System.getProperty("java.home"));
    if (Runtime.version().feature() >= version) {
      return Optional.of(ours);
    }
    try (Stream<Path> beside = Files.list(ours.toAbsolutePath().getParent())) {
      return beside.filter(home -> version(home) >= version).sorted().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** 0 if it is no JDK, or an old one. */
  private static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
      return 0;
    }
    try (var in = Files.newBufferedReader(release)) {
      Properties properties = new Properties();
      properties.load(in);
      String text = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
      return text.isEmpty() ? 0 : Runtime.Version.parse(text).feature();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
