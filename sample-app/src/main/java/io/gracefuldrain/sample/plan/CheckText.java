package io.gracefuldrain.sample.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A real drain beside simulated ones, in words and as JSON. */
final class CheckText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String HEAD =
      "                                          real  simulated, median (least to most of %s)";

  private CheckText() {}

  static String of(int run, Comparison found) {
    Sample real = found.real();
    List<Sample> plays = found.simulated();
    double[] mean = meanCurve(plays);
    List<String> lines = new ArrayList<>();
    lines.add(
        "run %s, at a load average of %s: %s moved, %s forced, %s failed connects"
            .formatted(
                run, number(found.load(), 1), real.moved(), found.forced(), real.failedConnects()));
    lines.add(
        "  a pod, as the crowd found it: %s handshakes a second, the first took %s ms"
            .formatted(Math.round(found.perSecond()), found.firstMs()));
    lines.add(
        "  processor a move: %s us in the draining pod, %s us in the receiving one"
            .formatted(Math.round(found.processorFrom()), Math.round(found.processorTo())));
    lines.add(HEAD.formatted(plays.size()));
    lines.add(row("arrivals in 100 ms, peak over mean", real, plays, Sample::peakOverMean, 2));
    lines.add(row("arrivals, distance to the mean curve", real, plays, s -> s.distance(mean), 3));
    lines.add(
        row("from the first slot to the last, s", real, plays, s -> s.slots().toMillis() / 1e3, 2));
    lines.add(row("away, ms: median", real, plays, s -> s.away().p50(), 0));
    lines.add(row("          90th percentile", real, plays, s -> s.away().p90(), 0));
    lines.add(row("          99th percentile", real, plays, s -> s.away().p99(), 0));
    lines.add(row("connect, ms: median", real, plays, s -> s.connect().p50(), 0));
    lines.add(row("             99th percentile", real, plays, s -> s.connect().p99(), 0));
    return String.join(System.lineSeparator(), lines);
  }

  private static String row(
      String name, Sample real, List<Sample> plays, ToDoubleFunction<Sample> figure, int digits) {
    double[] sorted = sorted(plays, figure);
    return "  %-36s  %6s  %6s (%s to %s)"
        .formatted(
            name,
            number(figure.applyAsDouble(real), digits),
            number(sorted[sorted.length / 2], digits),
            number(sorted[0], digits),
            number(sorted[sorted.length - 1], digits));
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  static double[] meanCurve(List<Sample> plays) {
    int length = plays.stream().mapToInt(play -> play.arrivals().counts().length).max().orElse(0);
    double[] mean = new double[length];
    for (Sample play : plays) {
      int[] counts = play.arrivals().counts();
      for (int i = 0; i < counts.length; i++) {
        mean[i] += (double) counts[i] / plays.size();
      }
    }
    return mean;
  }

  static String json(int clients, Duration window, List<Comparison> all)
      throws JsonProcessingException {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("clients", clients);
    root.put("windowMs", window.toMillis());
    root.put("processors", Runtime.getRuntime().availableProcessors());
    root.put("java", Runtime.version().toString());
    root.put("runs", all.stream().map(CheckText::run).toList());
    return JSON.writeValueAsString(root) + System.lineSeparator();
  }

  private static Map<String, Object> run(Comparison found) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("loadAverage", found.load());
    run.put("handshakesPerSecond", Math.round(found.perSecond()));
    run.put("firstHandshakeMs", found.firstMs());
    run.put("forced", found.forced());
    run.put("processorFromUs", Math.round(found.processorFrom()));
    run.put("processorToUs", Math.round(found.processorTo()));
    run.put("real", sample(found.real()));
    run.put("simulated", found.simulated().stream().limit(1).map(CheckText::sample).toList());
    double[] mean = meanCurve(found.simulated());
    run.put("distance", rounded(found.real().distance(mean)));
    run.put("simulatedDistance", range(found.simulated(), play -> play.distance(mean)));
    run.put("simulatedPeakOverMean", range(found.simulated(), Sample::peakOverMean));
    run.put("simulatedAwayP50Ms", range(found.simulated(), play -> play.away().p50()));
    return run;
  }

  private static Map<String, Object> range(List<Sample> plays, ToDoubleFunction<Sample> figure) {
    double[] sorted = sorted(plays, figure);
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("median", rounded(sorted[sorted.length / 2]));
    said.put("least", rounded(sorted[0]));
    said.put("most", rounded(sorted[sorted.length - 1]));
    return said;
  }

  private static double[] sorted(List<Sample> plays, ToDoubleFunction<Sample> figure) {
    return plays.stream().mapToDouble(figure).sorted().toArray();
  }

  private static double rounded(double value) {
    return Math.round(1000 * value) / 1000.0;
  }

  private static Map<String, Object> sample(Sample sample) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("moved", sample.moved());
    said.put("failedConnects", sample.failedConnects());
    said.put("slotsMs", sample.slots().toMillis());
    said.put("peakOverMean", rounded(sample.peakOverMean()));
    said.put("awayMs", spread(sample.away()));
    said.put("connectMs", spread(sample.connect()));
    said.put("arrivalsPer100Ms", sample.arrivals().counts());
    return said;
  }

  private static Map<String, Object> spread(Times.Spread spread) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("p50", spread.p50());
    said.put("p90", spread.p90());
    said.put("p99", spread.p99());
    said.put("max", spread.max());
    return said;
  }
}
