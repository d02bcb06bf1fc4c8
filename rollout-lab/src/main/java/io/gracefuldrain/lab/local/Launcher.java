package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.process.JavaProgram;
import io.gracefuldrain.lab.report.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Starts pods, each in its own JVM: this program again, or the application on Spring Boot, which is
 * a file to the lab.
 */
final class Launcher {
  /**
   * Longer than the longest work of the sample, an order of five seconds; the same as in
   * deploy/graceful.
   */
  private static final String SETTLE_GRACE = "7s";

  /** The setting that switches the hand-over of sessions off. */
  private static final String HAND_OVER = "DRAIN_HANDOVER";

  private final String ticketKey = randomKey();
  private final Class<?> main;
  private final Path springJar;
  private final boolean sticky;

  /**
   * @param main the main class, whose {@code serve} is run
   * @param springJar the runnable jar of the application on Spring Boot
   * @param sticky whether pods that drain are told the cookie that leads to them
   */
  Launcher(Class<?> main, Path springJar, boolean sticky) {
    this.main = main;
    this.springJar = springJar;
    this.sticky = sticky;
  }

  private static String randomKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Whether the pods of a strategy hand sessions over. */
  static boolean handsOver(Strategy strategy) {
    return strategy == Strategy.GRACEFUL && !"off".equals(System.getenv(HAND_OVER));
  }

  /** Starts the container of a pod; both of its output streams are joined. */
  Process start(PodSpec pod) {
    ProcessBuilder builder = new ProcessBuilder(command(pod)).redirectErrorStream(true);
    builder.environment().putAll(environment(pod));
    if (pod.strategy().drains()) {
      builder.environment().putIfAbsent("DRAIN_SETTLE_GRACE", SETTLE_GRACE);
      if (sticky) {
        builder.environment().putIfAbsent("DRAIN_AFFINITY_COOKIE", Service.COOKIE);
      }
    }
    if (handsOver(pod.strategy())) {
      Map<String, String> environment = builder.environment();
      environment.putIfAbsent("DRAIN_TICKET_KEY", ticketKey);
      environment.putIfAbsent("DRAIN_POD_IP", "127.0.0.1");
      environment.putIfAbsent("DRAIN_PEERS", "127.0.0.0/8");
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabFailure("pod " + pod.name() + " cannot be started", e);
    }
  }

  private List<String> command(PodSpec pod) {
    if (pod.strategy() == Strategy.SPRING) {
      return JavaProgram.command(
          springJar,
          List.of(
              "--drain.socketio.port=" + pod.port(),
              "--drain.http.port=" + pod.managementPort(),
              "--chat.feed-ms=" + pod.feedMs()));
    }
    List<String> arguments = new ArrayList<>(List.of("serve", "--ledger"));
    arguments.addAll(List.of("-n", pod.name()));
    arguments.addAll(List.of("-p", String.valueOf(pod.port())));
    arguments.addAll(List.of("-m", String.valueOf(pod.managementPort())));
    if (!pod.strategy().drains()) {
      arguments.add("--plain");
    }
    return JavaProgram.command(main, arguments);
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
