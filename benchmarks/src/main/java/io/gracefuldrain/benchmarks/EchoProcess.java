package io.gracefuldrain.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** An {@link EchoServer}, seen from the process that started it. Every question has a bound. */
final class EchoProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);
  private final int port;

  private EchoProcess(Process process) throws InterruptedException {
    this.process = process;
    Thread reader = new Thread(this::read, "echo-server-output");
    reader.setDaemon(true);
    reader.start();
    this.port = Integer.parseInt(answer());
  }

  static EchoProcess start(EchoKind kind) throws IOException, InterruptedException {
    return start(kind, 0, List.of());
  }

  /**
   * Starts a server.
   *
   * @param warmUpSeconds for how long it may warm up
   * @param under a command that runs another one, such as one that limits its processor
   */
  static EchoProcess start(EchoKind kind, int warmUpSeconds, List<String> under)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(under);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms256m",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            EchoServer.class.getName(),
            kind.name(),
            String.valueOf(warmUpSeconds)));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    try {
      return new EchoProcess(process);
    } catch (IllegalStateException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.put(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String answer() throws InterruptedException {
    String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IllegalStateException(
          "echo server: no answer (expected: one within " + PATIENCE_SECONDS + " s)");
    }
    return answer;
  }

  int port() {
    return port;
  }

  /** The CPU time that the server has used, in nanoseconds. */
  long cpuNanos() throws IOException, InterruptedException {
    return ask(EchoServer.Question.CPU);
  }

  /** What is on its heap. */
  long heapBytes() throws IOException, InterruptedException {
    return ask(EchoServer.Question.HEAP);
  }

  /** What its threads have allocated. */
  long allocatedBytes() throws IOException, InterruptedException {
    return ask(EchoServer.Question.ALLOCATED);
  }

  private long ask(EchoServer.Question question) throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "echo server: ended with " + process.exitValue() + " (expected: alive to the end)");
    }
    Writer questions = process.outputWriter(StandardCharsets.UTF_8);
    questions.write(question + "\n");
    questions.flush();
    return Long.parseLong(answer());
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
