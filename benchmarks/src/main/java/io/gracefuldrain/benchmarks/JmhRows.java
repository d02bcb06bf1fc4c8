package io.gracefuldrain.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs benchmarks of JMH, and puts each beside the simplest one that was run in the same way. */
final class JmhRows {
  private static final double MOST = 1.5;

  private JmhRows() {}

  /** Leases, beside an AtomicLong that counts up and down. */
  static void leases(boolean quick, Table table) throws RunnerException {
    add(run(LeaseBenchmark.class, quick), "atomicLong", "dispatchLease", table);
  }

  /** Connections that come and go, beside an entry of a map. */
  static void admits(boolean quick, Table table) throws RunnerException {
    add(run(AdmitBenchmark.class, quick), "concurrentHashMap", "coordinator", table);
  }

  private static Iterable<RunResult> run(Class<?> benchmark, boolean quick) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder().include(benchmark.getSimpleName()).verbosity(VerboseMode.SILENT);
    if (quick) {
      options = options.forks(1).warmupIterations(2).measurementIterations(3);
    }
    return new Runner(options.build()).run();
  }

  private static void add(Iterable<RunResult> results, String peer, String judged, Table table) {
    Map<String, Spread> peers = new LinkedHashMap<>();
    for (RunResult result : results) {
      if (method(result).equals(peer)) {
        peers.put(way(result), scores(result));
      }
    }
    for (RunResult result : results) {
      Spread beside = peers.get(way(result));
      if (method(result).equals(peer) || beside == null) {
        continue;
      }
      String name = method(result) + ", " + way(result);
      Row row = Row.beside(name, "ns", scores(result), peer, beside);
      table.add(method(result).equals(judged) ? row.ratioAtMost(MOST) : row);
    }
  }

  private static String method(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** How it was run: by how many threads, on what, beside how many others. */
  private static String way(RunResult result) {
    List<String> names = List.of(result.getParams().getBenchmark().split("\\.", -1));
    String others = result.getParams().getParam("others");
    int threads = result.getParams().getThreads();
    return names.get(names.size() - 2).replaceAll("(?<=.)([A-Z])", " $1")
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads")
        + (others == null ? "" : ", " + others + " others");
  }

  private static Spread scores(RunResult result) {
    List<Double> scores = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        scores.add(iteration.getPrimaryResult().getScore());
      }
    }
    return Spread.of(scores);
  }
}
