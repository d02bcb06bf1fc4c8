package io.gracefuldrain.lab.report;

/** The events in the life of a pod. */
public enum MarkKind {
  /** The Deployment asked for it. */
  CREATED("created"),
  /** Its container runs. */
  STARTED("container started"),
  POST_START_BEGAN("postStart begins"),
  POST_START_ENDED("postStart is done"),
  /** Its startup probe has succeeded. */
  UP("startup probe succeeded"),
  /** Its readiness probe has succeeded. */
  READY("ready"),
  /** Its readiness probe has failed often enough to count. */
  UNREADY("readiness probe fails"),
  /** New connections are forwarded to it from now on. */
  IN_SERVICE("the Service leads here"),
  /** New connections are no longer forwarded to it. */
  OUT_OF_SERVICE("the Service leads elsewhere"),
  /** The Deployment has deleted it, so it will end. */
  DELETED("deleted"),
  PRE_STOP_BEGAN("preStop begins"),
  PRE_STOP_ENDED("preStop is done"),
  SIGTERM("SIGTERM"),
  SIGKILL("SIGKILL"),
  /** The proxy in the pod has ended, and with it the connections that it carried. */
  SIDECAR_ENDED("its sidecar has ended"),
  /** Its container has ended. */
  EXITED("exited"),
  /** It reported another phase, named in the mark's note. */
  PHASE("phase"),
  /** The cluster reported an event, described in the mark's note. */
  EVENT("event");

  private final String words;

  MarkKind(String words) {
    this.words = words;
  }

  /** A description for people. */
  public String words() {
    return words;
  }
}
