package io.gracefuldrain.spring;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where hooks and probes are served, once they are. Thread-safe. */
final class ManagementPlace {
  private volatile @Nullable Supplier<String> place;
  private volatile Runnable onStart = () -> {};

  /**
   * They are served.
   *
   * @param where for people, as "Actuator's management port"; asked once the application has
   *     started, when a free port is known
   */
  void served(Supplier<String> where) {
    place = where;
  }

  /**
   * The same, by a server whose port is known later.
   *
   * @param onStart run once the application has started
   */
  void served(Supplier<String> where, Runnable onStart) {
    this.onStart = onStart;
    served(where);
  }

  /** The application has started, and every port is known. */
  void started() {
    onStart.run();
  }

  /** Where they are; empty if nobody serves them. */
  Optional<String> where() {
    return Optional.ofNullable(place).map(Supplier::get);
  }
}
