package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.JvmProcess;
import org.junit.jupiter.api.Test;

/** What a runtime without some of the JDK's modules is told, as one that jlink has made. */
class SmallRuntimeIT {
  private static final String LEAST = "java.base,java.naming,java.xml"; // and what Logback needs

  @Test
  void runtimeWithoutOptionalModules_isToldWhichOneIsMissing() throws Exception {
    try (JvmProcess app = start(LEAST)) {
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
  }

  @Test
  void runtimeWithTheModulesThatAreDocumented_isEnough() throws Exception {
    try (JvmProcess app = start(LEAST + ",jdk.httpserver,jdk.unsupported")) {
      for (String attempt : new String[] {"keyless", "keyed", "off", "management"}) {
        assertThat(app.awaitLine(attempt + ": ")).isEqualTo(attempt + ": well");
      }
    }
  }

  private static JvmProcess start(String modules) throws Exception {
    return JvmProcess.of(SmallRuntimeApp.class).jvm("--limit-modules", modules).start(TestPod.KEY);
  }
}
