package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.ConnectionCaller.Call;
import io.gracefuldrain.ConnectionCaller.Kind;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The real way to connections, on its real thread, in virtual time. A thread that one test has left
 * behind may still log in the next: so their lines are looked for among others.
 */
final class CallThreadTest {
  private final VirtualClock clock = new VirtualClock();
  private final BlockingQueue<Call> failed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> made = new LinkedBlockingQueue<>();
  private final Log log = new Log();
  private final CallThread caller =
      new CallThread(clock, new Journal(VirtualPod.policy(), silent()));
  private final VirtualPod pod = VirtualPod.serving();

  @BeforeEach
  void noteFailures() {
    caller.onFailure(
        call -> {
          failed.add(call);
          return List.of();
        });
  }

  @AfterEach
  void close() {
    caller.close();
    log.close();
  }

  private static PrintStream silent() {
    return new PrintStream(PrintStream.nullOutputStream());
  }

  private Call call(String id, Runnable action) {
    FakeClient client = new FakeClient(id, false, clock);
    TrackedConnection tracked = (TrackedConnection) pod.coordinator.register(client);
    return new Call(tracked, Kind.LET_GO, action);
  }

  private Call noted(String id) {
    return call(id, () -> made.add(id));
  }

  private String nextMade() throws InterruptedException {
    return made.poll(10, TimeUnit.SECONDS);
  }

  /** A call that blocks until it is let go, and says when it has begun. */
  private final class Blocking {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);
    final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    Call call(String id) {
      return CallThreadTest.this.call(
          id,
          () -> {
            begun.countDown();
            boolean wasInterrupted = false;
            while (true) {
              try {
                end.await();
                break;
              } catch (InterruptedException e) {
                wasInterrupted = true;
                interrupted.complete(true);
              }
            }
            made.add(id);
            if (wasInterrupted) {
              throw new IllegalStateException("interrupted", new InterruptedException());
            }
          });
    }

    void awaitBegun() throws InterruptedException {
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void calls_ofOneThread_keepTheirOrder() throws Exception {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(noted("c" + i));
    }
    caller.call(calls.subList(0, 50));
    caller.call(calls.subList(50, 100));

    for (int i = 0; i < 100; i++) {
      assertThat(nextMade()).isEqualTo("c" + i);
    }
    assertThat(failed).isEmpty();
  }

  @Test
  void call_thatThrowsAnything_isCountedAndTheNextIsMade() throws Exception {
    Call exception =
        call(
            "exception",
            () -> {
              throw new IllegalStateException("no channel");
            });
    Call error =
        call(
            "error",
            () -> {
              throw new StackOverflowError();
            });
    caller.call(List.of(exception, error, noted("next")));

    assertThat(nextMade()).isEqualTo("next");
    assertThat(failed.poll(10, TimeUnit.SECONDS)).isSameAs(exception);
    assertThat(failed.poll(10, TimeUnit.SECONDS)).isSameAs(error);
    assertThat(log.lines(LogCode.CONNECTION_FAILED))
        .contains(
            "{\"code\":\"DRAIN-020\",\"connection\":\"exception\",\"call\":\"LET_GO\"}",
            "{\"code\":\"DRAIN-020\",\"connection\":\"error\",\"call\":\"LET_GO\"}");
  }

