package io.gracefuldrain.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainCoordinator;
import org.junit.jupiter.api.Test;

/** An adapter that breaks the contract is found. */
class BreachIT {
  @Test
  void adapterThatAdmitsEverybody_isFound() throws Exception {
    DrainableConnectionContract contract =
        new DrainableConnectionContract() {
          @Override
          protected ContractServer open(
              DrainCoordinator coordinator, ContractApplication application) {
            return new MemoryServer(coordinator, application, false);
          }
        };
    contract.begin();
    try {
      assertThatThrownBy(contract::admission_oncePastTheGate_isRefused)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("admitted, not refused");
    } finally {
      contract.end();
    }
  }
}
