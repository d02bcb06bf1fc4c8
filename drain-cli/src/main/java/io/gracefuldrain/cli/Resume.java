package io.gracefuldrain.cli;

import picocli.CommandLine.Command;

/** Recalls a manual drain. */
@Command(
    name = "resume",
    description = "Takes back a drain of a person or of the preStop hook: the pod serves again.")
final class Resume extends Action {
  @Override
  String run(Management server) throws Failure {
    return server.ask("DELETE", "/drain?" + format(), timeout());
  }
}
