package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** kubectl, where it is at hand; its kustomize needs no cluster. */
final class Kubectl {
  private Kubectl() {}

  static void assumeAtHand() {
    boolean found;
    try {
      found = run(Files.createTempFile("kubectl", ".txt"), "version", "--client") == 0;
    } catch (IOException | InterruptedException e) {
      found = false;
    }
    assumeTrue(found, "kubectl is not at hand: what kustomize gives is not checked");
  }

  /** Returns the manifests that kustomize makes from a folder. */
  static String kustomize(Path folder) throws IOException, InterruptedException {
    Path output = Files.createTempFile("kustomize", ".yaml");
    int exitCode = run(output, "kustomize", folder.toString());
    String text = Files.readString(output);
    Files.delete(output);
    assertThat(exitCode).as(text).isZero();
    return text;
  }

  private static int run(Path output, String... arguments)
      throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "kubectl";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "kubectl: not done within 60 s: "
              + new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
    }
    return process.exitValue();
  }
}
