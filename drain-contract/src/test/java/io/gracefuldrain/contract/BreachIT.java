package io.gracefuldrain.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainCoordinator;
import java.time.Duration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An adapter that breaks a rule of the contract is found, by the test of that rule. */
@Execution(ExecutionMode.CONCURRENT)
class BreachIT {
  @ParameterizedTest
  @EnumSource
  void adapterThat_breaksARule_isFound(Breach breach) throws Exception {
    DrainableConnectionContract contract =
        new DrainableConnectionContract() {
          @Override
          protected ContractServer open(
              DrainCoordinator coordinator, ContractApplication application) {
            return new MemoryServer(coordinator, application, breach);
          }
        };
    contract.impatient(Duration.ofSeconds(5));
    contract.begin();
    try {
      Finding finding = finding(breach, contract);
      assertThatThrownBy(finding.test::run)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(finding.message);
    } finally {
      contract.end();
    }
  }

  /** A test of the contract. */
  private interface Check {
    void run() throws Exception;
  }

  /** The test that finds a breach, and what it says. */
  private record Finding(Check test, String message) {}

  private static Finding finding(Breach breach, DrainableConnectionContract contract) {
    return switch (breach) {
      case ADMITS_EVERYBODY ->
          new Finding(contract::admission_oncePastTheGate_isRefused, "admitted, not refused");
      case WELCOMES_IDLE_CLIENTS ->
          new Finding(
              contract::admission_connectCallback_isWorkInFlight,
              "work in flight in the connect callback: 0");
      case LOSES_THE_EXIT_OF_A_HANDLER_THAT_THROWS ->
          new Finding(contract::message_throws_leavesNoWork, "no work in flight");
      case DROPS_WHAT_COMES_LATE ->
          new Finding(
              contract::letGo_messageBehindTheLastWork_isDispatched, "expected: <2> but was: <1>");
      case DISPATCHES_AFTER_THE_END ->
          new Finding(contract::letGo_clientThatSendsOn_isClosed, "messages dispatched");
      case IGNORES_LET_GO -> new Finding(contract::letGo_idle_ends, "the receipt");
      case IGNORES_FORCE -> new Finding(contract::force_busy_ends, "no connection");
      case IGNORES_FORCE_AFTER_LET_GO ->
          new Finding(contract::force_slowReader_endsAtOnce, "no connection");
      case TELLS_THE_APPLICATION_FIRST ->
          new Finding(contract::disconnected_throwsAnException_isLetGo, "the receipt");
      case CATCHES_EXCEPTIONS_ALONE ->
          new Finding(contract::disconnected_throwsAnError_isLetGo, "the receipt");
      case OVERLOOKS_CLIENTS_THAT_LEAVE ->
          new Finding(contract::left_beforeClose_isGone, "one connection");
    };
  }
}
