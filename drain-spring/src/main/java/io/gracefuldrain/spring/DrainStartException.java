package io.gracefuldrain.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;

/** A mistake that ends the start, with what is wrong and what to do. */
final class DrainStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String description;
  private final String action;

  /**
   * One mistake.
   *
   * @param description what is wrong: whole sentences
   * @param action what the user is to change: whole sentences
   */
  DrainStartException(String description, String action, @Nullable Throwable cause) {
    super(description + " " + action, cause);
    this.description = description;
    this.action = action;
  }

  /**
   * A setting that is wrong, be it of the policy or of this module.
   *
   * @param problem its name, its value and what was expected
   * @param origin where it was set, or null
   */
  static DrainStartException ofSetting(
      String problem, @Nullable Origin origin, @Nullable Throwable cause) {
    return new DrainStartException(
        "A setting of the drain is wrong: "
            + problem
            + "."
            + (origin == null ? "" : " It was set in " + origin + "."),
        "Change it to what was expected. docs/settings.md and docs/spring.md list every setting; the"
            + " properties "
            + PropertySources.PREFIX
            + "* and the environment's variables "
            + PropertySources.VARIABLES
            + "* read the same texts.",
        cause);
  }

  /** The same, of a property of this module, which has its value. */
  static DrainStartException ofOwnSetting(String name, Object value, String expected) {
    return ofSetting(
        PropertySources.PREFIX + name + ": " + value + " (expected: " + expected + ")", null, null);
  }

  String description() {
    return description;
  }

  String action() {
    return action;
  }
}
