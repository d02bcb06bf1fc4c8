package io.gracefuldrain.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows each mistake that ends the start of a draining application. */
final class DrainFailureAnalyzer extends AbstractFailureAnalyzer<DrainStartException> {
  /** Made by Spring Boot. */
  DrainFailureAnalyzer() {}

  @Override
  protected FailureAnalysis analyze(Throwable root, DrainStartException cause) {
    return new FailureAnalysis(cause.description(), cause.action(), root);
  }
}
