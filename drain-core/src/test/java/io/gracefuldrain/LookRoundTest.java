package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A line that is looked at in parts. */
final class LookRoundTest {
  private final VirtualClock clock = new VirtualClock();
  private final Roster roster = new Roster();
  private final LookRound round = new LookRound(roster.due);
  private final List<String> seen = new ArrayList<>();

  private TrackedConnection due(String id) {
    ConnectionRegistry reactions = null;
    TrackedConnection tracked =
        new TrackedConnection(handle -> new FakeClient(id, false, clock), reactions, roster, clock);
    tracked.tryEnter();
    tracked.letGoOrDue(clock.nanos());
    return tracked;
  }

  private void visit(int most) {
    round.visit(most, tracked -> seen.add(tracked.id));
  }

  @Test
  void visit_inParts_seesEachOnce() {
    List.of("a", "b", "c").forEach(this::due);
    round.begin();

    visit(2);
    assertThat(seen).containsExactly("a", "b");
    assertThat(round.over()).isFalse();
    visit(2);

    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(round.over()).isTrue();
    visit(2);
    assertThat(seen).hasSize(3);
  }

  @Test
  void visit_whenOthersCame_leavesThemToTheNextRound() {
    due("a");
    round.begin();
    due("b");

    visit(9);
    assertThat(seen).containsExactly("a");
    round.begin();
    visit(9);

    assertThat(seen).containsExactlyInAnyOrder("a", "a", "b");
  }

  @Test
  void visit_whenSomeHaveGone_isOver() {
    TrackedConnection first = due("a");
    TrackedConnection second = due("b");
    round.begin();
    first.leavesRoster();

    visit(9);

    assertThat(seen).contains("b").doesNotContain("a");
    assertThat(round.over()).isTrue();
    round.begin();
    second.leavesRoster();
    assertThat(round.over()).isTrue();
  }
}
