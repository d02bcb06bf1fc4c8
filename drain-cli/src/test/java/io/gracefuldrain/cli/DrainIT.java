package io.gracefuldrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.CloseManner;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainableConnection;
import io.gracefuldrain.ReconnectHint;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Opened;
import io.gracefuldrain.testing.Ports;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The commands against a real management port. */
@Timeout(60)
class DrainIT {
  private static final DrainPolicy POLICY =
      DrainPolicy.defaults()
          .withPod("pod-1")
          .withAdminToken("secret")
          .withReadinessDelayMin(Duration.ZERO)
          .withReadinessDelayMax(Duration.ofMillis(300))
          .withHintGrace(Duration.ZERO)
          .withMoveWindow(Duration.ofMillis(200))
          .withReceipt(DrainPolicy.Receipt.LOG)
          .withTerminationLog("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Opened opened = new Opened();
  private DrainCoordinator coordinator;
  private int port;

  @BeforeEach
  void start() {
    coordinator = opened.add(DrainCoordinator.create(POLICY));
    port =
        opened
            .add(
                DrainHttpServer.start(
                    DrainEndpoints.of(coordinator),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .port();
  }

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  private int drain(String... arguments) {
    return new CommandLine(new Drain())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private int admin(String command, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--port", "" + port, "--token", "secret"));
    arguments.addAll(Arrays.asList(options));
    return drain(arguments.toArray(String[]::new));
  }

  private String local() {
    return "http://127.0.0.1:" + port;
  }

  @Test
  void status_serving_isOneLine() {
    coordinator.started();

    assertThat(drain("status", "--url", local() + "/")).isZero();
    assertThat(out.toString()).isEqualTo("pod-1 SERVING ready connections=0 work=0\n");
  }

  @Test
  void status_json_isTheReport() {
    coordinator.started();

    assertThat(drain("status", "--port", "" + port, "--json")).isZero();
    assertThat(out.toString()).isEqualTo(coordinator.report().toJson() + "\n");
  }

  @Test
  void startAndResume_byHand_showThePhase() {
    coordinator.started();

    assertThat(admin("start")).isZero();
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.UNREADY);
    assertThat(out.toString()).startsWith("pod-1 UNREADY not-ready epoch=1 reasons=MANUAL");

    assertThat(admin("resume", "--json")).isZero();
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
    assertThat(out.toString()).contains("\"phase\":\"SERVING\"");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void start_note_standsInTheStatus() {
    coordinator.started();

    assertThat(admin("start", "--note", "node 7 & 8: 50% \u00e4lter")).isZero();
    assertThat(coordinator.report().notes()).containsExactly("node 7 & 8: 50% \u00e4lter");

    assertThat(admin("start", "--note", "x".repeat(201))).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            local()
                + " refused (400): note: 201 characters (expected: 1 to 200 visible"
                + " characters)\n");
  }

  @Test
  void start_wait_showsTheReceipt() {
    coordinator.started();

    assertThat(admin("start", "--wait", "--within", "5s")).isZero();

    assertThat(out.toString()).startsWith("pod-1 DRAINED").endsWith("\n").containsOnlyOnce("\n");
    assertThat(coordinator.report().compressed()).isTrue();
  }

  @Test
  void start_waitTooLong_timesOutAndTheDrainGoesOn() {
    coordinator.started();
    coordinator.register(new Staying("c1"));

    assertThat(admin("start", "--wait", "--timeout", "300ms")).isEqualTo(4);

    assertThat(err.toString()).isEqualTo(local() + " did not answer within 300ms\n");
    assertThat(coordinator.phase().draining()).isTrue();
  }

  @Test
  void shed_countAndFraction_sayHowManyGo() {
    coordinator.started();
    for (int i = 0; i < 8; i++) {
      coordinator.register(new Staying("c" + i));
    }

    assertThat(admin("shed", "--count", "1", "--json")).isZero();
    assertThat(admin("shed", "--fraction", "0.25")).isZero();

    assertThat(out.toString().lines()).first().isEqualTo("{\"shedding\":1,\"connections\":8}");
    assertThat(out.toString()).contains("shedding ").endsWith(" of 8 connections\n");
  }

  @Test
  void resume_termination_isRefused() {
    coordinator.started();
    coordinator.drain(DrainReason.SIGTERM);

    assertThat(admin("resume")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            local()
                + " refused (409): resume: SIGTERM has asked for the drain (expected: nothing that"
                + " ends the process for certain)\n");
  }

  @Test
  void shed_notServing_isRefused() {
    assertThat(admin("shed", "--count", "1", "--json")).isEqualTo(1);
    assertThat(out.toString())
        .isEqualTo(
            "{\"error\":\""
                + local()
                + " refused (409): shed: the phase is STARTING (expected: SERVING)\"}\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void start_wrongToken_isRefused() {
    assertThat(drain("start", "--port", "" + port, "--token", "guess")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            local()
                + " refused (401): Authorization: a wrong token (expected: Bearer and the admin"
                + " token)\n");
  }

  @Test
  void status_otherServer_isRefused() {
    assertThat(drain("status", "--url", local() + "/elsewhere")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(local() + "/elsewhere refused (404): path: /elsewhere/drain (expected: one of");
  }

  @Test
  void status_nobodyListens_isNotReachable() {
    int free = Ports.free();

    assertThat(drain("status", "--port", "" + free)).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("http://127.0.0.1:" + free + " cannot be reached: ")
        .containsIgnoringCase("connection refused");
  }

  @Test
  void status_serverSaysNothing_timesOut() throws Exception {
    ServerSocket silent = opened.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));

    assertThat(drain("status", "--port", "" + silent.getLocalPort(), "--timeout", "200ms"))
        .isEqualTo(4);
    assertThat(err.toString()).endsWith("did not answer within 200ms\n");
  }

  @Test
  void status_bodyNeverEnds_timesOut() throws Exception {
    ServerSocket stalling = opened.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    CompletableFuture<Socket> accepted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                Socket socket = stalling.accept();
                socket
                    .getOutputStream()
                    .write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
                            .getBytes(StandardCharsets.US_ASCII));
                return socket;
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    assertThat(drain("status", "--port", "" + stalling.getLocalPort(), "--timeout", "500ms"))
        .isEqualTo(4);
    accepted.get(10, TimeUnit.SECONDS).close();
  }

  @Test
  void awaitStarted_startsLater_waits() throws Exception {
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(() -> drain("await-started", "--port", "" + port));
    assertThat(waiting).isNotDone();

    coordinator.started();

    assertThat(waiting.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString()).startsWith("started, after ").endsWith("ms\n");
  }

  @Test
  void awaitStarted_listensLater_waits() throws Exception {
    int free = Ports.free();
    CompletableFuture<Integer> waiting =
        CompletableFuture.supplyAsync(() -> drain("await-started", "--port", "" + free, "--json"));
    coordinator.started();

    opened.add(
        DrainHttpServer.start(
            DrainEndpoints.of(coordinator),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), free)));

    assertThat(waiting.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString()).startsWith("{\"started\":true,\"waitedMs\":");
  }

