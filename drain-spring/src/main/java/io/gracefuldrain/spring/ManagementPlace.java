package io.gracefuldrain.spring;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where hooks and probes are served, once they are. Thread-safe. */
final class ManagementPlace {
  private volatile @Nullable Supplier<String> place;

  /**
   * They are served.
   *
   * @param where for people, as "Actuator's management port"; asked once the application has
   *     started, when a free port is known
   */
  void served(Supplier<String> where) {
    place = where;
  }

  /** Where they are; empty if nobody serves them. */
  Optional<String> where() {
    return Optional.ofNullable(place).map(Supplier::get);
  }
}
