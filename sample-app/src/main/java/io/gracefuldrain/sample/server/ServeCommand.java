package io.gracefuldrain.sample.server;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.lab.options.HelpOption;
import io.gracefuldrain.lab.options.Invocation;
import io.gracefuldrain.sample.options.PortOption;
import io.gracefuldrain.sample.page.DemoLink;
import io.gracefuldrain.signal.DrainSignals;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
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
          "What this pod is called. Default: DRAIN_POD; without it the host name in Kubernetes, and"
              + " pod-PORT elsewhere")
  private @Nullable String name;

  @Option(
      names = "--plain",
      description =
          "Does not drain: SIGTERM stops the server by a JVM shutdown hook, as a service without this"
              + " library would have it. For comparison")
  private boolean plain;

  @Option(
      names = "--ledger",
      description =
          "Writes a line of JSON for each session that has ended: what it was given and what it"
              + " brought")
  private boolean ledger;

  private boolean tokenIsRandom;

  @Override
  public Integer call() {
    DrainPolicy policy = policy(System.getenv());
    if (plain) {
      servePlain(policy);
    } else {
      serve(policy);
    }
    return 0;
  }

  private void serve(DrainPolicy policy) {
    DrainCoordinator coordinator = coordinator(policy);
    DrainHttpServer management = management(coordinator);
    ChatServer server = server(new DrainingPod(coordinator));
    DrainSignals.install(coordinator, server::close, management::close);
    coordinator.started();
    announce(policy);
    announceDrain(policy);
  }

  private void servePlain(DrainPolicy policy) {
    PlainManagement management = plainManagement();
    ChatServer server = server(new PlainPod(policy));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "sample-stop"));
    management.started();
    announce(policy);
    line("plain       SIGTERM or Ctrl-C stops it; nothing is drained");
  }

  private DrainPolicy policy(Map<String, String> environment) {
    try {
      DrainPolicy policy = DrainPolicy.fromEnvironment(environment);
      if (name != null) {
        policy = policy.withPod(name);
      } else if (!environment.containsKey("DRAIN_POD")
          && !environment.containsKey("KUBERNETES_SERVICE_HOST")) {
        policy = policy.withPod("pod-" + port); // there may be several on this machine
      }
      tokenIsRandom = policy.adminToken().isEmpty();
      return tokenIsRandom ? policy.withAdminToken(randomToken()) : policy;
    } catch (IllegalArgumentException e) {
      throw new CannotStart(e);
    }
  }

  private static String randomToken() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static DrainCoordinator coordinator(DrainPolicy policy) {
    try {
      return DrainCoordinator.create(policy);
    } catch (IllegalArgumentException e) {
      throw new CannotStart(e);
    }
  }

  private DrainHttpServer management(DrainCoordinator coordinator) {
    PrometheusMeterRegistry registry = Metrics.of(coordinator);
    try {
      return DrainHttpServer.start(
          DrainEndpoints.of(coordinator, registry::scrape), managementPort);
    } catch (UncheckedIOException e) {
      throw new CannotStart(
          "--management-port", managementPort, Objects.requireNonNull(e.getCause()));
    }
  }

  private PlainManagement plainManagement() {
    try {
      return PlainManagement.start(managementPort, System.getenv(), Metrics.ofJvm()::scrape);
    } catch (IOException e) {
      throw new CannotStart("--management-port", managementPort, e);
    }
  }

  @SuppressWarnings(
      "CatchingUnchecked") // netty-socketio throws a checked one that it does not declare
  private ChatServer server(Work life) {
    DemoLink demo = DemoLink.of(System.getenv());
    demo.endWithTheDemo();
    ChatServer server = new ChatServer(life, port, ledger(life), demo);
    try {
      server.start();
      return server;
    } catch (Exception e) {
      if (e instanceof BindException) {
        throw new CannotStart("--port", port, e);
      }
      throw e;
    }
  }

  private SessionLedger ledger(Work life) {
    return new SessionLedger(life.now(), ledger ? System.out::println : line -> {});
  }

  private void announce(DrainPolicy policy) {
    line("pod         " + policy.pod());
    line("page        http://localhost:" + port);
    line(
        "management  http://localhost:"
            + managementPort
            + (plain ? "  (/readyz /metrics)" : "  (/readyz /drain /metrics)"));
  }

  private void announceDrain(DrainPolicy policy) {
    String start =
        "drain start"
            + (managementPort == 8081 ? "" : " --port " + managementPort)
            + (tokenIsRandom ? " --token " + policy.adminToken().orElseThrow() : "");
    line("drain it    Ctrl-C here, or kill -TERM " + ProcessHandle.current().pid() + ", or");
    line("            " + Invocation.of(spec.root().userObject().getClass(), start));
  }

  private void line(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