  @Test
  void awaitStarted_neverUp_timesOut() {
    assertThat(drain("await-started", "--port", "" + port, "--timeout", "2s")).isEqualTo(4);
    assertThat(err.toString())
        .isEqualTo("not started within 2s: " + local() + " refused (503): not started\n");
  }

  @Test
  void main_ownProcess_needsNothingButPicocli() throws Exception {
    coordinator.started();
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("picocli") || entry.endsWith(cliClasses()))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Drain.class.getName(),
                "start",
                "--port",
                "" + port));
    builder.environment().put("DRAIN_ADMIN_TOKEN", "secret");
    builder.redirectErrorStream(true);

    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();

      assertThat(output).startsWith("pod-1 UNREADY not-ready epoch=1");
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The place of this module's main classes: in the reactor, or its jar. */
  private static String cliClasses() {
    return new File(Drain.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .getName();
  }

  /**
   * A connection that stays. The tests of drain-core have one too, but other modules cannot use it.
   */
  private record Staying(String id) implements DrainableConnection {
    @Override
    public String transport() {
      return "websocket";
    }

    @Override
    public boolean aware() {
      return false;
    }

    @Override
    public void hint(ReconnectHint hint) {}

    @Override
    public void close(CloseManner manner, Duration within) {}
  }
}
