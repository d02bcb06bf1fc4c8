package io.gracefuldrain.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Shows each mistake that ends the start of a draining application. */
@Order(Ordered.HIGHEST_PRECEDENCE) // before Boot's, which would show an exception around it
final class DrainFailureAnalyzer extends AbstractFailureAnalyzer<DrainStartException> {
  /** Made by Spring Boot. */
  DrainFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable root, DrainStartException cause) {
    return new FailureAnalysis(cause.description(), cause.action(), root);
  }
}
