package io.gracefuldrain.sample.demo;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.sample.front.Front;
import io.gracefuldrain.sample.front.PodAddress;
import io.gracefuldrain.sample.options.PortOption;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: two pods, a front, and a page with a button that rolls out. */
@Command(
    name = "demo",
    description = {
      "Runs two pods and a front before them on this machine. Its page shows a stock client beside"
          + " one that knows the hint, and has a button that starts a rollout: two pods of the next"
          + " generation start on the spare ports, and when they are ready the old ones drain."
          + " Ctrl-C ends everything."
    },
    footer = {
      "",
      "The drain is quicker than its default, so that it can be watched. DRAIN_* variables change"
          + " that."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DemoCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  /** Kubernetes' default for {@code sessionAffinity: ClientIP}. */
  private static final Duration AFFINITY = Duration.ofHours(3);

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      converter = PortOption.class,
      defaultValue = "3000",
      description = "Where the page is. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--pods",
      paramLabel = "PORT@MANAGEMENT",
      converter = PodAddress.Converter.class,
      split = ",",
      defaultValue = "3001@8081,3002@8082,3003@8083,3004@8084",
      description =
          "Where pods are. Generations use the first half and the second half in turn."
              + " Default: ${DEFAULT-VALUE}")
  private List<PodAddress> pods;

  @Option(
      names = {"-v", "--verbose"},
      description = "Shows everything that the pods write.")
  private boolean verbose;

  @Override
  public Integer call() throws Exception {
    requirePods();
    PrintWriter out = spec.commandLine().getOut();
    Consumer<String> journal =
        line -> say(out, LocalTime.now(ZoneId.systemDefault()).format(TIME) + "  " + line);
    Front front = new Front(pods, AFFINITY, verbose ? journal : line -> {});
    int half = pods.size() / 2;
    Demo demo =
        new Demo(
            spec.root().userObject().getClass(),
            new Places(front, List.of(pods.subList(0, half), pods.subList(half, pods.size()))),
            verbose ? line -> {} : journal,
            verbose ? line -> say(out, line) : line -> {});
    // Also on Ctrl-C and SIGTERM, and when this method throws.
    Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "demo-stop"));
    announce(out);
    try {
      front.start(port);
      demo.start();
    } catch (BindException e) {
      demo.close();
      throw new CannotStart("--port", port, e);
    } catch (CannotStart e) {
      demo.close();
      throw e;
    }
    say(out, "");
    say(
        out,
        "Open http://localhost:" + port + " and press \"Roll out\". Ctrl-C here ends everything.");
    say(out, "");
    return 0;
  }

  private void requirePods() {
    Set<Integer> ports = new HashSet<>(Set.of(port));
    boolean different =
        pods.stream().allMatch(pod -> ports.add(pod.port()) && ports.add(pod.managementPort()));
    boolean here = pods.stream().allMatch(pod -> pod.host().equals("127.0.0.1"));
    if (pods.size() < 2 || pods.size() % 2 != 0 || !different || !here) {
      throw new ParameterException(
          spec.commandLine(),
          "--pods: "
              + pods.stream()
                  .map(pod -> pod + "@" + pod.managementPort())
                  .collect(Collectors.joining(","))
              + " (expected: an even number of pods on this machine, no port twice)");
    }
  }

  private void announce(PrintWriter out) {
    int half = pods.size() / 2;
    say(out, "demo   a front and " + half + " pods, each a JVM of its own; starting");
    say(out, "front  http://localhost:" + port);
    for (int i = 0; i < half; i++) {
      PodAddress pod = pods.get(i);
      say(
          out,
          "pod    http://localhost:%s  management http://localhost:%s  (/readyz /drain /metrics)"
              .formatted(pod.port(), pod.managementPort()));
    }
    say(
        out,
        "spare  "
            + pods.subList(half, pods.size()).stream()
                .map(pod -> pod.port() + "@" + pod.managementPort())
                .collect(Collectors.joining(", "))
            + ", for the next generation");
    say(out, "end    Ctrl-C here, or kill -TERM " + ProcessHandle.current().pid());
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
