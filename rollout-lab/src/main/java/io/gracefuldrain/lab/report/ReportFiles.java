package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.options.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Writes an experiment to files. It is a mixin with their options. */
public final class ReportFiles {
  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "File of the report. Default: ${DEFAULT-VALUE}")
  private Path report;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File of the full data, as JSON. Default: none")
  private @Nullable Path json;

  /**
   * @param usual the default file of the report
   */
  public ReportFiles(Path usual) {
    this.report = usual;
  }

  /**
   * Checks both files before minutes of work begin.
   *
   * @throws CannotStart if they cannot be written
   */
  public void check() {
    check("--report", report);
    if (json != null) {
      check("--json", json);
    }
  }

  private static void check(String option, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
      throw new CannotStart(option + ": " + file + " (expected: a file in a folder that is there)");
    }
  }

  /** Writes both; returns the file of the report. */
  public Path write(Experiment experiment) throws IOException {
    if (json != null) {
      ExperimentJson.write(experiment, json);
    }
    Files.writeString(report, HtmlReport.render(experiment));
    return report.toAbsolutePath();
  }
}
