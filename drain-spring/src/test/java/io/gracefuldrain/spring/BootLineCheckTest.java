package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** These tests run with Spring Boot 3.5. */
class BootLineCheckTest {
  private static final class Four extends BootLineCheck {
    Four() {
      super("drain-spring-boot", 4);
    }
  }

  private static final class Three extends BootLineCheck {
    Three() {
      super("drain-spring-boot3", 3);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class App {}

  @Test
  void application_onAnotherLine_isRefusedWithTheStarterToTake() {
    assertThatThrownBy(() -> run(new Four()))
        .isInstanceOfSatisfying(
            DrainStartException.class,
            e -> {
              assertThat(e.description())
                  .startsWith(
                      "drain-spring-boot is for Spring Boot 4, and this is Spring Boot 3.5");
              assertThat(e.action())
                  .isEqualTo("Depend on io.gracefuldrain:drain-spring-boot3-starter instead.");
            });
    assertThatThrownBy(() -> new Three().check("4.1.2"))
        .hasMessage(
            "drain-spring-boot3 is for Spring Boot 3, and this is Spring Boot 4.1.2. Depend on"
                + " io.gracefuldrain:drain-spring-boot-starter instead.");
  }

  @Test
  void application_onItsLine_orWithTheDrainDisabled_starts() {
    run(new Three()).close();
    run(new Four(), "drain.enabled=false").close();
  }

  private static ConfigurableApplicationContext run(BootLineCheck check, String... properties) {
    return new SpringApplicationBuilder(App.class)
        .web(WebApplicationType.NONE)
        .properties(properties)
        .initializers(check)
        .run();
  }
}
