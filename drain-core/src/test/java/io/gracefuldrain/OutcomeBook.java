package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keeps its own account of each drain, from a listener's events. */
final class OutcomeBook implements DrainListener {
  private final BlockingQueue<Runnable> news = new LinkedBlockingQueue<>();
  private final Consumer<String> gone;
  private final Map<String, Outcome> outcomes = new HashMap<>();
  private DrainPhase phase = DrainPhase.SERVING;
  private long epoch;
  private long ended;

  /** Passes on the clients that got an outcome and are gone. */
  OutcomeBook(Consumer<String> gone) {
    this.gone = gone;
  }

  @Override
  public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
    long of = report.epoch();
    news.add(
        () -> {
          assertThat(to == DrainPhase.SERVING || to.compareTo(from) > 0)
              .as("%s after %s", to, from)
              .isTrue();
          if (to == DrainPhase.UNREADY) {
            assertThat(of).isEqualTo(epoch + 1);
            outcomes.clear();
          }
          phase = to;
          epoch = of;
        });
  }

  @Override
  public void connectionEnded(String connection, Outcome outcome) {
    news.add(
        () -> {
          ended++;
          if (phase.draining()) {
            assertThat(outcomes.put(connection, outcome))
                .as("an outcome of %s before %s", connection, outcome)
                .isNull();
          }
          if (outcome != Outcome.KEPT) {
            gone.accept(connection);
          }
        });
  }

  /** Reads on until it has been told all that the coordinator has counted. */
  void catchUp(DrainCoordinator coordinator) throws InterruptedException {
    DrainReport report = coordinator.report();
    long counted = coordinator.totals().ended().values().stream().mapToLong(Long::longValue).sum();
    while (ended < counted || phase != report.phase() || epoch != report.epoch()) {
      Runnable next = news.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("%d of %d, %s of %s", ended, counted, phase, report.phase()).isNotNull();
      next.run();
    }
    assertThat(ended).isEqualTo(counted);
  }

  Map<Outcome, Integer> outcomes() {
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    outcomes.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
    return counts;
  }
}
