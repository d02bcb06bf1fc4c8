package io.gracefuldrain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeftBehindTest {
  /** Starts a second one of itself, and lasts a minute at most. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      if (arguments[0].equals("1")) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("java.class.path");
        new ProcessBuilder(java, "-cp", classPath, Parent.class.getName(), "0").start();
      }
      System.out.println("up");
      new CountDownLatch(1).await(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void program_andItsChildThatOutlivesIt_areOfThisRun() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/environ")), "there is no /proc");
    try (JvmProcess parent = JvmProcess.of(Parent.class).start("1")) {
      parent.awaitLine("up");
      List<ProcessHandle> child = parent.descendants();
      assertThat(child).hasSize(1);
      assertThat(LeftBehind.ofThisRun())
          .extracting(ProcessHandle::pid)
          .contains(child.get(0).pid())
          .hasSize(2);

      parent.kill();
      Await.until("the parent's end", JvmProcess.PATIENCE, () -> !parent.alive());

      assertThat(LeftBehind.ofThisRun()).isEqualTo(child);
      child.get(0).destroyForcibly();
      Await.until("the child's end", () -> LeftBehind.ofThisRun().isEmpty());
    }
  }
}
