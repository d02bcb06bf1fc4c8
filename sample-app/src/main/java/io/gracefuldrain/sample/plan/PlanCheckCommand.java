package io.gracefuldrain.sample.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.lab.raw.AskedProcess;
import io.gracefuldrain.lab.raw.RawCrowd;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plan-check}: the simulation beside a real drain. */
@Command(
    name = "plan-check",
    description = {
      "Moves a crowd of raw WebSocket clients from one real pod to another in one drain, and plays"
          + " the same in the simulation: two processes, and the crowd in this one.",
      "Each client needs a file in the crowd and one in a pod: see 'ulimit -n'."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class PlanCheckCommand implements Callable<Integer> {
  /** How long the crowd may take to connect, and then to come back after its last slot. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long a pod may take to start. */
  private static final Duration START = Duration.ofSeconds(20);

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many clients move, at most 25000. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "10s",
      description = "The move window, 1s to 5m. Default: ${DEFAULT-VALUE}")
  private Duration window;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many real drains, one after the other, at most 20. Default:" + " ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--plays",
      paramLabel = "N",
      defaultValue = "50",
      description =
          "How often each is simulated, with other random numbers, at most 1000. Default:"
              + " ${DEFAULT-VALUE}")
  private int plays;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes all figures and curves there")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    Options.expect(spec, "--clients", clients, 1, 25_000);
    Options.expect(spec, "--runs", runs, 1, 20);
    Options.expect(spec, "--plays", plays, 1, 1000);
    Options.expect(spec, "--window", window, Duration.ofSeconds(1), Duration.ofMinutes(5));
    Options.expectWritable(spec, "--json", json);
    Options.silence();
    PrintWriter out = spec.commandLine().getOut();
    List<Comparison> all = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      Comparison comparison = compare(run);
      all.add(comparison);
      out.println(CheckText.of(run, comparison));
      out.flush();
    }
    if (json != null) {
      Files.writeString(json, CheckText.json(clients, window, all));
    }
    return 0;
  }

  private Comparison compare(int run) throws IOException, InterruptedException {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    // The pods end first: whoever closes first has its ports held up for a minute.
    try (RawCrowd crowd = new RawCrowd(clients, run);
        AskedProcess from = server();
        AskedProcess to = server()) {
      int fromPort = Integer.parseInt(from.answer(START));
      int toPort = Integer.parseInt(to.answer(START));
      RawCrowd.Arriving arriving = crowd.connect(fromPort, PATIENCE);
      long usedFrom = processorNanos(from);
      long usedTo = processorNanos(to);
      crowd.turnTo(toPort);
      from.tell("drain");
      Sample real = Sample.of(crowd.moved(window.plus(PATIENCE)));
      JsonNode receipt = JSON.readTree(from.answer(PATIENCE));
      int forced = receipt.path("outcomes").path("FORCED").asInt();
      double micros = 1e3 * clients;
      return new Comparison(
          load,
          arriving.perSecond(),
          arriving.first().toMillis(),
          forced,
          (processorNanos(from) - usedFrom) / micros,
          (processorNanos(to) - usedTo) / micros,
          real,
          simulated(arriving));
    }
  }

  private AskedProcess server() throws IOException {
    Map<String, String> settings =
        Map.of("DRAIN_MOVE_WINDOW", window.toMillis() + "ms", "DRAIN_READINESS_DELAY_MAX", "2s");
    return AskedProcess.start(RealServer.class, List.of(), List.of(), settings);
  }

  private static long processorNanos(AskedProcess server) throws IOException, InterruptedException {
    return Long.parseLong(server.ask("cpu"));
  }

  private List<Sample> simulated(RawCrowd.Arriving arriving) {
    DrainPolicy policy = DrainPolicy.defaults().withReadinessDelayMax(Duration.ofSeconds(2));
    List<Sample> samples = new ArrayList<>();
    for (int seed = 1; seed <= plays; seed++) {
      Scenario scenario =
          new Scenario(
                  clients,
                  1,
                  1,
                  new Scenario.Mix(0, 0),
                  new Scenario.Speed(Math.max(1, arriving.perSecond()), arriving.first()),
                  0,
                  Duration.ofSeconds(1),
                  Duration.ZERO,
                  Duration.ZERO,
                  Duration.ZERO,
                  policy,
                  seed)
              .over(window);
      samples.add(Sample.of(Rollout.play(scenario)));
    }
    return samples;
  }
}
