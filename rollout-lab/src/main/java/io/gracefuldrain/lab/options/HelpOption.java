package io.gracefuldrain.lab.options;

import picocli.CommandLine.Option;

/** {@code --help}, to be mixed into each command. */
public final class HelpOption {
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;
}
