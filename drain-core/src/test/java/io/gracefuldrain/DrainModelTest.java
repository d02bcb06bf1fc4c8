package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DrainModelTest {
  private static final int RUNS = 250;
  private static final int STEPS = 150;

  @Test
  void coordinator_underRandomSteps_agreesWithThePlainAccount() throws Exception {
    int lateEntries = 0;
    try (Log log = new Log()) {
      for (int seed = 0; seed < RUNS; seed++) {
        try {
          lateEntries += new DrainModel(seed).run(STEPS);
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
      }
      assertThat(log.lines(LogCode.STEP_FAILED)).isEmpty();
    }
    assertThat(lateEntries).as("messages between a seal and a close").isGreaterThan(RUNS);
  }
}
