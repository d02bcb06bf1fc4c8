package io.gracefuldrain;

/** Something registered, until it is closed. Thread-safe. */
public interface Registration extends AutoCloseable {
  /** Removes it. Only the first call counts. */
  @Override
  void close();
}
