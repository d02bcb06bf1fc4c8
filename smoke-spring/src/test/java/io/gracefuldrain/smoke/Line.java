package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line of Spring Boot, with the shop that is built with it. */
enum Line {
  BOOT_3_5("boot-3.5"),
  BOOT_4_0("boot-4.0"),
  BOOT_4_1("boot-4.1");

  private final String folder;

  Line(String folder) {
    this.folder = folder;
  }

  /** The jar, as a user's build makes it. */
  Path jar() {
    Path jar = Path.of(folder, "target", "shop.jar").toAbsolutePath();
    assertThat(jar).exists();
    return jar;
  }

  /** Its classes, as an IDE runs them. */
  Path classes() {
    return Path.of(folder, "target", "classes").toAbsolutePath();
  }

  /** All jars that it is built with, Devtools among them. */
  String jars() throws IOException {
    return Files.readString(Path.of(folder, "target", "classpath.txt")).strip();
  }

  /** A jar of netty-socketio that cannot be drained. */
  Path oldServer(String version) {
    Path jar =
        Path.of(folder, "target", "old", "netty-socketio-" + version + ".jar").toAbsolutePath();
    assertThat(jar).exists();
    return jar;
  }
}
