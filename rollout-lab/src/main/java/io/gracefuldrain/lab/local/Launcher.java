package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.process.JavaProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts pods: this program again, each in its own JVM. */
final class Launcher {
  /**
   * Longer than the longest work of the sample, an order of five seconds; the same as in
   * deploy/graceful.
   */
  private static final String SETTLE_GRACE = "7s";

  private final Class<?> main;
  private final boolean sticky;

  /**
   * @param main the main class, whose {@code serve} is run
   * @param sticky whether pods that drain are told the cookie that leads to them
   */
  Launcher(Class<?> main, boolean sticky) {
    this.main = main;
    this.sticky = sticky;
  }

  /** Starts the container of a pod; both of its output streams are joined. */
  Process start(PodSpec pod) {
    List<String> arguments = new ArrayList<>(List.of("serve", "--ledger"));
    arguments.addAll(List.of("-n", pod.name()));
    arguments.addAll(List.of("-p", String.valueOf(pod.port())));
    arguments.addAll(List.of("-m", String.valueOf(pod.managementPort())));
    if (!pod.strategy().drains()) {
      arguments.add("--plain");
    }
    ProcessBuilder builder =
        new ProcessBuilder(JavaProgram.command(main, arguments)).redirectErrorStream(true);
    builder.environment().putAll(environment(pod));
    if (pod.strategy().drains()) {
      builder.environment().putIfAbsent("DRAIN_SETTLE_GRACE", SETTLE_GRACE);
      if (sticky) {
        builder.environment().putIfAbsent("DRAIN_AFFINITY_COOKIE", Service.COOKIE);
      }
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabFailure("pod " + pod.name() + " cannot be started", e);
    }
  }

  /**
   * The environment that a manifest would set; drain settings of this process are passed on as
   * well.
   */
  private static Map<String, String> environment(PodSpec pod) {
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        "127.0.0.1",
        "DRAIN_POD",
        pod.name(),
        "DRAIN_GENERATION",
        pod.generation(),
        "DRAIN_GRACE_PERIOD",
        pod.grace().toMillis() + "ms",
        "DRAIN_TERMINATION_LOG",
        "");
  }
}
