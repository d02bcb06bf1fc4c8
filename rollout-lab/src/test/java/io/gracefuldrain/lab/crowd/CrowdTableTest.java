package io.gracefuldrain.lab.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.ledger.Accounts;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.CrowdReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdTableTest {
  @Test
  void table_eachFigure_hasItsRow() {
    Accounts accounts = new Accounts(new Accounts.Intervals(100, 1_000, 15_000), 1);
    accounts.open(ClientKind.LEAN_POLLING, "", 100_000, 1_000);
    CrowdReport report =
        new CrowdReport(
            "http://a", 1, 2, 100, 500, 15_000, accounts.close(5_000).totals(), List.of());
    assertThat(CrowdTable.of(report))
        .hasSize(28)
        .anyMatch(line -> line.matches("clients +1"))
        .anyMatch(line -> line.matches("orders cut +0"))
        .anyMatch(line -> line.matches("gap p50/p99/max ms +-"))
        .first()
        .asString()
        .endsWith("lean-polling");
  }
}
