package io.gracefuldrain.sample.plan;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.HelpOption;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code plan}: which window, surge and grace period a rollout needs. */
@Command(
    name = "plan",
    description = {
      "For so many clients and pods: which move window, maxSurge, grace period and minReadySeconds?",
      "Plays rollouts in virtual time. What decides who goes when is the library itself; clients,"
          + " receivers, the Service and the Deployment are modelled (docs/planning.md).",
      "Ends with 0 when something can be recommended, with 1 when not."
    },
    footer = {"", "DRAIN_* settings in the environment are those of the pods."})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class PlanCommand implements Callable<Integer> {
  private static final Duration NONE = Duration.ZERO;

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = "--clients",
      paramLabel = "N",
      required = true,
      description = "How many clients are connected, at most 2000000")
  private int clients;

  @Option(
      names = "--pods",
      paramLabel = "N",
      required = true,
      description = "How many pods they are on, at most 1000")
  private int pods;

  @Option(
      names = "--receiver-rate",
      paramLabel = "N",
      required = true,
      description = "How many handshakes a second a pod takes, measured at your own")
  private int rate;

  @Option(
      names = "--receiver-first",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "500ms",
      description =
          "How long the first handshake takes in a new pod, at most 1m. Default:"
              + " ${DEFAULT-VALUE}, as measured with a processor of its own")
  private Duration first;

  @Option(
      names = "--receiver-stall",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "0s",
      description =
          "How long each new pod takes no handshake, four seconds after its first one, at most"
              + " 1m. Default: ${DEFAULT-VALUE}")
  private Duration stall;

  @Option(
      names = "--slow",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "How many of a hundred new pods are ten times as slow. Default:" + " ${DEFAULT-VALUE}")
  private int slow;

  @Option(
      names = "--aware",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "How many of a hundred clients know the reconnect hint. Default:" + " ${DEFAULT-VALUE}")
  private int aware;

  @Option(
      names = "--recovering",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "How many of a hundred are stock clients whose session is handed over. Default:"
              + " ${DEFAULT-VALUE}")
  private int recovering;

  @Option(
      names = "--surge",
      paramLabel = "N|PERCENT",
      split = ",",
      converter = Surge.Converter.class,
      defaultValue = "1,25%,100%",
      description = "The maxSurge to look at; maxUnavailable is 0. Default: 1,25%%,100%%")
  private List<Surge> surges;

  @Option(
      names = "--most-pods",
      paramLabel = "N",
      description =
          "How many pods fit into the cluster, with those that drain. Default: twice --pods")
  private @Nullable Integer mostPods;

  @Option(
      names = "--load",
      paramLabel = "PERCENT",
      defaultValue = "25",
      description =
          "How much of what a pod takes those that move may be, in its busiest five"
              + " seconds. Default: ${DEFAULT-VALUE}")
  private int load;

  @Option(
      names = "--connect",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "1s",
      description = "How long 99 of a hundred connects may take. Default: ${DEFAULT-VALUE}")
  private Duration connect;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description =
          "Looks at this move window alone, 1s to 1h. Default: the shortest that is long"
              + " enough, at least the pods' own")
  private @Nullable Duration window;

  @Option(
      names = "--start-up",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "10s",
      description = "From a pod's creation to its readiness, at most 1h. Default: ${DEFAULT-VALUE}")
  private Duration startUp;

  @Option(
      names = "--min-ready",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description =
          "The Deployment's minReadySeconds, at most 1h. Default: 0, or as long as a"
              + " drain where that is needed")
  private @Nullable Duration minReady;

  @Option(
      names = "--propagation",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "2s",
      description =
          "How long the Service takes to follow a change, at most 5m. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration propagation;

  @Option(
      names = "--round-trip",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "20ms",
      description = "Between a client and a pod, at most 5s. Default: ${DEFAULT-VALUE}")
  private Duration roundTrip;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random numbers. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Also writes all figures there")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    check();
    Options.silence();
    Goals goals = new Goals(load, connect, mostPods == null ? 2 * pods : mostPods);
    Planner planner = new Planner(goals, minReady == null);
    Scenario scenario = scenario();
    PrintWriter out = spec.commandLine().getOut();
    out.println(PlanText.head(scenario, goals));
    List<Planner.Choice> choices = new ArrayList<>();
    for (int surge : surges.stream().map(given -> given.of(pods)).distinct().toList()) {
      Scenario surging = scenario.surging(surge);
      Planner.Choice choice =
          window == null ? planner.find(surging) : planner.play(surging.over(window));
      choices.add(choice);
      out.println(PlanText.row(choice));
      out.flush();
    }
    PlanText text = new PlanText(goals, choices);
    out.println(text.answer());
    out.flush();
    if (json != null) {
      Files.writeString(json, PlanJson.of(choices));
    }
    return text.recommended().isPresent() ? 0 : 1;
  }

  private void check() {
    Options.expect(spec, "--clients", clients, 1, 2_000_000);
    Options.expect(spec, "--pods", pods, 1, 1000);
    Options.expect(spec, "--receiver-rate", rate, 1, 1_000_000);
    Options.expect(spec, "--receiver-first", first, NONE, Duration.ofMinutes(1));
    Options.expect(spec, "--receiver-stall", stall, NONE, Duration.ofMinutes(1));
    Options.expect(spec, "--slow", slow, 0, 100);
    Options.expect(spec, "--aware", aware, 0, 100);
    Options.expect(spec, "--recovering", recovering, 0, 100);
    Options.expect(spec, "--load", load, 1, 100);
    Options.expect(spec, "--connect", connect, Duration.ofMillis(1), Duration.ofSeconds(20));
    Options.expect(spec, "--start-up", startUp, NONE, Duration.ofHours(1));
    Options.expect(spec, "--propagation", propagation, NONE, Duration.ofMinutes(5));
    Options.expect(spec, "--round-trip", roundTrip, NONE, Duration.ofSeconds(5));
    if (minReady != null) {
      Options.expect(spec, "--min-ready", minReady, NONE, Duration.ofHours(1));
    }
    if (window != null) {
      Options.expect(spec, "--window", window, Duration.ofSeconds(1), Duration.ofHours(1));
    }
    if (mostPods != null) {
      Options.expect(spec, "--most-pods", mostPods, pods + 1, 2000);
    }
    Options.expectWritable(spec, "--json", json);
    if (aware + recovering > 100) {
      throw new ParameterException(
          spec.commandLine(),
          "--aware, --recovering: %s, %s (expected: together at most 100)"
              .formatted(aware, recovering));
    }
  }

  private Scenario scenario() {
    DrainPolicy policy;
    try {
      policy = DrainPolicy.fromEnvironment();
      // Its settings are compared with each other.
      (window == null ? policy : policy.withMoveWindow(window)).total();
    } catch (IllegalArgumentException e) {
      throw new CannotStart(e);
    }
    return new Scenario(
        clients,
        pods,
        1,
        new Scenario.Mix(aware, recovering),
        new Scenario.Speed(rate, first, stall),
        slow,
        startUp,
        minReady == null ? NONE : minReady,
        propagation,
        roundTrip,
        policy,
        seed);
  }
}
