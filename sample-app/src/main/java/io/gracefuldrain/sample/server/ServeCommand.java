package io.gracefuldrain.sample.server;

import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.lab.options.Invocation;
import io.gracefuldrain.sample.options.PortOption;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: the Socket.IO service, its page and its management port. */
@Command(
    name = "serve",
    description =
        "Serves a Socket.IO service that drains, and a page that shows it. SIGTERM, Ctrl-C and"
            + " 'drain start' drain it.",
    footer = {
      "",
      "The drain's own settings are environment variables, such as DRAIN_MOVE_WINDOW=10s."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ServeCommand implements Callable<Integer> {
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
      names = {"-m", "--management-port"},
      paramLabel = "PORT",
      converter = PortOption.class,
      defaultValue = "8081",
      description = "Where probes, hooks, metrics and 'drain' go. Default: ${DEFAULT-VALUE}")
  private int managementPort;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description =
          "The pod's name. Default: DRAIN_POD; without it the host name in Kubernetes, and pod-PORT"
              + " elsewhere")
  private @Nullable String name;

  @Option(
      names = "--plain",
      description =
          "Does not drain, for comparison: on SIGTERM a JVM shutdown hook stops the server, as in a"
              + " service without this library")
  private boolean plain;

  @Option(
      names = "--ledger",
      description =
          "Writes a line of JSON for each session that has ended: what it was sent and what it sent")
  private boolean ledger;

  @Override
  public Integer call() {
    PodSettings settings = settings();
    settings.demo().endWithTheDemo();
    serve(settings);
    announce(settings.policy().pod());
    if (plain) {
      line("plain       SIGTERM or Ctrl-C stops it; nothing is drained");
    } else {
      announceDrain(settings);
    }
    return 0;
  }

  private PodSettings settings() {
    try {
      return PodSettings.of(
          System.getenv(), name, port, managementPort, ledger ? System.out::println : line -> {});
    } catch (IllegalArgumentException e) {
      throw new CannotStart(e);
    }
  }

  @SuppressWarnings(
      "CatchingUnchecked") // netty-socketio throws a checked one that it does not declare
  private void serve(PodSettings settings) {
    try {
      if (plain) {
        PlainPod.serve(settings);
      } else {
        DrainingPod.serve(settings);
      }
    } catch (IllegalArgumentException e) {
      throw new CannotStart(e);
    } catch (UncheckedIOException e) {
      throw new CannotStart(
          "--management-port", managementPort, Objects.requireNonNull(e.getCause()));
    } catch (Exception e) {
      if (e instanceof BindException) {
        throw new CannotStart("--port", port, e);
      }
      throw e;
    }
  }

  private void announce(String pod) {
    line("pod         " + pod);
    line("page        http://localhost:" + port);
    line(
        "management  http://localhost:"
            + managementPort
            + (plain ? "  (/readyz /metrics)" : "  (/readyz /drain /metrics)"));
  }

  private void announceDrain(PodSettings settings) {
    String start =
        "drain start"
            + (managementPort == 8081 ? "" : " --port " + managementPort)
            + (settings.tokenIsRandom()
                ? " --token " + settings.policy().adminToken().orElseThrow()
                : "");
    line("drain it    Ctrl-C here, or kill -TERM " + ProcessHandle.current().pid() + ", or");
    line("            " + Invocation.of(spec.root().userObject().getClass(), start));
  }

  private void line(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
