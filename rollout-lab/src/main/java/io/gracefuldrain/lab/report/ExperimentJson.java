package io.gracefuldrain.lab.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;

/** Writes and reads an experiment as JSON. */
public final class ExperimentJson {
  static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ExperimentJson() {}

  /** Writes an experiment. */
  public static void write(Experiment experiment, Path file) throws IOException {
    MAPPER.writeValue(file.toFile(), experiment);
  }

  /** Reads an experiment. */
  public static Experiment read(Path file) throws IOException {
    return MAPPER.readValue(file.toFile(), Experiment.class);
  }
}
