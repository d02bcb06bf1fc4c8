package io.gracefuldrain.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a manual drain, or joins the current one. */
@Command(name = "start", description = "Starts a drain, which resume takes back.")
final class Start extends Action {
  @Option(
      names = "--within",
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "Done within this time; a drain's deadline is only ever tightened.")
  private @Nullable Duration within;

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      description = "What it is for; shown in the receipt, the log and the open status.")
  private @Nullable String note;

  @Option(names = "--wait", description = "Waits until it is done, and shows the receipt.")
  private boolean wait;

  @Override
  Duration defaultTimeout() {
    return wait ? Duration.ofSeconds(60) : super.defaultTimeout();
  }

  @Override
  String run(Management server) throws Failure {
    String query = format();
    if (within != null) {
      query += "&within=" + DurationText.of(within);
    }
    if (note != null) {
      query += "&note=" + URLEncoder.encode(note, StandardCharsets.UTF_8);
    }
    if (wait) {
      query += "&wait=true";
    }
    return server.ask("POST", "/drain?" + query, timeout());
  }
}
