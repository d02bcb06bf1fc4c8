package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.lab.results.CrowdReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code probe}: a crowd of clients that measures what they feel. */
@Command(
    name = "probe",
    description =
        "Connects a crowd of Socket.IO clients to a server that speaks the sample's events,"
            + " and counts what they feel: moves, gaps, messages missing, duplicated or reordered,"
            + " acknowledgements, latencies. Ctrl-C ends it early, with its report.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:it ran, whatever it measured",
      " 1:nobody could connect, or the report could not be written",
      " 2:wrong arguments",
      "130:ended by Ctrl-C, after its report"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ProbeCommand implements Callable<Integer> {
  private static final long PROGRESS_MS = 1_000;

  /** Longer than the end of a crowd and its report take. */
  private static final long REPORT_MS = 15_000;

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Parameters(paramLabel = "URL", description = "The server: http://host[:port]")
  private String url;

  @Option(
      names = {"-c", "--clients"},
      paramLabel = "KIND=N",
      split = ",",
      description =
          "How many of each kind: java-websocket, java-polling, java-upgrade, java-aware (together"
              + " at most "
              + CrowdPlan.MOST_JAVA
              + "), lean-websocket, lean-polling, lean-recovering, lean-recovering-upgrade,"
              + " lean-recovering-polling, lean-aware (together at most "
              + CrowdPlan.MOST_LEAN
              + "); the recovering ones are stock clients with connection state recovery, the aware"
              + " ones know the reconnect hint. Default: 8 of each java kind")
  private @Nullable Map<String, String> clients;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "60s",
      description = "How long it measures, at most 30m. Default: ${DEFAULT-VALUE}")
  private Duration duration;

  @Option(
      names = "--up-ms",
      paramLabel = "MS",
      defaultValue = "500",
      description = "Between two numbers up of each client, 10 to 60000. Default: ${DEFAULT-VALUE}")
  private int upMs;

  @Mixin private CrowdOptions options = new CrowdOptions(Duration.ZERO);

  @Option(
      names = "--from",
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "Addresses of this machine that clients come from, in turn, such as 127.0.0.2. Default:"
              + " the system's choice")
  private @Nullable List<String> from;

  @Option(
      names = "--ramp",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "1s",
      description = "How long it takes to start all clients. Default: ${DEFAULT-VALUE}")
  private Duration ramp;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Where the whole report is written, a ledger for each client. '-': on standard output, in"
              + " one line in place of the table, after a line of progress each second")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    CrowdPlan plan = plan();
    checkWritable();
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch reported = new CountDownLatch(1);
    Thread interrupt = new Thread(() -> endAndWait(ended, reported), "probe-interrupt");
    Crowd crowd = start(plan);
    Runtime.getRuntime().addShutdownHook(interrupt);
    try {
      watch(crowd, ended);
      return report(crowd.stop());
    } finally {
      reported.countDown();
    }
  }

  private static void endAndWait(CountDownLatch ended, CountDownLatch reported) {
    ended.countDown();
    try {
      if (!reported.await(REPORT_MS, TimeUnit.MILLISECONDS)) {
        System.err.println("probe: no report within " + REPORT_MS + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- arguments

  private CrowdPlan plan() {
    try {
      CrowdPlan plan =
          CrowdPlan.defaults(Arguments.server(url))
              .withFeedMs(options.feedMs())
              .withUpMs(upMs)
              .withOrderEvery(options.orderEvery())
              .withRamp(ramp)
              .withMost(duration)
              .withSources(Arguments.sources(from))
              .withSeed(options.seed());
      return clients == null ? plan : plan.withClients(Arguments.counts(clients));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), Arguments.asTyped(String.valueOf(e.getMessage())), e);
    }
  }

  /** An error now is better than one after half an hour. */
  private void checkWritable() {
    if (json == null || asLines()) {
      return;
    }
    Path folder = json.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(json) || !Files.isWritable(folder)) {
      throw new ParameterException(
          spec.commandLine(), "--json: " + json + " (expected: a file that can be written)");
    }
  }

  /** For a program that reads the output as it comes, such as one that follows the log of a pod. */
  private boolean asLines() {
    return json != null && json.toString().equals("-");
  }

  private Crowd start(CrowdPlan plan) {
    try {
      return Crowd.start(plan);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  // ---------------------------------------------------------------- running

  private void watch(Crowd crowd, CountDownLatch ended) throws InterruptedException {
    boolean terminal = Terminal.here();
    long end = System.nanoTime() + duration.toNanos();
    long left = duration.toNanos();
    while (left > 0
        && !ended.await(
            Math.min(left, TimeUnit.MILLISECONDS.toNanos(PROGRESS_MS)), TimeUnit.NANOSECONDS)) {
      left = end - System.nanoTime();
      if (asLines()) {
        line(crowd.progress());
      } else if (terminal) {
        System.err.print("\r" + CrowdTable.line(crowd.progress()) + "\u001b[K");
        System.err.flush();
      }
    }
    if (terminal) {
      System.err.print("\r\u001b[K");
    }
  }

  private void line(Record what) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(CrowdJson.line(what));
    out.flush();
  }

  private int report(CrowdReport report) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (report.clients().stream().allMatch(each -> each.stays().isEmpty())) {
      err.println("probe: none of " + report.clients().size() + " clients could connect to " + url);
      return 1;
    }
    if (asLines()) {
      line(report);
      return 0;
    }
    CrowdTable.of(report).forEach(out::println);
    out.flush();
    if (json != null) {
      try {
        CrowdJson.write(json, report);
      } catch (IOException e) {
        err.println("--json: " + json + " could not be written: " + e.getMessage());
        return 1;
      }
    }
    return 0;
  }
}
