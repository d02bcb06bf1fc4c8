package io.gracefuldrain.benchmarks.crowd;

import io.gracefuldrain.lab.options.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code crowd}: moves crowds in all ways, and says what came out. */
@Command(
    name = "crowd",
    sortOptions = false,
    description = {
      "Moves a crowd of raw WebSocket clients from one pod to another, in our way and in those of"
          + " others: two processes, and the crowd in this one. Each client needs a file in the"
          + " crowd and one in a pod: see 'ulimit -n'.",
      "With --plot it moves nobody, and draws what a run has written."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CrowdCommand implements Callable<Integer> {
  private static final int WARM_UPS = 2;
  private static final Duration WARM_UP_WINDOW = Duration.ofSeconds(3);

  @Spec private CommandSpec spec;

  @Option(
      names = "--sizes",
      paramLabel = "N,N",
      split = ",",
      defaultValue = "1000,5000,10000,18000",
      description = "How many clients move, 10 to 25000 each. Default: ${DEFAULT-VALUE}")
  private List<Integer> sizes;

  @Option(
      names = "--ways",
      paramLabel = "WAY,WAY",
      split = ",",
      defaultValue = "ours,nats,phoenix,haproxy,stop,sleep,kill",
      description = "In which ways. Default: ${DEFAULT-VALUE}")
  private List<String> ways;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each, at most 20. Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long a pod has, 2 to 60. Default: ${DEFAULT-VALUE}")
  private int window;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "6000",
      description =
          "How many clients move twice before, within 3 s; 0 for nobody. Default: ${DEFAULT-VALUE}")
  private int warmUp;

  @Option(
      names = "--plays",
      paramLabel = "N",
      defaultValue = "50",
      description = "How often the floor is simulated, 1 to 1000. Default: ${DEFAULT-VALUE}")
  private int plays;

  @Option(
      names = "--uploading",
      description = "Each client sends a message every 100 ms; take smaller crowds")
  private boolean uploading;

  @Option(
      names = "--quick",
      description = "The same as --sizes 1000 --runs 1 --window 5 --warm-up 1000")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Also writes all figures there")
  private @Nullable Path json;

  @Option(
      names = "--plot",
      paramLabel = "FILE,FILE",
      split = ",",
      description = "Draws these results, the same run in parts")
  private @Nullable List<Path> plot;

  @Option(names = "--to", paramLabel = "FOLDER", description = "Where the drawings go")
  private @Nullable Path folder;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(names = "--help", usageHelp = true, description = "Says this")
  private boolean help;

  private final List<Floor> floors = new ArrayList<>();

  private CrowdCommand() {}

  /** Runs it; returns its exit code. */
  public static int run(String... args) {
    Locale.setDefault(Locale.ROOT);
    return new CommandLine(new CrowdCommand())
        .setExecutionExceptionHandler(
            (failure, line, result) -> {
              if (failure instanceof CannotStart) {
                line.getErr().println(failure.getMessage());
                return 1;
              }
              throw failure;
            })
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    if (plot != null) {
      draw(plot);
      return 0;
    }
    if (quick) {
      sizes = List.of(1_000);
      runs = 1;
      window = 5;
      warmUp = 1_000;
    }
    check();
    CrowdResults results = results(moveAll());
    if (json != null) {
      results.write(json);
    }
    System.out.println(new CrowdTable(results).text());
    return 0;
  }

  private void check() {
    sizes.forEach(size -> expect("--sizes", size, 10, 25_000));
    expect("--runs", runs, 1, 20);
    expect("--window", window, 2, 60);
    expect("--warm-up", warmUp, 0, 25_000);
    expect("--plays", plays, 1, 1_000);
    for (String way : ways) {
      try {
        Way.of(way);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--ways: " + e.getMessage(), e);
      }
    }
  }

  private void expect(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  /** Ways take turns, so that other work on the machine slows all of them. */
  private List<Found> moveAll() throws IOException, InterruptedException {
    List<Found> all = new ArrayList<>();
    for (int run = 1; run <= runs; run++) {
      for (String option : ways) {
        move(Way.of(option), run, all);
      }
    }
    return all;
  }

  private void move(Way way, int run, List<Found> all) throws IOException, InterruptedException {
    try (CrowdMove pods = CrowdMove.start(way)) {
      for (int i = 0; i < WARM_UPS && warmUp > 0; i++) {
        pods.warmUp(warmUp, WARM_UP_WINDOW);
      }
      for (int clients : sizes) {
        Found found = pods.move(clients, Duration.ofSeconds(window), every(), run);
        all.add(found);
        System.out.println(line(found));
        if (json != null) {
          results(all).write(json); // a long run that breaks off has said something
        }
      }
    }
  }

  private Duration every() {
    return uploading ? Duration.ofMillis(100) : Duration.ZERO;
  }

  private static String line(Found found) {
    return "%s, %s clients, run %s: %s moved, %s reset, %s failed connects, peak %s, away %s, p99 of"
            .formatted(
                found.way().title,
                found.clients(),
                found.run(),
                found.crowd().moved(),
                found.crowd().reset(),
                found.crowd().failedConnects(),
                found.arrivals().peakOverMean(),
                found.crowd().awayRatio().p50())
        + " echoes %s and %s ms, processor %s (coordinator %s) and %s us"
            .formatted(
                found.bystanders().before().p99(),
                found.bystanders().during().p99(),
                Math.round(found.cost().fromThreads()),
                Math.round(found.cost().coordinator()),
                Math.round(found.cost().toThreads()));
  }

  private CrowdResults results(List<Found> all) {
    if (floors.isEmpty()) {
      sizes.forEach(clients -> floors.add(Floor.of(clients, Duration.ofSeconds(window), plays)));
    }
    return new CrowdResults(
        LocalDate.now(ZoneOffset.UTC).toString(),
        "crowd " + String.join(" ", spec.commandLine().getParseResult().originalArgs()),
        Runtime.version().toString(),
        Runtime.getRuntime().availableProcessors(),
        Duration.ofSeconds(window).toMillis(),
        every().toMillis(),
        List.copyOf(floors),
        List.copyOf(all));
  }

  private void draw(List<Path> files) throws IOException {
    Path to = folder;
    if (to == null || !Files.isDirectory(to)) {
      throw new ParameterException(
          spec.commandLine(), "--to: " + to + " (expected: a folder, with --plot)");
    }
    List<CrowdResults> parts = new ArrayList<>();
    for (Path file : files) {
      parts.add(CrowdResults.read(file));
    }
    CrowdResults results = CrowdResults.joined(parts);
    CrowdPlots plots = new CrowdPlots(results);
    Files.writeString(to.resolve("crowd-arrivals.svg"), plots.arrivals());
    Files.writeString(to.resolve("crowd-peak.svg"), plots.peaks());
    Files.writeString(to.resolve("crowd-processor.svg"), plots.processor());
    System.out.println(new CrowdTable(results).text());
  }
}
