package io.gracefuldrain.sample.plan;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.process.DaemonThreads;
import io.gracefuldrain.lab.process.JavaProgram;
import io.gracefuldrain.lab.process.OnExit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link RealServer}, seen from the process that started it. Every question has a bound. */
final class RealPod implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final OnExit end;
  // Filled only by answers to questions of this process.
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final int port;

  private RealPod(Process process) throws InterruptedException {
    this.process = process;
    this.end = new OnExit("plan-pod-end", process::destroyForcibly);
    DaemonThreads.named("plan-pod-output").newThread(this::read).start();
    this.port = Integer.parseInt(answer(PATIENCE));
  }

  /**
   * Starts a server.
   *
   * @param settings as in its environment
   */
  static RealPod start(Map<String, String> settings) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(JavaProgram.command(RealServer.class, List.of()));
    // The lab's pods are small; this one has tens of thousands of connections.
    command.removeIf(word -> word.startsWith("-X"));
    command.addAll(1, List.of("-Xmx1g", "-XX:+UseSerialGC"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("DRAIN_"));
    builder.environment().putAll(settings);
    return new RealPod(builder.start());
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(RealServer.ANSWER)) { // the others are log lines
          answers.add(line.substring(RealServer.ANSWER.length()));
        }
      }
    } catch (IOException e) {
      answers.clear(); // it was ended: whoever asks has no answer
    }
  }

  private String answer(Duration within) throws InterruptedException {
    String answer = answers.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw new CannotStart(
          "server: no answer (expected: one within " + within.toSeconds() + " s)");
    }
    return answer;
  }

  int port() {
    return port;
  }

  /** The processor time that it has used, in nanoseconds. */
  long processorNanos() throws IOException, InterruptedException {
    ask("cpu");
    return Long.parseLong(answer(PATIENCE));
  }

  /** Begins its drain; {@link #receipt} has the result. */
  void drain() throws IOException {
    ask("drain");
  }

  /** The receipt of its drain. */
  String receipt(Duration within) throws InterruptedException {
    return answer(within);
  }

  private void ask(String question) throws IOException {
    Writer questions = process.outputWriter(StandardCharsets.UTF_8);
    questions.write(question + "\n");
    questions.flush();
  }

  @Override
  public void close() {
    end.close();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new CannotStart("server: still there (expected: gone once it is killed)");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
