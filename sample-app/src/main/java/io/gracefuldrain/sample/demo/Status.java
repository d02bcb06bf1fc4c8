package io.gracefuldrain.sample.demo;

import java.util.List;

/**
 * The demo at this moment, for the page.
 *
 * @param available true: there are rollouts here, unlike on a pod that was started without a demo
 * @param generation the generation that serves, or that will serve first
 * @param rollouts how many have succeeded
 * @param message what happened last, or what is under way, in one sentence
 * @param pods pods that serve first, then pods that start or end
 */
record Status(
    boolean available,
    State state,
    String generation,
    int rollouts,
    String message,
    List<PodState> pods) {

  /** The stage of the demo. */
  enum State {
    /** The first pods are coming up. */
    STARTING,
    /** Nothing: a rollout may begin. */
    IDLE,
    /** The next generation is coming up; the old one serves. */
    LAUNCHING,
    /** The next generation is ready; the old one lets its clients go. */
    DRAINING,
    /** The demo is ending. */
    STOPPED
  }

  /**
   * One pod.
   *
   * @param phase the phase of its drain, or ENDED
   */
  record PodState(String name, String generation, String phase, int port) {}
}
