package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.client.Hints.Due;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HintsTest {
  private static final Hint FIRST = new Hint("drain", 2_000, "t1", null);
  private static final Hint SECOND = new Hint("drain", 3_000, "t2", null);
  private static final Hint THIRD = new Hint("shed", 4_000, "t3", null);

  private final VirtualTimers timers = new VirtualTimers();
  private final Hints hints = new Hints(timers);
  private final Connection current = TestConnections.unopened(AwareOptions.defaults());
  private final Connection other = TestConnections.unopened(AwareOptions.defaults());

  private long millisLeft(Due due) {
    return TimeUnit.NANOSECONDS.toMillis(due.deadline() - timers.nanoTime());
  }

  @Test
  void arrived_overTheCurrentConnection_isDueWithinItsGrace() {
    Due due = hints.arrived(current, FIRST, false, true);

    assertThat(due).isNotNull();
    assertThat(due.hint()).isEqualTo(FIRST);
    assertThat(millisLeft(due)).isEqualTo(2_000);
  }

  @Test
  void arrived_copy_isNotDueAgainEvenWhenTheMoveIsOver() {
    hints.arrived(current, FIRST, false, true);

    assertThat(hints.arrived(current, FIRST, true, true)).isNull();
    assertThat(hints.next(current)).isNull();
    assertThat(hints.arrived(current, FIRST, false, true)).isNull();
  }

  @Test
  void arrived_overAnotherConnection_isNotDue() {
    assertThat(hints.arrived(other, FIRST, false, false)).isNull();
    assertThat(hints.next(current)).isNull();
  }

  @Test
  void next_latestOfThoseThatCameMeanwhile_isDueWithWhatIsLeftOfItsGrace() {
    hints.arrived(current, FIRST, false, true);
    hints.arrived(current, SECOND, true, true);
    hints.arrived(current, THIRD, true, true);
    timers.pass(500);
    hints.arrived(current, THIRD, true, true); // a copy begins no new grace

    Due due = hints.next(current);

    assertThat(due).isNotNull();
    assertThat(due.hint()).isEqualTo(THIRD);
    assertThat(millisLeft(due)).isEqualTo(3_500);
    assertThat(hints.next(current)).isNull();
  }

  @Test
  void next_hintsOfBothConnections_isThatOfTheOneThatIsCurrent() {
    hints.arrived(current, FIRST, false, true);
    hints.arrived(other, SECOND, true, false);
    hints.arrived(current, THIRD, true, true); // the old one hints again

    Due due = hints.next(other);

    assertThat(due).isNotNull();
    assertThat(due.hint()).isEqualTo(SECOND);
  }

  @Test
  void next_overAConnectionThatWasLeft_isVoid() {
    hints.arrived(current, FIRST, false, true);
    hints.arrived(current, SECOND, true, true);

    assertThat(hints.next(other)).isNull();
  }
}
