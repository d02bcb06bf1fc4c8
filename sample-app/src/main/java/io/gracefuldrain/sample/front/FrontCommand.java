package io.gracefuldrain.sample.front;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.sample.Port;
import io.gracefuldrain.sample.Target;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code front}: one address in front of several servers. */
@Command(
    name = "front",
    description = {
      "Forwards TCP connections to the servers that are ready, as a Kubernetes Service does:"
          + " established connections stay where they are, a source address stays with its server"
          + " as long as that is ready, and the least loaded one is taken otherwise. When none is"
          + " ready, any that accepts."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FrontCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      converter = Port.class,
      defaultValue = "3000",
      description = "Where clients connect. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = {"-t", "--to"},
      paramLabel = "[HOST:]PORT@MANAGEMENT",
      converter = Target.Converter.class,
      split = ",",
      defaultValue = "127.0.0.1:3001@8081,127.0.0.1:3002@8082",
      description = "The servers, each with its management port. Default: ${DEFAULT-VALUE}")
  private List<Target> targets;

  @Option(
      names = "--affinity",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "3h",
      description =
          "How long a source address is remembered after its last connection; 0s: not at all, which"
              + " long-polling does not survive. Default: ${DEFAULT-VALUE}, as in Kubernetes")
  private Duration affinity;

  @Override
  public Integer call() throws Exception {
    if (new HashSet<>(targets).size() < targets.size()) {
      throw new ParameterException(
          spec.commandLine(), "--to: " + targets + " (expected: each server once)");
    }
    PrintWriter out = spec.commandLine().getOut();
    Front front =
        new Front(
            targets,
            affinity,
            line -> say(out, LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + line));
    try {
      front.start(port);
    } catch (BindException e) {
      front.close();
      throw new CannotStart("--port", port, e);
    }
    say(
        out,
        "front  http://localhost:"
            + port
            + "  ->  "
            + targets.stream().map(Target::toString).collect(Collectors.joining(", ")));
    return 0;
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
