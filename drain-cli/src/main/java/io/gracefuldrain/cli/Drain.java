package io.gracefuldrain.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code drain}: asks a pod's management port from a terminal, or from inside a
 * container that has neither a shell nor curl. Runs by {@code java -cp ...
 * io.gracefuldrain.cli.Drain}, or as a sub-command of another picocli application. Not thread-safe;
 * one instance is one execution.
 */
@Command(
    name = "drain",
    description = "Asks and drains a pod by its management port.",
    subcommands = {Status.class, Start.class, Resume.class, Shed.class, AwaitStarted.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A token given by an option is seen by whoever lists processes; DRAIN_ADMIN_TOKEN is not."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it is done",
      "1:the server refused",
      "2:the command line is wrong",
      "3:the server cannot be reached",
      "4:the time was over"
    })
public final class Drain implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  /** What picocli, or the application that has it as a sub-command, makes. */
  public Drain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Drain()).execute(arguments));
  }

  /** Without a sub-command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "command: none (expected: " + String.join(", ", spec.subcommands().keySet()) + ")");
  }
}
