package io.gracefuldrain.cli;

import picocli.CommandLine.Command;

/** Shows what the pod does, or what it did in its last drain. */
@Command(name = "status", description = "Shows the pod's phase and the receipt of its drain.")
final class Status extends Action {
  @Override
  String run(Management server) throws Failure {
    return server.ask("GET", "/drain?" + format(), timeout());
  }
}
