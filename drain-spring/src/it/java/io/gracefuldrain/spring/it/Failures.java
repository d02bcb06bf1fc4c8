package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What a user reads when the start fails: by the analyzers that Spring Boot itself finds. */
final class Failures {
  private Failures() {}

  static FailureAnalysis of(ApplicationContextRunner wrong) {
    FailureAnalysis[] found = new FailureAnalysis[1];
    wrong.run(
        context -> {
          assertThat(context).hasFailed();
          found[0] = of(context.getStartupFailure());
        });
    return found[0];
  }

  static FailureAnalysis of(Throwable failure) {
    List<FailureAnalysis> analyses =
        // Those of Spring Boot that need a bean factory do not matter here.
        SpringFactoriesLoader.forDefaultResourceLocation(Failures.class.getClassLoader())
            .load(FailureAnalyzer.class, (type, name, problem) -> {})
            .stream()
            .filter(each -> each.getClass().getName().startsWith("io.gracefuldrain."))
            .map(each -> each.analyze(failure))
            .filter(each -> each != null)
            .toList();
    assertThat(analyses).as("analyses of " + failure).hasSize(1);
    return analyses.get(0);
  }
}
