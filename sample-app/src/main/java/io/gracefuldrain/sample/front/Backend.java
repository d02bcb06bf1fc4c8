package io.gracefuldrain.sample.front;

import java.util.concurrent.atomic.AtomicInteger;

/** One server as the front sees it now. Thread-safe. */
final class Backend {
  private final PodAddress target;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean ready;
  private volatile boolean withdrawn;

  Backend(PodAddress target) {
    this.target = target;
  }

  PodAddress target() {
    return target;
  }

  /** Whether new connections are to come here. */
  boolean ready() {
    return ready && !withdrawn;
  }

  /** Whether it is taken out whatever its probe says, as a pod is that is being deleted. */
  void withdrawn(boolean now) {
    withdrawn = now;
  }

  /** What its readiness probe said last; true if that is new. */
  boolean ready(boolean answer) {
    boolean changed = ready != answer;
    ready = answer;
    return changed;
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  Balancer.Candidate candidate() {
    return new Balancer.Candidate(target, ready(), open.get());
  }
}
