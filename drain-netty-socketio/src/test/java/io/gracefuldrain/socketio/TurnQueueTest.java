package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One after the other, and none waits for ever. */
class TurnQueueTest {
  private final TurnQueue turns = new TurnQueue();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> said = new ArrayList<>();

  private void await(String what) {
    turns.await(channel.eventLoop(), () -> said.add(what), () -> said.add("no " + what));
  }

  @Test
  void await_withAnotherUnderWay_runsInOrderAfterItsEnd() {
    assertThat(turns.tryBegin()).isTrue();
    await("a");
    await("b");
    assertThat(turns.tryBegin()).isFalse();
    channel.runPendingTasks();
    assertThat(said).isEmpty();

    turns.end();
    channel.runPendingTasks();

    assertThat(said).containsExactly("a", "b");
    assertThat(turns.idle()).isTrue();
  }

  @Test
  void await_withNobodyBefore_runsAtOnce() {
    await("a");
    assertThat(turns.idle()).isFalse();
    channel.runPendingTasks();

    assertThat(said).containsExactly("a");
    assertThat(turns.idle()).isTrue();
  }

  @Test
  void await_withOneThatDoesNotEnd_isOverAfterItsPatience() {
    channel.freezeTime();
    turns.tryBegin();
    await("a");
    channel.advanceTimeBy(TurnQueue.PATIENCE_MILLIS - 1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(said).isEmpty();

    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(said).containsExactly("a");
    assertThat(turns.idle()).isFalse();

    await("b");
    channel.runPendingTasks();
    assertThat(said).containsExactly("a");
    turns.end();
    channel.runPendingTasks();
    assertThat(said).containsExactly("a", "b");
    assertThat(turns.idle()).isTrue();
  }

  @Test
  void await_whoseTurnHasCome_leavesNoTimer() {
    turns.tryBegin();
    await("a");
    assertThat(channel.runScheduledPendingTasks()).isPositive();

    turns.end();
    channel.runPendingTasks();

    assertThat(said).containsExactly("a");
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1); // none
  }

  @Test
  void await_thatFails_endsItsTurnAllTheSame() {
    turns.tryBegin();
    turns.await(
        channel.eventLoop(),
        () -> {
          throw new IllegalStateException("no");
        },
        () -> {});
    await("b");
    turns.end();
    channel.runPendingTasks();
    channel.runPendingTasks(); // a server's event loop logs a failure and continues

    assertThatThrownBy(channel::checkException).hasMessage("no");
    assertThat(said).containsExactly("b");
    assertThat(turns.idle()).isTrue();
  }

  @Test
  void full_whenSixteenWait() {
    turns.tryBegin();
    for (int i = 0; i < 15; i++) {
      await("a");
    }
    assertThat(turns.full()).isFalse();
    await("a");
    assertThat(turns.full()).isTrue();
  }
}
