package io.gracefuldrain.signal;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@link SignalApp} that runs, with its output so far. */
final class AppProcess implements AutoCloseable {
  private final JvmProcess process;

  private AppProcess(JvmProcess process) {
    this.process = process;
  }

  /** How it is to be started. */
  static final class Builder {
    private final JvmProcess.Builder process =
        JvmProcess.of(SignalApp.class)
            .jvm("-Xmx64m")
            .jvm("-Dlogback.configurationFile=io/gracefuldrain/signal/app-logback.xml");
    private final Map<String, String> settings = new HashMap<>();

    /** A setting of the drain's policy, as {@code DRAIN_MOVE_WINDOW=10s}. */
    Builder with(String... changed) {
      for (String setting : changed) {
        int equals = setting.indexOf('=');
        settings.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
      return this;
    }

    Builder jvm(String option) {
      process.jvm(option);
      return this;
    }

    /** Started by a parent that has a signal ignored. */
    Builder ignoring(String signal) {
      process.ignoring(signal);
      return this;
    }

    /** Starts it, and returns when it is ready. */
    AppProcess start(String... options) throws IOException, InterruptedException {
      AppProcess app = new AppProcess(process.environment(settings).start(options));
      app.awaitLine("READY");
      return app;
    }
  }

  /**
   * A drain of 100 ms when nobody is there, and no termination log. All that is not used has time
   * enough for a busy machine: the settle grace, and 10 s for stopping.
   */
  static Builder quick() {
    return new Builder()
        .with("DRAIN_POD=a", "DRAIN_READINESS_DELAY_MIN=0s", "DRAIN_READINESS_DELAY_MAX=100ms")
        .with("DRAIN_MOVE_WINDOW=500ms", "DRAIN_SETTLE_GRACE=5s", "DRAIN_STOP_MARGIN=10s")
        .with("DRAIN_GRACE_PERIOD=60s", "DRAIN_TERMINATION_LOG=");
  }

  /** The same; with the option {@code holds}, its drain goes on until the command {@code go}. */
  static Builder held() {
    return quick().with("DRAIN_SETTLE_GRACE=40s");
  }

  /** Sends a signal, and returns when it was sent, in nanoseconds. */
  long signal(String name) throws IOException, InterruptedException {
    return process.signal(name);
  }

  /**
   * Sends a signal again and again, more than a second apart, until a line comes that has this in
   * it.
   */
  void signalUntil(String name, String part) throws IOException, InterruptedException {
    do {
      signal(name);
    } while (!process.says(part, Duration.ofMillis(1_500)));
  }

  /** Sends a command, and returns when it was obeyed. */
  void command(String command) throws IOException {
    String obeyed = "OBEYED " + command;
    int before = lines(obeyed).size(); // it may have been given before
    send(command);
    Await.until(obeyed, JvmProcess.PATIENCE, () -> lines(obeyed).size() > before);
  }

  /** Sends a command. */
  void send(String command) throws IOException {
    process.send(command);
  }

  /** Waits for a line that has this in it. */
  String awaitLine(String part) throws InterruptedException {
    return process.awaitLine(part);
  }

  /** Waits for the end, and returns the exit code. */
  int awaitExit() throws InterruptedException {
    return process.awaitExit(JvmProcess.PATIENCE);
  }

  /** Its output so far. */
  List<String> lines() {
    return process.lines();
  }

  /** The lines that have this in them. */
  List<String> lines(String part) {
    return process.lines(part);
  }

  /** The receipts' lines. */
  List<String> receipts() {
    return lines("\"code\":\"DRAIN-009\"");
  }

  @Override
  public void close() {
    process.close();
  }
}
