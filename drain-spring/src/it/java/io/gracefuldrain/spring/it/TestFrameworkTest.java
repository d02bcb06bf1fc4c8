package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;

/** Applications in Spring's own tests, which keep several contexts at a time. */
@Isolated
class TestFrameworkTest {
  @Nested
  @SpringBootTest(
      classes = EndTest.App.class,
      webEnvironment = SpringBootTest.WebEnvironment.NONE,
      properties = "drain.termination-log=")
  class WithoutAWord {
    @Test
    void context_takesNoSignalsAndNoFixedPort(
        @Autowired Environment environment, @Autowired DrainCoordinator coordinator) {
      assertThat(environment.getProperty("drain.signals.enabled")).isEqualTo("false");
      assertThat(environment.getProperty("drain.http.port")).isEqualTo("0");
      assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
    }
  }

  @Nested
  @SpringBootTest(
      classes = EndTest.App.class,
      webEnvironment = SpringBootTest.WebEnvironment.NONE,
      properties = {"drain.termination-log=", "drain.http.port=12345"})
  class WithAPortOfItsOwn {
    @Test
    void context_hasWhatTheTestSets(@Autowired Environment environment) {
      assertThat(environment.getProperty("drain.signals.enabled")).isEqualTo("false");
      assertThat(environment.getProperty("drain.http.port")).isEqualTo("12345");
    }
  }
}
