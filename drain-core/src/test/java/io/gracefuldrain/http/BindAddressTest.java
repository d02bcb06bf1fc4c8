package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {
  @Test
  void of_container_isEveryAddress() {
    assertThat(BindAddress.of(8081, true).getAddress().isAnyLocalAddress()).isTrue();
  }

  @Test
  void of_noContainer_isLoopback() {
    assertThat(BindAddress.of(8081, false).getAddress().isLoopbackAddress()).isTrue();
    assertThat(BindAddress.of(8081, false).getPort()).isEqualTo(8081);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void of_noPort_isRefused(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BindAddress.of(port, false))
        .withMessage("port: " + port + " (expected: 0 to 65535)");
  }

  @Test
  void inContainer_noSign_isFalse() {
    assertThat(BindAddress.inContainer(Map.of("HOME", "/root"), path -> false)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"KUBERNETES_SERVICE_HOST", "container"})
  void inContainer_variable_isTrue(String name) {
    assertThat(BindAddress.inContainer(Map.of(name, "x"), path -> false)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/.dockerenv", "/run/.containerenv"})
  void inContainer_file_isTrue(String file) {
    assertThat(BindAddress.inContainer(Map.of(), Path.of(file)::equals)).isTrue();
  }
}
