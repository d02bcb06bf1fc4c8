package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.options.Choices;
import io.gracefuldrain.lab.options.TextConverter;
import java.util.Locale;

/** A way to get clients through a rollout. */
public enum Strategy {
  NONE("No hooks: SIGTERM stops the server, as a service without this library does."),
  STARTSTOP(
      "postStart holds the rollout until the new container serves; preStop keeps the old one for a"
          + " while; then SIGTERM stops it."),
  NOTREADY("The Service publishes addresses that are not ready; otherwise as none."),
  GRACEFUL("preStop and SIGTERM drain the server: each client is let go in its own slot."),
  SPRING("As graceful, by the starter of an application on Spring Boot.");

  private final String about;

  Strategy(String about) {
    this.about = about;
  }

  /** Its description in one sentence. */
  public String about() {
    return about;
  }

  /** Whether its pods drain. */
  public boolean drains() {
    return this == GRACEFUL || this == SPRING;
  }

  /**
   * Whether its pods write a ledger of what they gave to each session, as a usual application does
   * not.
   */
  public boolean keepsLedger() {
    return this != SPRING;
  }

  /** Its name on the command line and in reports, for instance {@code startstop}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }

  /** For the command line. */
  public static final class Converter extends TextConverter<Strategy> {
    /** Made by picocli. */
    public Converter() {
      super(text -> Choices.parse(values(), Strategy::text, text));
    }
  }
}
