package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.process.JavaProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts pods: this program again, in JVMs of their own. */
final class Launcher {
  /** Longer than the sample's longest work, an order of five seconds; as deploy/graceful has it. */
  private static final String SETTLE_GRACE = "7s";

  private final Class<?> main;

  /**
   * @param main the class whose {@code serve} is to be run
   */
  Launcher(Class<?> main) {
    this.main = main;
  }

  /** Starts a pod's container; both of its output streams are one. */
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
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabFailure("pod " + pod.name() + " cannot be started", e);
    }
  }

  /** What a manifest would say; settings of the drain in this environment are handed on. */
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