  @Test
  void call_thatBlocks_isLeftBehindAfterItsPatienceAndNotBefore() throws Exception {
    Blocking blocking = new Blocking();
    Call stuck = blocking.call("stuck");
    caller.call(List.of(stuck, noted("next")));
    blocking.awaitBegun();

    clock.advance(Duration.ofNanos(CallThread.PATIENCE - 1));
    assertThat(caller.check()).as("still out").isTrue();
    assertThat(failed).isEmpty();
    assertThat(made).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(caller.check()).isTrue();

    assertThat(nextMade()).isEqualTo("next");
    assertThat(failed.poll(10, TimeUnit.SECONDS)).isSameAs(stuck);
    assertThat(blocking.interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(log.lines(LogCode.CONNECTION_STUCK))
        .containsExactly("{\"code\":\"DRAIN-022\",\"connection\":\"stuck\",\"call\":\"LET_GO\"}");
    blocking.end.countDown();
  }

  @Test
  void call_thatComesBackLate_isNotCountedTwice() throws Exception {
    Blocking blocking = new Blocking();
    caller.call(List.of(blocking.call("stuck")));
    blocking.awaitBegun();
    clock.advance(s(1));
    caller.check();
    assertThat(failed.poll(10, TimeUnit.SECONDS)).isNotNull();
    blocking.interrupted.get(10, TimeUnit.SECONDS);

    blocking.end.countDown();
    assertThat(nextMade()).isEqualTo("stuck");
    caller.call(List.of(noted("next")));
    assertThat(nextMade()).isEqualTo("next");

    assertThat(failed).isEmpty();
  }

  @Test
  void calls_thatAllBlock_cannotHoldMoreThreadsThanTheLimit() throws Exception {
    List<Blocking> blocked = new ArrayList<>();
    for (int i = 0; i < CallThread.MOST_STUCK; i++) {
      Blocking blocking = new Blocking();
      blocked.add(blocking);
      caller.call(List.of(blocking.call("stuck" + i)));
      blocking.awaitBegun();
      clock.advance(s(1));
      caller.check();
      assertThat(failed.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
    caller.call(List.of(noted("last")));
    assertThat(caller.check()).as("still out").isTrue();
    assertThat(made).isEmpty();

    // One that comes back after all makes room again.
    blocked.get(3).end.countDown();
    assertThat(nextMade()).isEqualTo("stuck3");
    String last = null;
    for (int i = 0; last == null && i < 1000; i++) {
      caller.check();
      last = made.poll(10, TimeUnit.MILLISECONDS);
    }
    assertThat(last).isEqualTo("last");
    blocked.forEach(blocking -> blocking.end.countDown());
  }

  @Test
  void interrupt_setByOneCall_isNotTheNextOnes() throws Exception {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    caller.call(
        List.of(
            call("rude", () -> Thread.currentThread().interrupt()),
            call("next", () -> seen.complete(Thread.currentThread().isInterrupted()))));

    assertThat(seen.get(10, TimeUnit.SECONDS)).isFalse();
    caller.call(List.of(noted("later")));
    assertThat(nextMade()).isEqualTo("later");
  }

  @Test
  void call_thatIsSlow_isNamed() throws Exception {
    caller.call(List.of(call("slow", () -> clock.advance(ms(150))), noted("next")));
    assertThat(nextMade()).isEqualTo("next");
    assertThat(log.lines(LogCode.CONNECTION_SLOW))
        .contains(
            "{\"code\":\"DRAIN-021\",\"connection\":\"slow\",\"call\":\"LET_GO\",\"tookMs\":150}");
    assertThat(failed).isEmpty();
  }

  @Test
  void close_dropsWhatWaits() throws Exception {
    Blocking blocking = new Blocking();
    caller.call(List.of(blocking.call("last"), noted("dropped")));
    blocking.awaitBegun();

    caller.close();
    blocking.end.countDown();
    assertThat(nextMade()).isEqualTo("last");
    caller.call(List.of(noted("refused")));

    // The thread may still be on its way out of its last call.
    for (int i = 0; caller.check() && i < 1000; i++) {
      assertThat(made.poll(10, TimeUnit.MILLISECONDS)).isNull();
    }
    assertThat(caller.check()).isFalse();
    assertThat(made.poll()).isNull();
  }

  @Test
  void check_withNothingOut_isFalse() throws Exception {
    assertThat(caller.check()).isFalse();
    caller.call(List.of());
    assertThat(caller.check()).isFalse();
  }
}
