package io.gracefuldrain.sample.verify;

import java.util.Locale;

/** What is done about the end of a pod: a manifest. */
enum Strategy {
  NONE(
      "none.yaml",
      "socketio-none",
      "No hooks: SIGTERM stops the server, as a service without this library does."),
  STARTSTOP(
      "startstop.yaml",
      "socketio-hooks",
      "postStart holds the rollout until the new container serves; preStop keeps the old one for a"
          + " while; then SIGTERM stops it."),
  NOTREADY(
      "notready.yaml",
      "socketio-notready",
      "The Service publishes addresses that are not ready; otherwise as none."),
  GRACEFUL(
      "graceful/minikube.yaml",
      "socketio-graceful",
      "preStop and SIGTERM drain the server: each client is let go in its own slot.");

  private final String manifest;
  private final String app;
  private final String about;

  Strategy(String manifest, String app, String about) {
    this.manifest = manifest;
    this.app = app;
    this.about = about;
  }

  /** Its file, in the folder {@code deploy}. */
  String manifest() {
    return manifest;
  }

  /** What its Deployment, its Service and its pods' label {@code app} are called. */
  String app() {
    return app;
  }

  String about() {
    return about;
  }

  boolean drains() {
    return this == GRACEFUL;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
