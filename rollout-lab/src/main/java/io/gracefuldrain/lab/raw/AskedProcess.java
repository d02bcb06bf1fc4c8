package io.gracefuldrain.lab.raw;

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

/**
 * A server in a process of its own that answers questions, line by line: questions on its input,
 * answers on its output behind {@link #ANSWER}, among log lines. It ends when its input ends. Every
 * question has a bound. Thread-safe; answers come in the order of what they answer.
 */
public final class AskedProcess implements AutoCloseable {
  /** What answers begin with. */
  public static final String ANSWER = "answer: ";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final OnExit end;
  // Filled only by answers to questions of this process.
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private AskedProcess(Process process) {
    this.process = process;
    this.end = new OnExit("asked-process-end", process::destroyForcibly);
    DaemonThreads.named("asked-process-output").newThread(this::read).start();
  }

  /**
   * Starts a server that may have tens of thousands of connections: in a JVM with a heap of 1 GB
   * and all its compilers.
   *
   * @param main the class with the main method
   * @param options more of the JVM's
   * @param settings as in its environment
   */
  public static AskedProcess start(
      Class<?> main, List<String> options, List<String> arguments, Map<String, String> settings)
      throws IOException {
    List<String> command = new ArrayList<>(JavaProgram.command(main, arguments));
    command.removeIf(word -> word.startsWith("-X")); // those of small programs
    command.addAll(1, List.of("-Xmx1g", "-XX:+UseSerialGC"));
    command.addAll(3, options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("DRAIN_"));
    builder.environment().putAll(settings);
    return new AskedProcess(builder.start());
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(line.substring(ANSWER.length()));
        }
      }
    } catch (IOException e) {
      answers.clear(); // it was ended: whoever asks has no answer
    }
  }

  /** Asks without waiting for the answer. */
  public void tell(String question) throws IOException {
    Writer questions = process.outputWriter(StandardCharsets.UTF_8);
    questions.write(question + "\n");
    questions.flush();
  }

  /** Asks, and waits for the answer. */
  public String ask(String question) throws IOException, InterruptedException {
    tell(question);
    return answer(PATIENCE);
  }

  /** The next answer. */
  public String answer(Duration within) throws InterruptedException {
    String answer = answers.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw new CannotStart(
          "server: no answer (expected: one within " + within.toSeconds() + " s)");
    }
    return answer;
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // Process.destroy() would close its output
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
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
