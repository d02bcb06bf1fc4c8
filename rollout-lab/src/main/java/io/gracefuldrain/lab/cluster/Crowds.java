package io.gracefuldrain.lab.cluster;

import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.CrowdReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Joins several crowds into one. */
final class Crowds {
  private Crowds() {}

  /**
   * Clients get new numbers. The totals stay those of each crowd, since spreads cannot be added.
   *
   * @param reports the report of each crowd, by its address
   */
  static CrowdReport merge(Map<String, CrowdReport> reports) {
    List<ClientLedger> clients = new ArrayList<>();
    List<CrowdReport.Totals> totals = new ArrayList<>();
    reports.forEach(
        (source, report) -> {
          totals.addAll(report.totals());
          report.clients().forEach(each -> clients.add(each.as(clients.size(), source)));
        });
    CrowdReport any = reports.values().iterator().next();
    return new CrowdReport(
        any.url(),
        reports.values().stream().mapToLong(CrowdReport::beganMs).min().orElse(0),
        reports.values().stream().mapToLong(CrowdReport::endedMs).max().orElse(0),
        any.feedMs(),
        any.upMs(),
        any.orderMs(),
        totals,
        clients);
  }
}
