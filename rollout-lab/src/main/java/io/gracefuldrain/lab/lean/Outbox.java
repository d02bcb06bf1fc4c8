package io.gracefuldrain.lab.lean;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds the emits of a lean aware client while a move lands. Used on the client's event loop only.
 */
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

  /** Forgets the emits that wait: they are due again. */
  void forget() {
    held.clear();
  }

  /** Lets all emits go, in their order, and holds no more. */
  void release() {
    holding = false;
    List<Runnable> all = List.copyOf(held);
    held.clear();
    all.forEach(Runnable::run);
  }
}
