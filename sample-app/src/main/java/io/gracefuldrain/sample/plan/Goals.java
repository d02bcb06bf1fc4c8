package io.gracefuldrain.sample.plan;

import java.time.Duration;

/**
 * What a rollout is to hold.
 *
 * @param load how much of what a receiver takes the arrivals may be, in percent, in its busiest
 *     five seconds: the rest is for those who are there already
 * @param connect how long 99 of a hundred connects may take at most
 * @param pods how many pods there may be at the same time, with those that drain
 */
record Goals(int load, Duration connect, int pods) {
  /** Whether clients and receivers are as they should be; pods are another question. */
  boolean met(Result result) {
    return loadMet(result)
        && result.clients().connect().p99() <= connect.toMillis()
        && result.clients().cut() == 0
        && result.clients().timeOuts() == 0;
  }

  boolean loadMet(Result result) {
    return result.load().busiest() * 100 <= load;
  }

  boolean fits(Result result) {
    return result.course().pods() <= pods;
  }
}
