package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.report.Strategy;

/**
 * What is deployed for a strategy.
 *
 * @param manifest its file, in the folder {@code deploy}
 * @param app what its Deployment, its Service and its pods' label {@code app} are called
 */
record Deployed(String manifest, String app) {
  static Deployed of(Strategy strategy) {
    return switch (strategy) {
      case NONE -> new Deployed("none.yaml", "socketio-none");
      case STARTSTOP -> new Deployed("startstop.yaml", "socketio-hooks");
      case NOTREADY -> new Deployed("notready.yaml", "socketio-notready");
      case GRACEFUL -> new Deployed("graceful/minikube.yaml", "socketio-graceful");
    };
  }
}
