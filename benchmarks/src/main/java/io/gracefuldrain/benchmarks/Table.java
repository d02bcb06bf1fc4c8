package io.gracefuldrain.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What all benchmarks of one run have found. Each line is printed as soon as it is known. */
final class Table {
  private final Machine machine = Machine.here();
  private final List<Row> rows = new ArrayList<>();

  /** Begins a table, and prints its head. */
  static Table begun() {
    Table table = new Table();
    System.out.println(table.machine.toText());
    System.out.println();
    System.out.println("| Measured | Here | Beside | Ratio | Goal |");
    System.out.println("|---|---|---|---|---|");
    return table;
  }

  void add(Row row) {
    rows.add(row);
    System.out.println(row.toText());
  }

  /** Writes all of it as JSON. */
  void write(Path file) throws IOException {
    String json =
        "{\"machine\": "
            + machine.toJson()
            + ",\n\"rows\": [\n"
            + rows.stream().map(Row::toJson).collect(Collectors.joining(",\n"))
            + "\n]}\n";
    Files.writeString(file, json, StandardCharsets.UTF_8);
  }
}
