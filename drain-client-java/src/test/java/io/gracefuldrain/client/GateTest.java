package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GateTest {
  private final Queue<Runnable> events = new ArrayDeque<>();
  private final List<String> sent = new ArrayList<>();
  private boolean onEvents;
  private final Gate<String> gate =
      new Gate<>(events::add, () -> onEvents, sent::add, same -> same);

  private void runEvents() {
    onEvents = true;
    for (Runnable task = events.poll(); task != null; task = events.poll()) {
      task.run();
    }
    onEvents = false;
  }

  @Test
  void pass_openOnTheEventThread_goesAtOnce() {
    onEvents = true;

    gate.pass("a");

    assertThat(sent).containsExactly("a");
  }

  @Test
  void pass_openOnAnotherThread_goesOverTheEventThread() {
    gate.pass("a");
    assertThat(sent).isEmpty();

    runEvents();

    assertThat(sent).containsExactly("a");
  }

  @Test
  void take_closed_takesOutThoseOfAKindAndLeavesTheRestInOrder() {
    gate.close();
    List.of("a1", "b1", "a2", "b2").forEach(gate::pass);

    assertThat(gate.take(item -> item.startsWith("b"))).containsExactly("b1", "b2");
    gate.open();

    assertThat(sent).containsExactly("a1", "a2");
  }

  @Test
  void open_withOneThatCannotBeSent_sendsTheOthersAndIsOpen() {
    Gate<String> picky =
        new Gate<>(
            events::add,
            () -> onEvents,
            item -> {
              if (item.equals("bad")) {
                throw new IllegalStateException("on purpose: cannot be encoded");
              }
              sent.add(item);
            },
            same -> same);
    picky.close();
    List.of("a", "bad", "b").forEach(picky::pass);

    picky.open();

    onEvents = true;
    picky.pass("c");
    assertThat(sent).containsExactly("a", "b", "c");
  }

  @Test
  void pass_queuedBeforeTheClosing_goesBeforeWhatFollowsTheClosing() {
    gate.pass("before");
    gate.close();
    events.add(() -> sent.add("landed"));
    gate.pass("held");

    runEvents();
    assertThat(sent).containsExactly("before", "landed");
    gate.open();

    assertThat(sent).containsExactly("before", "landed", "held");
    assertThat(gate.heldInAll()).isOne();
  }

  @Test
  void open_emitsMadeByTheWayOut_comeAfterThoseHeld() {
    List<String> out = new ArrayList<>();
    AtomicReference<Gate<String>> self = new AtomicReference<>();
    Gate<String> chatty =
        new Gate<>(
            events::add,
            () -> true,
            item -> {
              out.add(item);
              if (item.equals("a")) {
                self.get().pass("c");
              }
            },
            same -> same);
    self.set(chatty);
    chatty.close();
    chatty.pass("a");
    chatty.pass("b");

    chatty.open();
    chatty.pass("d");

    assertThat(out).containsExactly("a", "b", "c", "d");
  }

  @Test
  void pass_oneTooMany_isAnErrorThatNamesTheLimitAndLosesNothing() {
    gate.close();
    for (int i = 0; i < Bounds.HELD_MOST; i++) {
      gate.pass("held");
    }

    assertThatThrownBy(() -> gate.pass("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("10000");
    gate.open();

    assertThat(sent).hasSize(Bounds.HELD_MOST).containsOnly("held");
  }

  @Test
  void pass_closed_freezesTheItemAtOnce() {
    Gate<StringBuilder> freezing =
        new Gate<>(
            events::add,
            () -> onEvents,
            item -> sent.add(item.toString()),
            item -> new StringBuilder(item));
    StringBuilder used = new StringBuilder("a");
    freezing.close();

    freezing.pass(used);
    used.append("b");
    freezing.open();

    assertThat(sent).containsExactly("a");
  }

  @Test
  void close_again_countsAnew() {
    gate.close();
    gate.pass("a");
    gate.open();
    gate.close();

    assertThat(gate.heldInAll()).isZero();
  }
}
