package io.gracefuldrain.spring;

import org.jspecify.annotations.Nullable;

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

  String description() {
    return description;
  }

  String action() {
    return action;
  }
}
