package io.gracefuldrain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * A report as a line: for machines, and for people. The status is open to everybody who reaches the
 * port, and a receipt is in logs. So both show the beginning of a connection's id: enough to find
 * it in the log, too little to use it.
 */
final class ReportFormat {
  private static final int SHOWN = 8;

  private ReportFormat() {}

  private static String shown(String connection) {
    return connection.length() <= SHOWN ? connection : connection.substring(0, SHOWN) + "...";
  }

  static String json(DrainReport report) {
    return fields(new Json(), report).toString();
  }

  /** The receipt: the report's line, with the code that finds it in a log. */
  static String receipt(DrainReport report) {
    return fields(new Json().put("code", LogCode.RECEIPT.code()), report).toString();
  }

  private static Json fields(Json json, DrainReport report) {
    json.put("pod", report.pod())
        .put("generation", report.generation())
        .put("processEpoch", report.processEpoch())
        .put("epoch", report.epoch())
        .put("phase", report.phase().name())
        .put("ready", report.ready())
        .putArray("reasons", report.reasons());
    if (!report.notes().isEmpty()) {
      json.putArray("notes", report.notes());
    }
    json.put("startedAt", report.startedAt() == null ? null : report.startedAt().toString())
        .putMillis("elapsed", report.elapsed());
    Json phases = new Json();
    for (DrainPhase phase : DrainPhase.values()) {
      Duration took = report.phases().get(phase);
      if (took != null) {
        phases.put(phase.name(), took.toMillis());
      }
    }
    Json outcomes = new Json();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.name(), report.count(outcome));
    }
    json.putObject("phasesMs", phases)
        .put("connections", report.connections())
        .put("tracked", report.tracked())
        .put("late", report.late())
        .put("remaining", report.remaining())
        .putObject("outcomes", outcomes)
        .put("addsUp", report.addsUp())
        .put("workInFlight", report.workInFlight())
        .put("workAbandoned", report.workAbandoned())
        .put("workExpired", report.workExpired());
    DrainReport.OldestWork oldest = report.oldestWork();
    if (oldest != null) {
      json.putObject(
          "oldestWork",
          new Json()
              .put("holder", shown(oldest.holder()))
              .put("work", oldest.work())
              .putMillis("age", oldest.age()));
    }
    if (report.shedAsked() > 0) {
      json.putObject(
          "shed",
          new Json().put("asked", report.shedAsked()).put("cameBack", report.shedCameBack()));
    }
    HandOverCounts handedOver = report.handedOver();
    if (handedOver != null) {
      json.putObject("handover", handOver(report.ticketKeyNames(), handedOver));
    }
    return json.put("handshakesRefused", report.handshakesRefused())
        .put("failures", report.failures())
        .put("compressed", report.compressed())
        .putMillis("budgetRemaining", report.budgetRemaining())
        .putObject("moves", spread(report.moves()))
        .putObject("landings", spread(report.landings()))
        .putObject("pacing", loop(report.pacing()))
        .putArray(
            "slowest",
            report.slowest().stream()
                .map(
                    move ->
                        new Json()
                            .put("connection", shown(move.connection()))
                            .put("transport", move.transport())
                            .put("outcome", move.outcome().name())
                            .putMillis("took", move.took()))
                .toList());
  }

  private static Json loop(DrainReport.Loop pacing) {
    return new Json()
        .put("loop", pacing.closed() ? "CLOSED" : "OPEN")
        .put("mostInTransit", pacing.mostInTransit())
        .put("pauses", pacing.pauses());
  }

  private static Json handOver(List<String> keys, HandOverCounts counts) {
    Json refused = new Json();
    new TreeMap<>(counts.refused()).forEach(refused::put);
    Json fetched = new Json();
    new TreeMap<>(counts.fetched()).forEach((result, count) -> fetched.put(result.name(), count));
    return new Json()
        .putArray("keys", keys)
        .put("kept", counts.kept())
        .put("offered", counts.offered())
        .put("taken", counts.taken())
        .put("expired", counts.expired())
        .putObject("refused", refused)
        .put("packets", counts.packets())
        .put("bytes", counts.bytes())
        .putObject("fetched", fetched);
  }

  private static StringBuilder handedOver(StringBuilder line, DrainReport report) {
    HandOverCounts counts = report.handedOver();
    if (counts != null) {
      line.append(" handover-offered=").append(counts.offered());
      line.append(" handover-taken=").append(counts.taken());
      line.append(" handover-expired=").append(counts.expired());
      new TreeMap<>(counts.refused())
          .forEach(
              (reason, count) ->
                  line.append(" handover-")
                      .append(reason.replace('_', '-'))
                      .append('=')
                      .append(count));
      line.append(" handover-packets=").append(counts.packets());
      line.append(" handover-bytes=").append(counts.bytes());
      new TreeMap<>(counts.fetched())
          .forEach(
              (result, count) ->
                  line.append(" handover-fetched-")
                      .append(result.name().toLowerCase(Locale.ROOT))
                      .append('=')
                      .append(count));
    }
    return line;
  }

  private static StringBuilder shed(StringBuilder line, DrainReport report) {
    if (report.shedAsked() > 0) {
      line.append(" shed=").append(report.shedAsked());
      line.append(" came-back=").append(report.shedCameBack());
    }
    return line;
  }

  private static Json spread(DrainReport.Spread spread) {
    return new Json()
        .put("count", spread.count())
        .putMillis("p50", spread.p50())
        .putMillis("p99", spread.p99())
        .putMillis("max", spread.max());
  }

  static String text(DrainReport report) {
    StringBuilder line = new StringBuilder();
    line.append(report.pod()).append(' ').append(report.phase());
    line.append(report.ready() ? " ready" : " not-ready");
    if (report.epoch() == 0) {
      line.append(" connections=")
          .append(report.connections())
          .append(" work=")
          .append(report.workInFlight());
      return handedOver(shed(line, report), report).toString();
    }
    line.append(" epoch=").append(report.epoch());
    line.append(" reasons=")
        .append(String.join(",", report.reasons().stream().map(Enum::name).toList()));
    line.append(" connections=").append(report.connections());
    line.append(" tracked=").append(report.tracked());
    line.append(" remaining=").append(report.remaining());
    for (Outcome outcome : Outcome.values()) {
      line.append(' ')
          .append(outcome.name().toLowerCase(Locale.ROOT))
          .append('=')
          .append(report.count(outcome));
    }
    line.append(" work=").append(report.workInFlight());
    line.append(" refused=").append(report.handshakesRefused());
    handedOver(shed(line, report), report)
        .append(" elapsed=")
        .append(Durations.format(Duration.ofMillis(report.elapsed().toMillis())));
    line.append(" budget=")
        .append(Durations.format(Duration.ofMillis(report.budgetRemaining().toMillis())));
    DrainReport.OldestWork oldest = report.oldestWork();
    if (oldest != null) {
      line.append(" oldest=")
          .append(oldest.work())
          .append('@')
          .append(shown(oldest.holder()))
          .append('/')
          .append(Durations.format(Duration.ofMillis(oldest.age().toMillis())));
    }
    report.notes().forEach(note -> line.append(" note=\"").append(note).append('"'));
    return line.chars()
        .map(c -> Character.isISOControl(c) ? ' ' : c) // in names of work: one line stays one line
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
