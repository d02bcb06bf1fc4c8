package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.process.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process whose output is read while it runs, on a thread that ends with it. Thread-safe. */
final class FollowedProcess implements AutoCloseable {
  /** Reads all output. */
  private interface Reader {
    void read(InputStream output) throws IOException;
  }

  private final String name;
  private final Process process;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  private FollowedProcess(String name, List<String> command, Reader reader) {
    this.name = name;
    try {
      this.process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new LabFailure("'" + command.get(0) + "' cannot be run", e);
    }
    this.thread = DaemonThreads.named("verify-" + name).newThread(() -> follow(reader));
  }

  /** Follows lines. */
  static FollowedProcess ofLines(String name, List<String> command, Consumer<String> lines) {
    return new FollowedProcess(
            name,
            command,
            output -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines);
              }
            })
        .start();
  }

  /** Follows JSON objects, one after the other. */
  static FollowedProcess ofObjects(String name, List<String> command, Consumer<JsonNode> objects) {
    return new FollowedProcess(
            name,
            command,
            output -> {
              try (MappingIterator<JsonNode> all =
                  Kubectl.JSON.readerFor(JsonNode.class).readValues(output)) {
                while (all.hasNextValue()) {
                  objects.accept(all.nextValue());
                }
              }
            })
        .start();
  }

  private FollowedProcess start() {
    thread.start();
    return this;
  }

  private void follow(Reader reader) {
    try {
      reader.read(process.getInputStream());
    } catch (IOException | UncheckedIOException e) {
      failure = closed ? null : e; // reading fails when the process is ended on purpose
    } catch (RuntimeException e) {
      failure = e;
      process.destroy(); // nobody reads the rest
    }
  }

  /**
   * Throws if the output could not be read.
   *
   * @param endless whether its end is a failure too
   */
  void check(boolean endless) {
    if (failure != null) {
      throw new LabFailure("what " + name + " says cannot be read", failure);
    }
    if (endless && !closed && !thread.isAlive()) {
      throw new LabFailure(name + " has ended (expected: to go on)");
    }
  }

  /** Waits until all has been read; false if that has not come. */
  boolean await(Duration most) throws InterruptedException {
    thread.join(most.toMillis());
    check(false);
    return !thread.isAlive();
  }

  @Override
  public void close() {
    closed = true;
    process.destroy();
  }
}
