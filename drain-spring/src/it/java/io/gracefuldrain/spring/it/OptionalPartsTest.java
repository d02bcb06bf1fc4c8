package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.metrics.DrainMetrics;
import io.gracefuldrain.spring.DrainEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Whatever is not on the class path is not missed. */
class OptionalPartsTest {
  private static ApplicationContextRunner runner() {
    List<Class<?>> ours = new ArrayList<>();
    for (String name :
        ImportCandidates.load(AutoConfiguration.class, OptionalPartsTest.class.getClassLoader())) {
      if (name.startsWith("io.gracefuldrain.")) {
        try {
          ours.add(Class.forName(name));
        } catch (ClassNotFoundException e) {
          throw new AssertionError(e);
        }
      }
    }
    return new ApplicationContextRunner()
        .withPropertyValues(
            "drain.http.port=0", "drain.signals.enabled=false", "drain.termination-log=")
        .withConfiguration(AutoConfigurations.of(ours.toArray(Class<?>[]::new)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.springframework.boot.actuate",
        "org.springframework.boot.health",
        "jakarta.servlet",
        "io.micrometer",
        "reactor",
        "org.springframework.web",
        "org.springframework.security"
      })
  void context_withoutOneOfThem_startsAndHasHooks(String missing) {
    runner()
        .withClassLoader(new FilteredClassLoader(missing))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(DrainCoordinator.class);
              assertThat(context).hasSingleBean(DrainEndpoints.class);
              assertThat(context.getEnvironment().getProperty("local.drain.port")).isNotNull();
            });
  }

  @Test
  void context_withNothingButSpringBoot_startsAndHasHooks() {
    runner()
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.boot.actuate",
                "org.springframework.boot.health",
                "jakarta.servlet",
                "io.micrometer",
                "reactor",
                "org.springframework.web"))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(DrainEndpoints.class);
              assertThat(context).doesNotHaveBean(DrainEndpoint.class);
              assertThat(context).doesNotHaveBean(DrainMetrics.class);
            });
  }
}
