package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.spring.DrainBegunEvent;
import io.gracefuldrain.spring.DrainDoneEvent;
import io.gracefuldrain.spring.DrainPhaseEvent;
import io.gracefuldrain.spring.DrainRecalledEvent;
import io.gracefuldrain.testing.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** The drain as application events. */
class EventsIT {
  private static final String LAZY = "spring.main.lazy-initialization=true";

  @Configuration
  static class Listening {
    @Bean
    Diary diary() {
      return new Diary();
    }

    @Bean
    Stubborn stubborn() {
      return new Stubborn();
    }
  }

  static class Diary {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @EventListener
    void begun(DrainBegunEvent event) {
      seen.add("begun " + event.report().phase());
    }

    @EventListener
    void recalled(DrainRecalledEvent event) {
      seen.add("recalled " + event.report().phase());
    }

    @EventListener
    void done(DrainDoneEvent event) {
      seen.add("done " + event.receipt().phase());
    }
  }

  /** Throws, and then holds up all further events. */
  static class Stubborn {
    final CountDownLatch end = new CountDownLatch(1);

    @EventListener
    void phase(DrainPhaseEvent event) throws InterruptedException {
      if (event.to() == DrainPhase.UNREADY) {
        throw new IllegalStateException("a listener of the test fails");
      } else if (event.to() == DrainPhase.MOVING) {
        end.await(TestApp.BOUND.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private static TestApp start() {
    return TestApp.start(new Class<?>[] {OpenApp.class, Listening.class}, LAZY);
  }

  @Test
  void listeners_thatThrowOrBlock_doNotDelayTheDrain() {
    try (TestApp app = start()) {
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED); // one of them still blocks
      app.bean(Stubborn.class).end.countDown();
    }
  }

  @Test
  void events_beginRecallAndEnd_areHeardInOrderAndBeforeTheContextCloses() {
    Diary diary;
    try (TestApp app = start()) {
      app.bean(Stubborn.class).end.countDown();
      diary = app.bean(Diary.class);
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      app.coordinator().resume();
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
    }
    // The first phase's listener has thrown, so the event behind it is what counts.
    assertThat(diary.seen).contains("done DRAINED", "recalled SERVING");
    assertThat(diary.seen).last().isEqualTo("done DRAINED");
    Await.until("a begin", () -> !diary.seen.isEmpty());
  }
}
