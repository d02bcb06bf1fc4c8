package io.gracefuldrain.lab.crowd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.lab.results.CrowdReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Writes what {@code probe --json} writes. */
final class CrowdJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CrowdJson() {}

  /** A record, on one line. */
  static String line(Record record) {
    try {
      return MAPPER.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // records of texts and numbers can be written
    }
  }

  static void write(Path file, CrowdReport report) throws IOException {
    MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
  }
}
