package io.gracefuldrain.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessOneTest {
  @TempDir private Path folder;

  /** What one says that looks twice. */
  private List<String> looks(String name, long self) throws IOException {
    Path comm = folder.resolve("comm");
    if (name != null) {
      Files.writeString(comm, name);
    }
    ProcessOne one = new ProcessOne(comm, self);
    return Stream.of(one.warning(), one.warning()).flatMap(Optional::stream).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh\n", "bash\n", "dash", "busybox\n"})
  void look_atAShell_saysItOnce(String name) throws IOException {
    assertThat(looks(name, 7))
        .singleElement()
        .asString()
        .startsWith("DRAIN-066 process 1 is a shell, " + name.trim() + ": ")
        .contains("this process, 7 (expected: java as process 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"java\n", "tini\n", "systemd\n", "pause", "bash-like", ""})
  void look_atSomethingElse_saysNothing(String name) throws IOException {
    assertThat(looks(name, 7)).isEmpty();
  }

  @Test
  void look_atItself_saysNothing() throws IOException {
    assertThat(looks("sh\n", 1)).as("java, called sh").isEmpty();
  }

  @Test
  void look_whereThereIsNothingToSee_saysNothing() throws IOException {
    assertThat(looks(null, 7)).isEmpty();
  }
}
