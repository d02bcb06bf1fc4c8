package io.gracefuldrain.benchmarks.crowd;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A way to end a server that has clients. */
enum Way {
  /** A drain of this library. */
  OURS("ours", "graceful-drain"),
  /** NATS' lame duck mode. */
  NATS("nats", "NATS lame duck"),
  /** Phoenix' drainer. */
  PHOENIX("phoenix", "Phoenix drainer"),
  /** HAProxy's close-spread-time. */
  HAPROXY("haproxy", "HAProxy spread"),
  /** SIGTERM, upon which Netty closes all channels. */
  STOP("stop", "stop()"),
  /** The same after a sleep, as a preStop hook sleeps. */
  SLEEP("sleep", "preStop sleep, stop()"),
  /** SIGKILL. */
  KILL("kill", "SIGKILL");

  final String option;
  final String title;

  Way(String option, String title) {
    this.option = option;
    this.title = title;
  }

  /** Whether the pod lets its clients go itself, while it goes on. */
  boolean letsGo() {
    return compareTo(STOP) < 0;
  }

  static Way of(String option) {
    for (Way way : values()) {
      if (way.option.equals(option)) {
        return way;
      }
    }
    throw new IllegalArgumentException(
        option
            + " (expected: of "
            + Arrays.stream(values()).map(way -> way.option).collect(Collectors.joining(", "))
            + ")");
  }
}
