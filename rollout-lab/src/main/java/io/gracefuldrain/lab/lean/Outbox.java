package io.gracefuldrain.lab.lean;

import java.util.ArrayList;
import java.util.List;

/** Where a lean aware client's emits wait while it lands. Of the client's event loop. */
final class Outbox {
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;

  boolean holding() {
    return holding;
  }

  /** Emits wait from now on; returns whether that is new. */
  boolean hold() {
    boolean before = holding;
    holding = true;
    return !before;
  }

  void add(Runnable emit) {
    held.add(emit);
  }

  /** Nothing waits any more, for it is due again. */
  void forget() {
    held.clear();
  }

  /** Lets everything go, in its order, and what comes from now on. */
  void release() {
    holding = false;
    List<Runnable> all = List.copyOf(held);
    held.clear();
    all.forEach(Runnable::run);
  }
}
