package io.gracefuldrain.benchmarks;

import io.gracefuldrain.benchmarks.crowd.CrowdCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.Main;

/**
 * Runs what is measured here, and prints one table: all of it, or what the arguments name. Three of
 * the loads have options of their own, and so has {@code crowd}, which is run by its name alone.
 * Other arguments are JMH's.
 */
public final class Benchmarks {
  /** Something that is measured. */
  private interface Measured {
    void run(boolean quick, Table table) throws Exception;
  }

  private static final String QUICK = "--quick";
  private static final String JSON = "--json=";
  private static final Map<String, Measured> ALL = new LinkedHashMap<>();

  static {
    ALL.put("lease", JmhRows::leases);
    ALL.put("admit", JmhRows::admits);
    ALL.put("steps", StepCost::run);
    ALL.put("wait", LockWait::run);
    ALL.put("tracked", TrackedBytes::run);
    ALL.put("session", SessionCost::bytes);
    ALL.put("allocation", SessionCost::allocation);
    ALL.put("connect", ConnectLoad::run);
    ALL.put("echo", EchoLoad::echo);
    ALL.put("broadcast", EchoLoad::broadcast);
    ALL.put("warm", WarmLanding::run);
  }

  private Benchmarks() {}

  /** Runs the benchmarks that the arguments name. The README lists them. */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    List<String> names = new ArrayList<>();
    boolean quick = false;
    Path json = null;
    for (String arg : args) {
      if (ALL.containsKey(arg)) {
        names.add(arg);
      } else if (arg.equals(QUICK)) {
        quick = true;
      } else if (arg.startsWith(JSON)) {
        json = Path.of(arg.substring(JSON.length()));
      } else {
        other(args);
        return;
      }
    }
    run(names.isEmpty() ? List.copyOf(ALL.keySet()) : names, quick, json);
  }

  private static void run(List<String> names, boolean quick, @Nullable Path json) throws Exception {
    Table table = Table.begun();
    for (String name : names) {
      Measured measured = ALL.get(name);
      if (measured != null) {
        measured.run(quick, table);
      }
    }
    if (json != null) {
      table.write(json);
    }
  }

  /** A load with options of its own, or JMH's arguments. */
  private static void other(String[] args) throws Exception {
    switch (args[0]) {
      case "echo" -> EchoLoad.main(Arrays.copyOfRange(args, 1, args.length));
      case "connect" -> ConnectLoad.main(Arrays.copyOfRange(args, 1, args.length));
      case "warm" -> WarmLanding.main(Arrays.copyOfRange(args, 1, args.length));
      case "crowd" -> System.exit(CrowdCommand.run(Arrays.copyOfRange(args, 1, args.length)));
      default -> Main.main(args);
    }
  }
}
