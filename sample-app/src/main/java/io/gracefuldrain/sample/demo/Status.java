package io.gracefuldrain.sample.demo;

import java.util.List;

/**
 * The demo as it stands, for the page.
 *
 * @param available true: rollouts can be had here, unlike on a pod that was started by itself
 * @param generation of the pods that serve, or are about to at the start
 * @param rollouts how many have ended well
 * @param message what happened last, or what is under way, in one sentence
 * @param pods those that serve first, then those that come or go
 */
record Status(
    boolean available,
    State state,
    String generation,
    int rollouts,
    String message,
    List<PodState> pods) {

  /** What is under way. */
  enum State {
    /** The first pods are coming up. */
    STARTING,
    /** Nothing: a rollout may be begun. */
    IDLE,
    /** The next generation is coming up; the old one serves. */
    LAUNCHING,
    /** The next generation is ready; the old one lets go of its clients. */
    DRAINING,
    /** The demo is ending. */
    STOPPED
  }

  /**
   * One pod.
   *
   * @param phase of its drain, or ENDED
   */
  record PodState(String name, String generation, String phase, int port) {}
}
