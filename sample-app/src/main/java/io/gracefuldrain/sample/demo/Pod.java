package io.gracefuldrain.sample.demo;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.process.JavaProgram;
import io.gracefuldrain.lab.process.PodProcess;
import io.gracefuldrain.sample.front.PodAddress;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/** One pod of the demo: the sample, in its own JVM. Thread-safe. */
final class Pod implements AutoCloseable {
  static final String ENDED = "ENDED";

  /** Quick enough for a rollout to be watched to its end. */
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "1s",
          "DRAIN_READINESS_DELAY_MAX", "1s",
          "DRAIN_MOVE_WINDOW", "6s",
          // Half of the window: JVMs that start may delay a new pod's answers.
          "DRAIN_HINT_GRACE", "3s",
          // Longer than the sample's longest work, an order of five seconds.
          "DRAIN_SETTLE_GRACE", "7s",
          // All pods are on this machine, so sessions are handed over from one of its ports.
          "DRAIN_POD_IP", "127.0.0.1",
          "DRAIN_PEERS", "127.0.0.0/8",
          "DRAIN_TICKET_KEY", randomKey());

  private static String randomKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private final String name;
  private final String generation;
  private final PodAddress address;
  private final PodProcess container;
  private volatile String phase = "STARTING";
  private volatile boolean told;

  private Pod(
      String name,
      String generation,
      PodAddress address,
      Process process,
      BiConsumer<Pod, String> output,
      ObjIntConsumer<Pod> exited) {
    this.name = name;
    this.generation = generation;
    this.address = address;
    this.container =
        new PodProcess(
            name,
            process,
            (line, at) -> output.accept(this, line),
            exitCode -> {
              phase = ENDED;
              exited.accept(this, exitCode);
            });
  }

  /**
   * Starts a pod. Settings of the drain in this process' environment are handed on and win.
   *
   * @param extra more environment variables for it
   * @param output told each line that it writes
   * @param exited told when it has ended, with its exit code
   */
  static Pod launch(
      Class<?> main,
      String name,
      String generation,
      PodAddress address,
      Map<String, String> extra,
      BiConsumer<Pod, String> output,
      ObjIntConsumer<Pod> exited) {
    List<String> arguments =
        List.of(
            "serve",
            "-n",
            name,
            "-p",
            String.valueOf(address.port()),
            "-m",
            String.valueOf(address.managementPort()));
    ProcessBuilder builder =
        new ProcessBuilder(JavaProgram.command(main, arguments)).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    QUICK.forEach(environment::putIfAbsent);
    environment.put("DRAIN_GENERATION", generation);
    // The front looks at readiness; in Kubernetes the platform would withdraw the pod.
    environment.putIfAbsent("DRAIN_READINESS", "fail");
    environment.putIfAbsent("DRAIN_TERMINATION_LOG", "");
    environment.putAll(extra);
    try {
      Pod pod = new Pod(name, generation, address, builder.start(), output, exited);
      pod.container.start();
      return pod;
    } catch (IOException e) {
      throw new CannotStart("pod " + name + " cannot be started: " + e.getMessage());
    }
  }

  String name() {
    return name;
  }

  String generation() {
    return generation;
  }

  PodAddress address() {
    return address;
  }

  Status.PodState state() {
    return new Status.PodState(name, generation, phase, address.port());
  }

  void phase(String now) {
    phase = now;
  }

  boolean alive() {
    return container.alive();
  }

  /** Whether it was told to end. */
  boolean told() {
    return told;
  }

  /** Sends SIGTERM: it drains and ends. */
  void terminate() {
    told = true;
    container.terminate();
  }

  /** Waits for its end; false if it still runs. */
  boolean await(Duration most) throws InterruptedException {
    return container.await(most);
  }

  /** The last line it wrote: why it ended. */
  String lastWords() throws InterruptedException {
    container.awaitOutput();
    String lines = container.lastLines().strip();
    return lines.isEmpty()
        ? "it wrote nothing"
        : lines.substring(lines.lastIndexOf('\n') + 1).strip();
  }

  /** Kills it. */
  @Override
  public void close() {
    told = true;
    container.close();
  }
}
