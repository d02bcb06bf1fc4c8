package io.gracefuldrain.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the clock of Netty's embedded channel. */
class LastReadTest {
  private final DrainCoordinator coordinator =
      DrainCoordinator.create(
          DrainPolicy.defaults().withReceipt(DrainPolicy.Receipt.LOG).withTerminationLog(""));
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final LastRead lastRead = new LastRead(coordinator);
  private final List<String> ran = new ArrayList<>();

  @BeforeEach
  void start() {
    channel.freezeTime();
    coordinator.started();
  }

  @AfterEach
  void end() {
    coordinator.close();
  }

  @Test
  void readBefore_inADrain_waitsOnce() {
    coordinator.drain(DrainReason.MANUAL);

    assertThat(readBefore("first")).isTrue();
    assertThat(readBefore("second")).isFalse();

    assertThat(ran).isEmpty();
    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(ran).containsExactly("first");
  }

  @Test
  void readBefore_inADrainAfterARecall_waitsAgain() {
    coordinator.drain(DrainReason.MANUAL);
    readBefore("first");
    coordinator.resume();
    coordinator.drain(DrainReason.MANUAL);

    assertThat(readBefore("in the next drain")).isTrue();
    assertThat(readBefore("once more")).isFalse();
  }

  @Test
  void readBefore_inAShed_waitsOnceToo() {
    assertThat(readBefore("first")).isTrue();
    assertThat(readBefore("second")).isFalse();
  }

  private boolean readBefore(String task) {
    return lastRead.readBefore(channel.eventLoop(), () -> ran.add(task));
  }
}
