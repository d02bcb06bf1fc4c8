package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class JarIT {
  private static final Map<String, String> QUICK =
      Map.of("DRAIN_READINESS_DELAY_MIN", "0s", "DRAIN_READINESS_DELAY_MAX", "0s");
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void help_runnableJar_listsTheCommands() throws Exception {
    try (AppProcess app = AppProcess.runJar(AppProcess.JAR, Map.of(), "--help")) {
      assertThat(app.awaitExit(SOON)).isZero();
      assertThat(app.output()).contains("serve", "front", "drain");
    }
  }

  @Test
  void serve_runnableJar_servesItsPageAndDrainsByItsCommand() throws Exception {
    int[] ports = Ports.free(2);
    String serve = "serve -p " + ports[0] + " -m " + ports[1];
    try (AppProcess app = AppProcess.runJar(AppProcess.JAR, QUICK, serve)) {
      app.awaitOutput("java -jar " + AppProcess.JAR + " drain start --port " + ports[1]);
      assertThat(RawHttp.ask(ports[0], "GET /socket.io.min.js HTTP/1.1"))
          .startsWith("HTTP/1.1 200 OK");

      // The printed command, run in this JVM: the same program, without the wait for another JVM.
      Matcher printed = Pattern.compile("sample-app.jar (drain start .*)").matcher(app.output());
      assertThat(printed.find()).isTrue();
      assertThat(drain(printed.group(1))).contains("pod-" + ports[0]);
      assertThat(drain(printed.group(1).replace("start", "resume"))).contains("SERVING");

      app.terminate();
      assertThat(app.awaitExit(SOON)).isEqualTo(143);
    }
  }

  private static String drain(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        SampleApp.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.split(" ", -1));
    assertThat(exitCode).as("%s%s", out, err).isZero();
    return out.toString();
  }
}
