package io.gracefuldrain.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code drain}. It talks to a pod's management port, from a terminal or inside a
 * container that has neither a shell nor curl:
 *
 * <pre>{@code
 * java -cp drain-cli.jar:picocli.jar io.gracefuldrain.cli.Drain status
 * }</pre>
 *
 * <p>It can also be a sub-command of another picocli application:
 *
 * <pre>
 * {@literal @}Command(name = "app", subcommands = Drain.class)
 * final class App {}
 * </pre>
 *
 * <p>Not thread-safe. Each execution needs an instance of its own.
 */
@Command(
    name = "drain",
    description = "Asks and drains a pod by its management port.",
    subcommands = {Status.class, Start.class, Resume.class, Shed.class, AwaitStarted.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A token given by an option shows in lists of processes; DRAIN_ADMIN_TOKEN does not."
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

  /** Creates the command. Called by picocli, or by an application with this sub-command. */
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
