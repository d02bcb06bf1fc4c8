package io.gracefuldrain.benchmarks.crowd;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What came out of a run: all of it, as JSON.
 *
 * @param date of its end
 * @param command what was typed
 * @param java the version of the JVMs
 * @param processors for everything together
 * @param windowMs how long each pod had
 * @param everyMs how often each client sent a message; 0 for never
 * @param floors of each number of clients
 */
record CrowdResults(
    String date,
    String command,
    String java,
    int processors,
    long windowMs,
    long everyMs,
    List<Floor> floors,
    List<Found> runs) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static CrowdResults read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), CrowdResults.class);
  }

  /** The same run in parts, as one. */
  static CrowdResults joined(List<CrowdResults> parts) {
    CrowdResults first = parts.get(0);
    Map<Integer, Floor> floors = new TreeMap<>();
    parts.forEach(part -> part.floors.forEach(floor -> floors.put(floor.clients(), floor)));
    List<Found> runs = parts.stream().flatMap(part -> part.runs.stream()).toList();
    return new CrowdResults(
        first.date,
        first.command,
        first.java,
        first.processors,
        first.windowMs,
        first.everyMs,
        List.copyOf(floors.values()),
        runs);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n");
  }

  /** The numbers of clients, from the least. */
  int[] sizes() {
    return runs.stream().mapToInt(Found::clients).distinct().sorted().toArray();
  }

  /** The ways, in their order. */
  List<Way> ways() {
    return Arrays.stream(Way.values())
        .filter(way -> runs.stream().anyMatch(run -> run.way() == way))
        .toList();
  }

  /** The runs of a way with so many clients. */
  List<Found> of(Way way, int clients) {
    return runs.stream().filter(run -> run.way() == way && run.clients() == clients).toList();
  }

  Floor floor(int clients) {
    return floors.stream().filter(floor -> floor.clients() == clients).findFirst().orElseThrow();
  }

  static double median(List<Found> runs, ToDoubleFunction<Found> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    int size = sorted.length;
    return size == 0 ? Double.NaN : (sorted[(size - 1) / 2] + sorted[size / 2]) / 2;
  }
}
