package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.crowd.ClientMix;
import io.gracefuldrain.lab.crowd.CrowdOptions;
import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.lab.options.Invocation;
import io.gracefuldrain.lab.report.Commentary;
import io.gracefuldrain.lab.report.Experiment;
import io.gracefuldrain.lab.report.ReportFiles;
import io.gracefuldrain.lab.report.ResultTable;
import io.gracefuldrain.lab.report.Run;
import io.gracefuldrain.lab.report.Strategy;
import io.gracefuldrain.lab.results.ClientKind;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rollout}: compares strategies on one machine. */
@Command(
    name = "rollout",
    description = {
      "Compares what clients feel of a rollout under several strategies, on this machine: pods are"
          + " processes, and the Service, the kubelet and the Deployment controller are modelled.",
      "Ends with 0 when 'graceful' holds every criterion and 'none' does not, where they ran."
    },
    footer = {"", "DRAIN_* settings in the environment are passed on to the pods."})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class RolloutCommand implements Callable<Integer> {
  private static final String CROWD =
      "java-websocket=6,java-polling=4,java-upgrade=4,lean-websocket=4,lean-polling=2,lean-recovering=4,"
          + "lean-recovering-upgrade=4,lean-recovering-polling=2,java-aware=6,lean-aware=6";
  private static final String STICKY_CROWD =
      "java-websocket=12,java-polling=6,java-upgrade=6,java-aware=12";
  private static final String SPREAD_CROWD =
      "java-websocket=8,lean-websocket=8,lean-recovering=8,java-aware=6,lean-aware=6";
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      split = ",",
      converter = Strategy.Converter.class,
      defaultValue = "none,startstop,notready,graceful",
      description =
          "The strategies, in this order; 'spring', too, whose pods are sample-spring-boot. Default:"
              + " ${DEFAULT-VALUE}")
  private List<Strategy> strategies;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many pods. Default: ${DEFAULT-VALUE}")
  private int replicas;

  @Option(
      names = "--surge",
      paramLabel = "N",
      defaultValue = "1",
      description = "The rollout's maxSurge; maxUnavailable is 0. Default: ${DEFAULT-VALUE}")
  private int surge;

  @Option(
      names = "--clients",
      paramLabel = "KIND=N,...",
      converter = ClientMix.Converter.class,
      description =
          "How many clients of each kind. Default: "
              + CROWD
              + "; with --sticky: "
              + STICKY_CROWD
              + ", since lean ones keep no cookies; with --balancer-lag: "
              + SPREAD_CROWD)
  private @Nullable ClientMix clients;

  @Mixin private CrowdOptions crowd = new CrowdOptions(Duration.ofSeconds(15));

  @Option(
      names = "--propagation",
      paramLabel = "LEAST..MOST",
      converter = DelayRange.Converter.class,
      defaultValue = "1s..2s",
      description =
          "How long the Service takes to follow a change of its endpoints. Default:"
              + " ${DEFAULT-VALUE}")
  private DelayRange propagation;

  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "30s",
      description = "Grace period of every pod. Default: ${DEFAULT-VALUE}")
  private Duration grace;

  @Option(
      names = "--hold",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "8s",
      description = "How long preStop keeps the old pod in 'startstop'. Default: ${DEFAULT-VALUE}")
  private Duration hold;

  @Option(
      names = "--sticky",
      description =
          "A proxy sends each client to the pod of its cookie, for as long as that accepts, also"
              + " while it drains. Pods that drain are told the cookie (DRAIN_AFFINITY_COOKIE)")
  private boolean sticky;

  @Option(
      names = "--balancer-lag",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "0s",
      description =
          "For how long a load balancer still sends new connections to a pod that has left the"
              + " Service, at most 5m. It spreads them without regard to the client, so nobody can"
              + " poll. Default: ${DEFAULT-VALUE}, no such balancer")
  private Duration balancerLag;

  @Option(
      names = "--sidecar-ends-after",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description =
          "Each pod's connections go through a sidecar that ends this long after the pod's"
              + " deletion, at most 5m. Default: no sidecar")
  private @Nullable Duration sidecarEndsAfter;

  @Option(
      names = "--spring-jar",
      paramLabel = "FILE",
      defaultValue = "sample-spring-boot/target/sample-spring-boot.jar",
      description = "The pods of 'spring': a runnable jar. Default: ${DEFAULT-VALUE}")
  private Path springJar;

  @Mixin private ReportFiles files = new ReportFiles(usualReport());

  @Override
  public Integer call() throws Exception {
    LabPlan plan = plan();
    checkSpring();
    files.check();
    PrintWriter out = spec.commandLine().getOut();
    Experiment experiment = experiment(run(plan, out));
    Path page = files.write(experiment);
    out.println();
    out.println(ResultTable.text(experiment));
    experiment.objections().forEach(objection -> out.println("FAILED  " + objection));
    out.println("report  " + page);
    out.flush();
    return experiment.objections().isEmpty() ? 0 : 1;
  }

  private LabPlan plan() {
    expect(new HashSet<>(strategies).size() == strategies.size(), "--strategy", "each one once");
    expect(replicas >= 1 && replicas <= 8, "--replicas", replicas + " (expected: 1 to 8)");
    expect(surge >= 1 && surge <= 8, "--surge", surge + " (expected: 1 to 8)");
    crowd.check(spec);
    expect(
        !grace.minusSeconds(5).isNegative() && grace.compareTo(Duration.ofMinutes(3)) <= 0,
        "--grace",
        grace.toSeconds() + "s (expected: 5s to 3m)");
    expect(
        hold.compareTo(grace) < 0,
        "--hold",
        hold.toMillis() + "ms (expected: less than --grace, " + grace.toMillis() + "ms)");
    ClientMix mix = clients == null ? ClientMix.parse(usualCrowd()) : clients;
    expect(
        !sticky || mix.counts().keySet().stream().noneMatch(ClientKind::lean),
        "--clients",
        mix.text() + " (expected: no lean ones with --sticky, since they keep no cookies)");
    expect(
        !surroundings().spreads()
            || mix.counts().keySet().stream().allMatch(ClientKind::beginsWithWebSocket),
        "--clients",
        mix.text()
            + " (expected: with --balancer-lag only those that begin with a WebSocket, since nothing"
            + " holds the others to their pod)");
    expectShort("--balancer-lag", balancerLag);
    if (sidecarEndsAfter != null) {
      expectShort("--sidecar-ends-after", sidecarEndsAfter);
    }
    return new LabPlan(
        new Scaling(replicas, surge, 0),
        mix,
        crowd.feedMs(),
        500,
        crowd.orderEvery(),
        propagation,
        grace,
        hold,
        8,
        surroundings(),
        crowd.seed());
  }

  private void checkSpring() {
    if (strategies.contains(Strategy.SPRING) && !Files.isRegularFile(springJar)) {
      throw new CannotStart(
          "--spring-jar: "
              + springJar
              + " is not there (expected: the sample's jar, or that of an application like it; mvn"
              + " package -DskipTests makes it)");
    }
  }

  private String usualCrowd() {
    if (sticky) {
      return STICKY_CROWD;
    }
    return surroundings().spreads() ? SPREAD_CROWD : CROWD;
  }

  private Surroundings surroundings() {
    return new Surroundings(sticky, balancerLag, sidecarEndsAfter);
  }

  private void expectShort(String option, Duration value) {
    expect(
        value.compareTo(LONGEST) <= 0,
        option,
        value.toSeconds() + "s (expected: at most " + LONGEST.toMinutes() + "m)");
  }

  private void expect(boolean holds, String option, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), option + ": " + otherwise);
    }
  }

  private static Path usualReport() {
    Path target = Path.of("target");
    return (Files.isDirectory(target) ? target : Path.of("")).resolve("rollout-report.html");
  }

  private List<Run> run(LabPlan plan, PrintWriter out) throws InterruptedException {
    Launcher launcher = new Launcher(spec.root().userObject().getClass(), springJar, sticky);
    List<Run> runs = new ArrayList<>();
    try (Lab lab = new Lab(plan, launcher, new Commentary(out))) {
      for (Strategy strategy : strategies) {
        runs.add(lab.run(strategy));
      }
    } catch (LabFailure e) {
      throw new CannotStart(String.valueOf(e.getMessage()));
    }
    return runs;
  }

  private Experiment experiment(List<Run> runs) {
    return new Experiment(
        "A rollout, as clients feel it",
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Invocation.of(
            spec.root().userObject().getClass(),
            String.join(" ", spec.commandLine().getParseResult().originalArgs())),
        facts(),
        runs);
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("where", "one machine: pods are processes, the cluster is modelled");
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("Java", Runtime.version().toString());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("replicas", replicas + ", maxSurge " + surge + ", maxUnavailable 0");
    facts.put("feed", crowd.feedText());
    facts.put(
        "orders",
        crowd.orderEvery().isZero()
            ? "none"
            : "one every " + crowd.orderEvery().toSeconds() + " s of each client, work of 5 s");
    facts.put("propagation", propagation.toString());
    facts.put("grace period", grace.toSeconds() + " s");
    facts.putAll(surroundings().facts());
    facts.put("seed", String.valueOf(crowd.seed()));
    return facts;
  }
}
