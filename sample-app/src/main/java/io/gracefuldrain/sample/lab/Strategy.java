package io.gracefuldrain.sample.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What is done so that clients survive a rollout. */
enum Strategy {
  NONE(
      false,
      "No hooks: SIGTERM stops the server, as a service without this library does.",
      PreStop.NOTHING),
  STARTSTOP(
      false,
      "postStart holds the rollout until the new container serves; preStop keeps the old one for a"
          + " while; then SIGTERM stops it.",
      PreStop.SLEEP),
  NOTREADY(
      false,
      "The Service publishes addresses that are not ready; otherwise as none.",
      PreStop.NOTHING),
  GRACEFUL(
      true,
      "preStop and SIGTERM drain the server: each client is let go in its own slot.",
      PreStop.DRAIN);

  /** What the kubelet does before SIGTERM. */
  enum PreStop {
    NOTHING,
    /** Waits. */
    SLEEP,
    /** Asks the pod to drain, and waits for its answer. */
    DRAIN
  }

  private final boolean drains;
  private final String about;
  private final PreStop preStop;

  Strategy(boolean drains, String about, PreStop preStop) {
    this.drains = drains;
    this.about = about;
    this.preStop = preStop;
  }

  boolean drains() {
    return drains;
  }

  String about() {
    return about;
  }

  PreStop preStop() {
    return preStop;
  }

  /** Whether postStart waits until the server serves. */
  boolean holdsStart() {
    return this == STARTSTOP;
  }

  /** Whether its Service has publishNotReadyAddresses. */
  boolean publishesNotReady() {
    return this == NOTREADY;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For the command line. */
  static final class Converter implements ITypeConverter<Strategy> {
    @Override
    public Strategy convert(String value) {
      return Arrays.stream(values())
          .filter(strategy -> strategy.text().equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'"
                          + value
                          + "' (expected: one of "
                          + Arrays.stream(values())
                              .map(Strategy::text)
                              .collect(Collectors.joining(", "))
                          + ")"));
    }
  }
}
