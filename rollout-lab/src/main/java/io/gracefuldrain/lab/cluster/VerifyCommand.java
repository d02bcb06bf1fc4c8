package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.crowd.ClientMix;
import io.gracefuldrain.lab.crowd.CrowdOptions;
import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.lab.report.Commentary;
import io.gracefuldrain.lab.report.Experiment;
import io.gracefuldrain.lab.report.ReportFiles;
import io.gracefuldrain.lab.report.ResultTable;
import io.gracefuldrain.lab.report.Run;
import io.gracefuldrain.lab.report.Strategy;
import java.io.PrintWriter;
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

/** {@code verify}: compares strategies and runs scenarios on a cluster. */
@Command(
    name = "verify",
    description = {
      "Rolls each strategy's manifest out on the cluster of the current KUBECONFIG, under a crowd"
          + " of clients, and puts 'graceful' through more than rollouts. Works in a namespace of"
          + " its own, which it deletes at the end.",
      "Ends with 0 when 'graceful' holds every criterion and 'none' does not, where they ran."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class VerifyCommand implements Callable<Integer> {
  private static final Duration MOST = Duration.ofMinutes(20);
  private static final List<Strategy> USUAL =
      List.of(Strategy.NONE, Strategy.STARTSTOP, Strategy.NOTREADY, Strategy.GRACEFUL);

  /** One run to make. */
  private record Step(Strategy strategy, Scenario scenario) {}

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = "--quick",
      description = "Only 'none' and 'graceful', and only a rollout; under 4 minutes")
  private boolean quick;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      split = ",",
      converter = Strategy.Converter.class,
      description =
          "The strategies, in this order: none, startstop, notready, graceful, spring. Default: all"
              + " but spring, which has an image of its own")
  private @Nullable List<Strategy> strategies;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      split = ",",
      description =
          "The scenarios, in this order: rollout (of each strategy), and of 'graceful': rollback,"
              + " restart, scale, eviction, drain, hung, short. Default: all")
  private @Nullable List<Scenario> scenarios;

  @Option(
      names = "--clients",
      paramLabel = "KIND=N,...",
      converter = ClientMix.Converter.class,
      defaultValue =
          "java-websocket=2,java-polling=1,java-upgrade=1,lean-websocket=1,lean-polling=1,"
              + "lean-recovering=1,lean-recovering-upgrade=1,java-aware=2,lean-aware=2",
      description =
          "How many clients of each kind in each pod of the crowd. Default: ${DEFAULT-VALUE}")
  private ClientMix clients;

  @Mixin private CrowdOptions crowd = new CrowdOptions(Duration.ofSeconds(15));

  @Option(
      names = "--load",
      paramLabel = "COMMAND",
      description =
          "The command that loads the image onto the nodes; it gets the file as its last argument."
              + " 'true' if they have it. Default: the one of minikube or kind")
  private @Nullable String load;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      defaultValue = "${sys:verify.root:-.}/sample-app/target/image.tar",
      description = "File of the image. Default: sample-app/target/image.tar")
  private Path image;

  @Option(
      names = "--spring-image",
      paramLabel = "FILE",
      defaultValue = "${sys:verify.root:-.}/sample-spring-boot/target/image.tar",
      description = "File of the image of 'spring'. Default: sample-spring-boot/target/image.tar")
  private Path springImage;

  @Option(
      names = "--manifests",
      paramLabel = "FOLDER",
      defaultValue = "${sys:verify.root:-.}/deploy",
      description = "Folder with the strategies' manifests. Default: deploy")
  private Path manifests;

  @Mixin private ReportFiles files = new ReportFiles(Path.of("verify-report.html"));

  @Option(names = "--keep", description = "Keeps the namespace at the end")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    long startNanos = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    files.check();
    crowd.check(spec);
    CrowdWanted wanted = new CrowdWanted(clients, crowd.feedMs(), crowd.orderEvery(), crowd.seed());
    List<Step> steps = steps();
    Prerequisites.manifests(manifests, steps.stream().map(Step::strategy).distinct().toList());
    Experiment experiment;
    try {
      experiment = experiment(steps, wanted, startNanos, out);
    } catch (LabFailure e) {
      throw new CannotStart("verify: " + e.getMessage());
    }
    Path page = files.write(experiment);
    out.println();
    out.println(ResultTable.text(experiment));
    experiment.objections().forEach(objection -> out.println("FAILED  " + objection));
    out.println("report  " + page + ", after " + seconds(startNanos) + " s in all");
    out.flush();
    return experiment.objections().isEmpty() ? 0 : 1;
  }

  private static long seconds(long sinceNanos) {
    return Duration.ofNanos(System.nanoTime() - sinceNanos).toSeconds();
  }

  private List<Step> steps() {
    List<Strategy> whose =
        strategies != null ? strategies : quick ? List.of(Strategy.NONE, Strategy.GRACEFUL) : USUAL;
    List<Scenario> what =
        scenarios != null
            ? scenarios
            : quick ? List.of(Scenario.ROLLOUT) : List.of(Scenario.values());
    once("--strategy", whose);
    once("--scenario", what);
    List<Step> steps = new ArrayList<>();
    for (Scenario scenario : what) {
      if (scenario == Scenario.ROLLOUT) {
        whose.forEach(strategy -> steps.add(new Step(strategy, scenario)));
      } else if (whose.contains(Strategy.GRACEFUL)) {
        steps.add(new Step(Strategy.GRACEFUL, scenario));
      }
    }
    if (steps.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--scenario: " + what + " (expected: with graceful among the strategies, or rollout)");
    }
    return steps;
  }

  private <T> void once(String option, List<T> given) {
    if (new HashSet<>(given).size() < given.size()) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + given + " (expected: each one once)");
    }
  }

  private Experiment experiment(
      List<Step> steps, CrowdWanted wanted, long startNanos, PrintWriter out)
      throws InterruptedException {
    String version = Prerequisites.cluster();
    JsonNode nodes = Kubectl.ofCluster().json("get", "nodes");
    load(nodes, images(steps), out);
    List<Run> runs = new ArrayList<>();
    try (TestNamespace namespace = new TestNamespace(keep)) {
      out.println("namespace " + namespace.name());
      Commentary commentary = new Commentary(out);
      ScenarioRun runner = new ScenarioRun(namespace, manifests, wanted, commentary);
      for (Step step : steps) {
        if (seconds(startNanos) > MOST.toSeconds()) {
          throw new LabFailure("not within " + MOST.toMinutes() + " minutes: all of it");
        }
        if (step.scenario().nodes() > Prerequisites.schedulable(nodes)) {
          commentary.begin(step.scenario().text(), "left out: it needs two nodes that accept pods");
          continue;
        }
        runs.add(runner.run(step.strategy(), step.scenario()));
      }
      return new Experiment(
          "A rollout on a cluster, as clients feel it",
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          command(),
          facts(version, nodes, runner.images(), wanted, seconds(startNanos)),
          runs);
    }
  }

  /** The crowd is in the first, whatever the strategies. */
  private List<Path> images(List<Step> steps) {
    boolean spring = steps.stream().anyMatch(step -> step.strategy() == Strategy.SPRING);
    return spring ? List.of(image, springImage) : List.of(image);
  }

  private void load(JsonNode nodes, List<Path> images, PrintWriter out)
      throws InterruptedException {
    for (Path each : images) {
      Prerequisites.image(each.equals(image) ? "--image" : "--spring-image", each);
    }
    List<String> command =
        load != null
            ? ImageLoad.typed(load)
            : ImageLoad.fitting(nodes)
                .orElseThrow(
                    () ->
                        new CannotStart(
                            "--load: the cluster is neither minikube nor kind (expected: the"
                                + " command that brings an image's tar to its nodes, or 'true')"));
    for (Path each : images) {
      out.println("image     " + each);
      out.flush();
      ImageLoad.run(command, each);
    }
  }

  private String command() {
    List<String> given = new ArrayList<>();
    for (String each : spec.commandLine().getParseResult().originalArgs()) {
      given.add(each.contains(" ") ? "'" + each + "'" : each);
    }
    return "deploy/" + String.join(" ", given); // the first argument is the name of the command
  }

  private Map<String, String> facts(
      String version, JsonNode nodes, String images, CrowdWanted wanted, long seconds) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "where", "a cluster: Kubernetes " + version + ", nodes: " + nodes.path("items").size());
    JsonNode info = nodes.path("items").path(0).path("status").path("nodeInfo");
    facts.put("container runtime", info.path("containerRuntimeVersion").asText());
    facts.put(
        "system", info.path("osImage").asText() + ", Linux " + info.path("kernelVersion").asText());
    facts.put(
        "processors of a node",
        nodes.path("items").path(0).path("status").path("capacity").path("cpu").asText());
    facts.put("image", images);
    facts.put("crowd", wanted.who());
    facts.put("feed", crowd.feedText());
    facts.put("took", seconds + " s");
    return facts;
  }
}
