package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that Devtools starts anew, with a client connected. */
@EnabledIfSystemProperty(named = "drain.full", matches = "true")
class DevtoolsIT {
  private static final Duration RESTART = Duration.ofSeconds(60);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"BOOT_3_5", "BOOT_4_1"})
  void restart_withAClient_drainsShortlyAndServesAgain(Line line) throws Exception {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    copy(line.classes(), classes);
    try (NextPod next = new NextPod();
        Shop shop = Shop.startedWithDevtools(line, classes, next);
        Customer customer = Customer.of(shop)) {
      JvmProcess process = shop.process();

      Files.writeString(classes.resolve("changed.txt"), "anything");

      customer.assertMovedAndLostNothing();
      Await.until(
          () -> "the second start:\n" + process.output(), RESTART, () -> starts(process) == 2);
      assertThat(process.lines("\"code\":\"DRAIN-009\"")).hasSize(1);
      shop.awaitReady();
      try (Customer other = Customer.of(shop)) {
        process.terminate();
        other.assertMovedAndLostNothing();
        assertThat(process.awaitExit(RESTART)).as(process.output()).isEqualTo(143);
        assertThat(process.lines("\"code\":\"DRAIN-009\"")).hasSize(2);
      }
    }
  }

  private static int starts(JvmProcess process) {
    return process.lines("Started ShopApplication").size();
  }

  private static void copy(Path from, Path to) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }
}
