package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.lab.LabFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Calls kubectl, in one namespace. Each call is a process. */
final class Kubectl {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final int SHOWN = 300;

  private final List<String> prefix;

  private Kubectl(List<String> prefix) {
    this.prefix = prefix;
  }

  /** For objects outside of namespaces. */
  static Kubectl ofCluster() {
    return new Kubectl(List.of("kubectl"));
  }

  static Kubectl in(String namespace) {
    return new Kubectl(List.of("kubectl", "--namespace", namespace));
  }

  /**
   * How a process ended.
   *
   * @param exitCode -1 if it did not end in time
   */
  record Result(int exitCode, String out, String err) {
    boolean good() {
      return exitCode == 0;
    }

    /** Its error output, short enough for one line. */
    String complaint() {
      String text = (err.isBlank() ? out : err).strip().replaceAll("\\s*\\R\\s*", "; ");
      return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
  }

  /** Runs kubectl and returns its output. */
  String run(String... arguments) throws InterruptedException {
    return run(USUAL, arguments);
  }

  String run(Duration most, String... arguments) throws InterruptedException {
    return good(arguments, attempt(most, "", arguments)).out();
  }

  /** Runs kubectl with this input. */
  void feed(String input, String... arguments) throws InterruptedException {
    Result result = attempt(USUAL, input, arguments);
    good(arguments, result);
  }

  JsonNode json(String... arguments) throws InterruptedException {
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("-o", "json")).toArray(String[]::new);
    try {
      return JSON.readTree(run(all));
    } catch (JsonProcessingException e) {
      throw new LabFailure(words(all) + " (expected: JSON)", e);
    }
  }

  /** Runs kubectl and returns how it ended; a failure is no exception. */
  Result attempt(Duration most, String input, String... arguments) throws InterruptedException {
    return process(command(arguments), most, input);
  }

  private Result good(String[] arguments, Result result) {
    if (result.exitCode() == -1) {
      throw new LabFailure(words(arguments) + " has not ended in time");
    }
    if (!result.good()) {
      throw new LabFailure(words(arguments) + ": " + result.complaint());
    }
    return result;
  }

  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(arguments));
    return command;
  }

  private static String words(String... arguments) {
    return "kubectl " + String.join(" ", arguments);
  }

  /** Runs any command. Its output goes to files, so nothing has to be read while it runs. */
  static Result process(List<String> command, Duration most, String input)
      throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("verify");
      Path in = Files.writeString(folder.resolve("in"), input);
      Path out = folder.resolve("out");
      Path err = folder.resolve("err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = false;
        try {
          ended = process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
          if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
          }
        }
        return new Result(ended ? process.exitValue() : -1, text(out), text(err));
      } finally {
        for (Path each : List.of(in, out, err, folder)) {
          Files.deleteIfExists(each);
        }
      }
    } catch (IOException e) {
      throw new LabFailure("'" + command.get(0) + "' cannot be run", e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
