package io.gracefuldrain.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DrainSignalsTest {
  private final DrainCoordinator coordinator =
      DrainCoordinator.create(DrainPolicy.defaults().withPod("a"));

  @AfterEach
  void close() {
    coordinator.close();
  }

  @Test
  void install_null_namesTheArgument() {
    assertThatNullPointerException()
        .isThrownBy(() -> DrainSignals.install(null))
        .withMessage("coordinator");
    assertThatNullPointerException()
        .isThrownBy(() -> DrainSignals.install(coordinator, () -> {}, null))
        .withMessage("stops[1]");
  }

  @Test
  void install_sameCoordinatorTwice_isRefused() {
    try (DrainSignals installed = DrainSignals.install(coordinator)) {
      assertThat(installed).isNotNull();
      assertThatIllegalStateException()
          .isThrownBy(() -> DrainSignals.install(coordinator))
          .withMessage(
              "install: the coordinator of pod a is installed already (expected: once, until"
                  + " closed)");
    }
    DrainSignals.install(coordinator).close();
  }

  @Test
  void close_again_changesNothing() {
    DrainSignals first = DrainSignals.install(coordinator);
    first.close();
    try (DrainSignals second = DrainSignals.install(coordinator)) {
      first.close();
      assertThat(second).isNotNull();
      assertThatIllegalStateException().isThrownBy(() -> DrainSignals.install(coordinator));
    }
  }
}
