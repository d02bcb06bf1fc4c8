package io.gracefuldrain.sample.demo;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.process.JavaProgram;
import io.gracefuldrain.lab.process.PodProcess;
import io.gracefuldrain.sample.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/** One pod of the demo: the sample, in a JVM of its own. Thread-safe. */
final class Pod implements AutoCloseable {
  static final String ENDED = "ENDED";

  /** So that a rollout can be watched to its end without patience. */
  private static final Map<String, String> QUICK =
      Map.of(
          "DRAIN_READINESS_DELAY_MIN", "1s",
          "DRAIN_READINESS_DELAY_MAX", "1s",
          "DRAIN_MOVE_WINDOW", "4s",
          // For two clients the slots need no time, but starting JVMs may keep a new pod from
          // answering.
          "DRAIN_HINT_GRACE", "3s",
          // Longer than the sample's longest work, an order of five seconds.
          "DRAIN_SETTLE_GRACE", "7s");

  private final String name;
  private final String generation;
  private final Target target;
  private final PodProcess container;
  private volatile String phase = "STARTING";
  private volatile boolean told;

  private Pod(
      String name,
      String generation,
      Target target,
      Process process,
      BiConsumer<Pod, String> output,
      ObjIntConsumer<Pod> exited) {
    this.name = name;
    this.generation = generation;
    this.target = target;
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
   * Starts one. Settings of the drain in this process' environment are handed on and win.
   *
   * @param extra environment variables that it gets besides
   * @param output told each line that it writes
   * @param exited told when it has ended, with its exit code
   */
  static Pod launch(
      Class<?> main,
      String name,
      String generation,
      Target target,
      Map<String, String> extra,
      BiConsumer<Pod, String> output,
      ObjIntConsumer<Pod> exited) {
    List<String> arguments =
        List.of(
            "serve",
            "-n",
            name,
            "-p",
            String.valueOf(target.port()),
            "-m",
            String.valueOf(target.managementPort()));
    ProcessBuilder builder =
        new ProcessBuilder(JavaProgram.command(main, arguments)).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    QUICK.forEach(environment::putIfAbsent);
    environment.put("DRAIN_GENERATION", generation);
    // The front goes by readiness; in Kubernetes the platform would withdraw the pod itself.
    environment.putIfAbsent("DRAIN_READINESS", "fail");
    environment.putIfAbsent("DRAIN_TERMINATION_LOG", "");
    environment.putAll(extra);
    try {
      Pod pod = new Pod(name, generation, target, builder.start(), output, exited);
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

  Target target() {
    return target;
  }

  Status.PodState state() {
    return new Status.PodState(name, generation, phase, target.port());
  }

  void phase(String now) {
    phase = now;
  }

  boolean alive() {
    return container.alive();
  }

  /** Whether its end was asked for. */
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

  /** Why it ended, in its own words: the last line it wrote. */
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
