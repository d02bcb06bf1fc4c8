package io.gracefuldrain.cli;

import picocli.CommandLine.Command;

/** Shows the current drain of the pod, or its last one. */
@Command(name = "status", description = "Shows the pod's phase and the receipt of its drain.")
final class Status extends Action {
  @Override
  String run(Management server) throws Failure {
    return server.ask("GET", "/drain?" + format(), timeout());
  }
}
