package io.gracefuldrain.sample.handover;

import io.gracefuldrain.lab.report.PodLog;
import io.gracefuldrain.sample.AppProcess;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.ManagementClient;
import io.gracefuldrain.testing.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A pod of the sample in a JVM of its own, with the key that all pods of the tests share. */
final class KeyedPod implements AutoCloseable {
  static final String KEY = "a key of these tests of thirty-two characters or more";
  static final String OTHER_KEY = "another key of these tests which is as long as that one";

  private static final String ADMIN = "admin-of-these-tests";

  private final AppProcess process;
  private final String name;
  private final int port;
  private final int managementPort;

  private KeyedPod(AppProcess process, String name, int port, int managementPort) {
    this.process = process;
    this.name = name;
    this.port = port;
    this.managementPort = managementPort;
  }

  /** How a pod is started. */
  static final class Plan {
    private final String name;
    private final int[] ports = Ports.free(2);
    private final Map<String, String> environment = new HashMap<>();

    Plan(String name) {
      this.name = name;
      // A busy machine may take longer than 800 ms for what takes some milliseconds.
      environment.put("DRAIN_HANDOVER_TIMEOUT", "10s");
      environment.putAll(
          Map.of(
              "DRAIN_TICKET_KEY", KEY,
              "DRAIN_POD_IP", "127.0.0.1",
              "DRAIN_PEERS", "127.0.0.0/8",
              "DRAIN_ADMIN_TOKEN", ADMIN,
              "DRAIN_TERMINATION_LOG", "",
              "DRAIN_READINESS_DELAY_MIN", "0s",
              "DRAIN_READINESS_DELAY_MAX", "0s",
              "DRAIN_HINT_GRACE", "1s",
              "DRAIN_MOVE_WINDOW", "1s",
              "DRAIN_SETTLE_GRACE", "20s"));
    }

    Plan with(String setting, String value) {
      environment.put(setting, value);
      return this;
    }

    /** Its tokens lead to this port in place of its own. */
    Plan asked(int port) {
      return with("DRAIN_HANDOVER_PORT", String.valueOf(port));
    }

    int managementPort() {
      return ports[1];
    }

    /** Starts it; it serves when this returns. */
    KeyedPod start() throws IOException {
      return begin().awaitServing();
    }

    /** Starts it. */
    KeyedPod begin() throws IOException {
      AppProcess process =
          AppProcess.run(
              environment,
              "serve --ledger -n " + name + " -p " + ports[0] + " -m " + managementPort());
      return new KeyedPod(process, name, ports[0], managementPort());
    }
  }

  KeyedPod awaitServing() {
    process.awaitOutput("management  ");
    return this;
  }

  int port() {
    return port;
  }

  /** Begins a drain, and does not wait for its end. */
  void drain() throws IOException {
    ask("POST", 202);
  }

  /** Takes the drain back. */
  void recall() throws IOException {
    ask("DELETE", 200);
  }

  private void ask(String method, int expected) throws IOException {
    try (ManagementClient management = new ManagementClient(managementPort, ADMIN)) {
      int status = management.admin(method, "/drain").status();
      if (status != expected) {
        throw new AssertionError(method + " /drain at " + name + ": " + status + "\n" + output());
      }
    }
  }

  /** The lines of its metrics that have this in them. */
  List<String> metrics(String part) throws IOException {
    try (ManagementClient management = new ManagementClient(managementPort, ADMIN)) {
      return management.get("/metrics").body().lines().filter(each -> each.contains(part)).toList();
    }
  }

  void terminate() {
    process.terminate();
  }

  void kill() {
    process.kill();
  }

  void signal(String name) throws IOException, InterruptedException {
    process.signal(name);
  }

  boolean alive() {
    return process.alive();
  }

  /** Ends it, and reads what it has written. */
  PodLog end() throws InterruptedException {
    process.terminate();
    int exit = process.awaitExit(Duration.ofSeconds(60));
    if (exit != 143) {
      throw new AssertionError(name + " exited with " + exit + "\n" + output());
    }
    return log();
  }

  /** What it has written so far. */
  PodLog log() {
    PodLog log = new PodLog();
    output().lines().forEach(line -> log.read(line, 0));
    return log;
  }

  /** Waits for its receipt. */
  void awaitReceipt() {
    Await.until(
        "the receipt of " + name, Duration.ofSeconds(60), () -> !log().receipts().isEmpty());
  }

  String output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }
}
