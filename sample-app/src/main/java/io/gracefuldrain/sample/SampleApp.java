package io.gracefuldrain.sample;

import io.gracefuldrain.cli.Drain;
import io.gracefuldrain.lab.cluster.VerifyCommand;
import io.gracefuldrain.lab.crowd.ProbeCommand;
import io.gracefuldrain.lab.local.RolloutCommand;
import io.gracefuldrain.lab.options.CannotStart;
import io.gracefuldrain.sample.demo.DemoCommand;
import io.gracefuldrain.sample.front.FrontCommand;
import io.gracefuldrain.sample.plan.PlanCheckCommand;
import io.gracefuldrain.sample.plan.PlanCommand;
import io.gracefuldrain.sample.server.ServeCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The sample's command line. */
@Command(
    name = "sample-app",
    mixinStandardHelpOptions = true,
    versionProvider = SampleApp.Version.class,
    description = "A Socket.IO service that drains before it stops. Try it, and copy its code.",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      FrontCommand.class,
      ProbeCommand.class,
      RolloutCommand.class,
      PlanCommand.class,
      PlanCheckCommand.class,
      VerifyCommand.class,
      Drain.class
    },
    synopsisSubcommandLabel = "demo|serve|front|probe|rollout|plan|plan-check|verify|drain")
public final class SampleApp {
  private SampleApp() {}

  /** Runs a command; a service goes on after it has returned. */
  public static void main(String[] args) {
    int exitCode = commandLine().execute(args);
    if (exitCode != ExitCode.OK) {
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new SampleApp())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, args) -> wrongUsage(e))
        .setExecutionExceptionHandler((e, command, result) -> failed(e, command));
  }

  private static int wrongUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(Exception e, CommandLine command) throws Exception {
    if (e instanceof CannotStart) {
      command.getErr().println(e.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    }
    throw e;
  }

  /** Reads the version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = SampleApp.class.getPackage().getImplementationVersion();
      return new String[] {"sample-app " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
