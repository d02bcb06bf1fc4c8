package io.gracefuldrain.lab.report;

/** What can happen to a pod. */
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
  /** Its readiness probe has failed as often as it takes. */
  UNREADY("readiness probe fails"),
  /** New connections are forwarded to it from now on. */
  IN_SERVICE("the Service leads here"),
  /** New connections are forwarded to it no more. */
  OUT_OF_SERVICE("the Service leads elsewhere"),
  /** It is to go: the Deployment has deleted it. */
  DELETED("deleted"),
  PRE_STOP_BEGAN("preStop begins"),
  PRE_STOP_ENDED("preStop is done"),
  SIGTERM("SIGTERM"),
  SIGKILL("SIGKILL"),
  /** Its container has ended. */
  EXITED("exited"),
  /** It said itself that it is in another phase, which is the mark's note. */
  PHASE("phase"),
  /** The cluster told of it, in the mark's note. */
  EVENT("event");

  private final String words;

  MarkKind(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
