package io.gracefuldrain.sample.front;

import java.util.concurrent.atomic.AtomicInteger;

/** One server as the front sees it now. Thread-safe. */
final class Backend {
  private final PodAddress address;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean ready;
  private volatile boolean withdrawn;

  Backend(PodAddress address) {
    this.address = address;
  }

  PodAddress address() {
    return address;
  }

  /** Whether new connections come here. */
  boolean ready() {
    return ready && !withdrawn;
  }

  /**
   * Takes it out, like a pod that is being deleted, or in again. Its probe does not count while it
   * is out.
   */
  void withdrawn(boolean now) {
    withdrawn = now;
  }

  /** Notes the last answer of its readiness probe; true if the answer has changed. */
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
    return new Balancer.Candidate(address, ready(), open.get());
  }
}
