package io.gracefuldrain.sample.front;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.DurationOption;
import io.gracefuldrain.lab.options.HelpOption;
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
          + " established connections stay, and a source address keeps its server for as long as"
          + " that is ready. Otherwise the least loaded server is taken. When none is ready, any"
          + " that accepts."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class FrontCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Mixin
  private HelpOption help;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      converter = PortOption.class,
      defaultValue = "3000",
      description = "Where clients connect. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = {"-t", "--to"},
      paramLabel = "[HOST:]PORT@MANAGEMENT",
      converter = PodAddress.Converter.class,
      split = ",",
      defaultValue = "127.0.0.1:3001@8081,127.0.0.1:3002@8082",
      description = "The servers, each with its management port. Default: ${DEFAULT-VALUE}")
  private List<PodAddress> addresses;

  @Option(
      names = "--affinity",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      defaultValue = "3h",
      description =
          "How long a source address is remembered after its last connection. With 0s it is not,"
              + " and long-polling does not work. Default: ${DEFAULT-VALUE}, as in Kubernetes")
  private Duration affinity;

  @Override
  public Integer call() throws Exception {
    if (new HashSet<>(addresses).size() < addresses.size()) {
      throw new ParameterException(
          spec.commandLine(), "--to: " + addresses + " (expected: each server once)");
    }
    PrintWriter out = spec.commandLine().getOut();
    Front front =
        new Front(
            addresses,
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
            + addresses.stream().map(PodAddress::toString).collect(Collectors.joining(", ")));
    return 0;
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
