package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class ExemptPathsTest {
  private final MockEnvironment environment = new MockEnvironment();

  private boolean exempt(String path) {
    return ExemptPaths.of(environment, List.of("/internal/")).has(path);
  }

  @Test
  void has_actuatorProbesAndUsersPaths_withWhatIsBelow() {
    for (String path :
        List.of("/actuator", "/actuator/health/liveness", "/livez", "/readyz/", "/internal/x")) {
      assertThat(exempt(path)).as(path).isTrue();
    }
    for (String path : List.of("/", "/actuators", "/orders/actuator", "/livezz", "")) {
      assertThat(exempt(path)).as(path).isFalse();
    }
  }

  @Test
  void has_actuatorElsewhere_isThere() {
    environment.setProperty("management.endpoints.web.base-path", "/manage/");
    environment.setProperty("spring.mvc.servlet.path", "/app");
    assertThat(exempt("/app/manage/health")).isTrue();
    assertThat(exempt("/manage")).isTrue();
    assertThat(exempt("/actuator/health")).isFalse();
  }

  @Test
  void has_actuatorAtTheRoot_isHealthAlone() {
    environment.setProperty("management.endpoints.web.base-path", "/");
    assertThat(exempt("/health/liveness")).isTrue();
    assertThat(exempt("/orders")).isFalse();
  }
}
