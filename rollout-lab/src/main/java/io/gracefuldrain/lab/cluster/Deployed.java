package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.report.Strategy;

/**
 * The manifest of a strategy.
 *
 * @param manifest its file, in the folder {@code deploy}
 * @param app the name of its Deployment and its Service, and the value of the label {@code app} of
 *     its pods
 */
record Deployed(String manifest, String app) {
  static Deployed of(Strategy strategy) {
    return switch (strategy) {
      case NONE -> new Deployed("none.yaml", "socketio-none");
      case STARTSTOP -> new Deployed("startstop.yaml", "socketio-hooks");
      case NOTREADY -> new Deployed("notready.yaml", "socketio-notready");
      case GRACEFUL -> new Deployed("graceful/minikube.yaml", "socketio-graceful");
      case SPRING -> new Deployed("spring.yaml", "socketio-spring");
    };
  }
}
