package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar that users get. */
@DisabledIfSystemProperty(named = "adapter.client.skip", matches = "true")
class PackagingIT {
  private static final String PLACE = "META-INF/resources/drain-client/";

  @ParameterizedTest
  @ValueSource(strings = {"drain-client.js", "drain-client.min.js"})
  void jar_hasTheClientAsItWasBuilt(String name) throws IOException {
    byte[] packaged = entry(name);

    assertThat(packaged)
        .isEqualTo(Files.readAllBytes(Path.of(System.getProperty("adapter.client"), name)));
    assertThat(new String(packaged, StandardCharsets.UTF_8))
        .contains("drain:landed")
        .doesNotContain("import ")
        .doesNotContain("require(");
  }

  @Test
  void jar_hasTheSourceMapThatTheModuleNames() throws IOException {
    String name = "drain-client.js.map";
    assertThat(new String(entry("drain-client.js"), StandardCharsets.UTF_8))
        .contains("sourceMappingURL=" + name);
    assertThat(entry(name))
        .isEqualTo(Files.readAllBytes(Path.of(System.getProperty("adapter.client"), name)));
  }

  @Test
  void jar_hasAModuleAndAClassicScript() throws IOException {
    assertThat(new String(entry("drain-client.js"), StandardCharsets.UTF_8))
        .contains("export")
        .contains("drainAware");
    assertThat(new String(entry("drain-client.min.js"), StandardCharsets.UTF_8))
        .doesNotContain("export{")
        .contains("drainAware");
  }

  @Test
  void jar_hasTheClientsLicense() throws IOException {
    assertThat(new String(entry("LICENSE"), StandardCharsets.UTF_8)).contains("Apache License");
  }

  private static byte[] entry(String name) throws IOException {
    try (ZipFile jar = new ZipFile(System.getProperty("adapter.jar"))) {
      ZipEntry entry = jar.getEntry(PLACE + name);
      assertThat(entry).as(PLACE + name).isNotNull();
      try (InputStream in = jar.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }
}
