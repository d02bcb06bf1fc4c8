package io.gracefuldrain.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** The resources of a test: closed at its end, the last first. */
public final class Opened {
  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Adds one, and returns it. */
  public <T extends AutoCloseable> T add(T one) {
    all.push(one);
    return one;
  }

  /** Closes all, each once. */
  public void closeAll() throws Exception {
    while (!all.isEmpty()) {
      all.pop().close();
    }
  }
}
