package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.thread.EventThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class LandingTest {
  private static final long GRACE_MS = 2_000;

  private final VirtualTimers timers = new VirtualTimers();
  private final Grace grace =
      new Grace(GRACE_MS, timers.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MS), timers);
  private final List<String> told = new ArrayList<>();
  // Never opened, so a landing takes it for ended.
  private final Connection old = TestConnections.unopened(AwareOptions.defaults());
  private final Landing landing =
      new Landing(old, new JSONObject(), timers, () -> told.add("landed"), told::add, answer -> {});

  /** Until the test is done, nothing else runs on the event thread, and landed is not said. */
  private static void onTheEventThread(Runnable test) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    EventThread.exec(
        () -> {
          try {
            test.run();
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    done.join();
  }

  @Test
  void begin_oldEndedInTheLastMillisecondsOfReady_waitsFor50Milliseconds() {
    onTheEventThread(() -> landing.begin(grace));
    onTheEventThread(
        () -> {
          timers.pass(Bounds.BOTH_CUT_MS - 1);
          assertThat(told).isEmpty();
          timers.pass(1);
          assertThat(told).containsExactly("landed");
        });
  }

  @Test
  void oldEnded_justBeforeTheBound_stillWaitsFor50Milliseconds() {
    onTheEventThread(
        () -> {
          landing.begin(grace);
          timers.pass(GRACE_MS + Bounds.BEYOND_GRACE_MS - 10);
          landing.oldEnded();
          timers.pass(Bounds.BOTH_CUT_MS - 1);
          assertThat(told).isEmpty();
          timers.pass(1);
          assertThat(told).containsExactly("landed");
        });
  }

  @Test
  void nextEnded_within50MillisecondsOfTheOldOne_fails() {
    onTheEventThread(
        () -> {
          landing.begin(grace);
          landing.oldEnded();
          timers.pass(Bounds.BOTH_CUT_MS - 1);
          landing.nextEnded("transport close");
          timers.pass(Bounds.BOTH_CUT_MS);
          assertThat(told).containsExactly("the next connection was lost: transport close");
        });
  }

  @Test
  void begin_oldPodSilent_waitsASecondBeyondTheGrace() {
    onTheEventThread(
        () -> {
          landing.begin(grace);
          timers.pass(GRACE_MS + Bounds.BEYOND_GRACE_MS - 1);
          assertThat(told).isEmpty();
          timers.pass(1);
          assertThat(told).containsExactly("landed");
          landing.end();
        });
  }

  @Test
  void hurry_oldEnded_waitsForNothing() {
    onTheEventThread(
        () -> {
          landing.begin(grace);
          landing.hurry();
          assertThat(told).containsExactly("landed");
        });
  }
}
