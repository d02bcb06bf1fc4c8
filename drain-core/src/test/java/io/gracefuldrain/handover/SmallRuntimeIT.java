package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.JvmProcess;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a runtime without some of the JDK's modules is told, as one that jlink has made. */
class SmallRuntimeIT {
  private static final String LEAST = "java.base,java.naming,java.xml"; // and what Logback needs
  private static final String ENOUGH = LEAST + ",jdk.httpserver,jdk.unsupported";

  @Test
  void runtimeWithoutOptionalModules_isToldWhichOneIsMissing() throws Exception {
    try (JvmProcess app = start(LEAST)) {
      assertIsTold(app);
    }
  }

  private static void assertIsTold(JvmProcess app) throws InterruptedException {
    assertThat(app.awaitLine("management: "))
        .isEqualTo(
            "management: java.lang.IllegalStateException: port: 0, but this Java runtime has no"
                + " module jdk.httpserver (expected: a runtime made with jlink --add-modules"
                + " jdk.httpserver, or the endpoints on a server of your own)");
    assertThat(app.awaitLine("keyless: ")).isEqualTo("keyless: well");
    assertThat(app.awaitLine("keyed: ")).isEqualTo("keyed: well");
    assertThat(app.awaitLine("off: ")).isEqualTo("off: well");
    assertThat(app.output()).doesNotContain(TestPod.KEY);
  }

  @Test
  void runtimeWithTheModulesThatAreDocumented_isEnough() throws Exception {
    try (JvmProcess app = start(ENOUGH)) {
      assertWorks(app);
    }
  }

  private static void assertWorks(JvmProcess app) throws InterruptedException {
    for (String attempt : new String[] {"keyless", "keyed", "off", "management", "pair"}) {
      assertThat(app.awaitLine(attempt + ": ")).isEqualTo(attempt + ": well");
    }
  }

  /** An image of a runtime, and not only fewer modules of this one. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void image_ofJlink_isToldTheSame_orHandsOver(boolean enough, @TempDir Path directory)
      throws Exception {
    Path image = directory.resolve("runtime");
    Process jlink =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--add-modules",
                enough ? ENOUGH : LEAST,
                "--output",
                image.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(jlink.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(jlink.exitValue()).isZero();
    try (JvmProcess app = JvmProcess.of(SmallRuntimeApp.class).home(image).start(TestPod.KEY)) {
      if (enough) {
        assertWorks(app);
      } else {
        assertIsTold(app);
      }
    }
  }

  private static JvmProcess start(String modules) throws Exception {
    return JvmProcess.of(SmallRuntimeApp.class).jvm("--limit-modules", modules).start(TestPod.KEY);
  }
}
