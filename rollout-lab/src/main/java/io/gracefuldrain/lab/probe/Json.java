package io.gracefuldrain.lab.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads JSON that a server has sent, and writes reports. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** What a text says, or null if it is not JSON. */
  static @Nullable JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** A record, in one line. */
  static String line(Object what) {
    try {
      return MAPPER.writeValueAsString(what);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // records of texts and numbers
    }
  }

  static void write(Path file, CrowdReport report) throws IOException {
    MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
  }
}
