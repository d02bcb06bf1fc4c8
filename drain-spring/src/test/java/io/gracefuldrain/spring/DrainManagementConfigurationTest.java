package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Whether pods can ask each other at Actuator's port: only where it speaks plain HTTP. */
class DrainManagementConfigurationTest {
  @ParameterizedTest
  @CsvSource({
    "management.server.port=8081, false",
    "server.ssl.bundle=web, true",
    "management.server.ssl.bundle=ops, true",
    "management.server.ssl.key-store=file:ops.p12, true",
    "management.server.ssl.enabled=true, true",
    "server.ssl.enabled=false, false",
    "server.ssl.bundle=web management.server.ssl.enabled=false, false",
    "server.ssl.enabled=false management.server.ssl.bundle=ops, true"
  })
  void speaksTls_asBootDecides(String properties, boolean expected) {
    StandardEnvironment environment = new StandardEnvironment();
    Map<String, Object> said =
        Stream.of(properties.split(" ", -1))
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(each -> each[0], each -> each[1]));
    environment.getPropertySources().addFirst(new MapPropertySource("said", said));
    assertThat(DrainManagementConfiguration.speaksTls(environment)).isEqualTo(expected);
  }
}
