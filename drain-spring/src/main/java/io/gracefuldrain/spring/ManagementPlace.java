package io.gracefuldrain.spring;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where hooks and probes are served, once they are. Thread-safe. */
final class ManagementPlace {
  private volatile @Nullable String place;

  /**
   * They are served.
   *
   * @param where for people, as "Actuator's management port"
   */
  void served(String where) {
    place = where;
  }

  /** Where they are; empty if nobody serves them. */
  Optional<String> where() {
    return Optional.ofNullable(place);
  }
}
