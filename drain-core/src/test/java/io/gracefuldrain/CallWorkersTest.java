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
final class CallWorkersTest {
  private final VirtualClock clock = new VirtualClock();
  private final BlockingQueue<Call> failed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> made = new LinkedBlockingQueue<>();
  private final Log log = new Log();
  private final CallWorkers caller =
      new CallWorkers(clock, new Journal(VirtualPod.policy(), silent(), Runnable::run));
  private final VirtualPod pod = VirtualPod.serving();

  @BeforeEach
  void noteFailures() {
    caller.onFailure(
        (call, stuck) -> {
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

  private TrackedConnection tracked(String id) {
    return (TrackedConnection) pod.coordinator.register(new FakeClient(id, false, clock));
  }

  private Call noted(TrackedConnection tracked, Kind kind) {
    return new Call(tracked, kind, () -> made.add(tracked.id + ":" + kind));
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
      return CallWorkersTest.this.call(
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
  void calls_ofOneKind_keepTheirOrder() throws Exception {
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
    caller.call(List.of(stuck));
    blocking.awaitBegun();

    clock.advance(Duration.ofNanos(CallWorkers.PATIENCE - 1));
    assertThat(caller.check()).as("still out").isTrue();
    assertThat(failed).isEmpty();
    clock.advance(Duration.ofNanos(1));
    assertThat(caller.check()).as("left behind").isFalse();

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
  void calls_thatWait_haveAThreadMoreAtEachStep() throws Exception {
    List<Blocking> blocked = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Blocking blocking = new Blocking();
      blocked.add(blocking);
      caller.call(List.of(blocking.call("stuck" + i)));
      caller.check();
      blocking.awaitBegun();
    }
    caller.call(List.of(noted("healthy")));
    caller.check();

    assertThat(nextMade()).as("with no time passed").isEqualTo("healthy");
    blocked.forEach(blocking -> blocking.end.countDown());
  }

  @Test
  void calls_thatAllBlock_holdUpTheNextByTheirPatienceOnly() throws Exception {
    List<Blocking> blocked = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < CallWorkers.MOST_WORKERS; i++) {
        Blocking blocking = new Blocking();
        blocked.add(blocking);
        caller.call(List.of(blocking.call("stuck" + i)));
        caller.check();
        blocking.awaitBegun();
      }
      caller.call(List.of(noted("waits" + round)));
      caller.check();
      assertThat(made).isEmpty();
      clock.advance(Duration.ofNanos(CallWorkers.PATIENCE));
      caller.check();
      assertThat(nextMade()).isEqualTo("waits" + round);
    }

    assertThat(failed).hasSize(3 * CallWorkers.MOST_WORKERS);
    for (int i = 0; caller.check() && i < 1000; i++) {
      assertThat(made.poll(10, TimeUnit.MILLISECONDS)).isNull();
    }
    assertThat(caller.check()).as("those left behind do not count").isFalse();
    blocked.forEach(blocking -> blocking.end.countDown());
  }

  @Test
  void calls_thatWait_areMadeTheStrongestFirst() throws Exception {
    List<Blocking> all = new ArrayList<>();
    for (int i = 0; i < CallWorkers.MOST_WORKERS; i++) {
      Blocking blocking = new Blocking();
      all.add(blocking);
      caller.call(List.of(blocking.call("busy")));
      caller.check();
      blocking.awaitBegun();
    }
    caller.call(
        List.of(
            noted(tracked("a"), Kind.PLAN),
            noted(tracked("b"), Kind.HINT),
            noted(tracked("c"), Kind.LET_GO),
            noted(tracked("d"), Kind.FORCE)));

    all.get(0).end.countDown(); // one thread is free
    assertThat(nextMade()).isEqualTo("busy");
    assertThat(List.of(nextMade(), nextMade(), nextMade(), nextMade()))
        .containsExactly("d:FORCE", "c:LET_GO", "b:HINT", "a:PLAN");
    all.forEach(blocking -> blocking.end.countDown());
  }

  @Test
  void force_takesThePlaceOfWhatWaitsForItsConnection() throws Exception {
    TrackedConnection one = tracked("one");
    Blocking hint = new Blocking();
    caller.call(List.of(new Call(one, Kind.HINT, hint.call("hint").action())));
    hint.awaitBegun();
    caller.call(List.of(noted(one, Kind.LET_GO)));
    caller.call(List.of(noted(one, Kind.FORCE)));
    caller.call(List.of(noted(one, Kind.LET_GO))); // weaker than what waits

    hint.end.countDown();

    assertThat(nextMade()).isEqualTo("hint");
    assertThat(nextMade()).isEqualTo("one:FORCE");
    caller.call(List.of(noted("next")));
    assertThat(nextMade()).isEqualTo("next");
  }

  @Test
  void calls_toOneConnection_overlapOnlyIfTheFirstIsLeftBehind() throws Exception {
    TrackedConnection one = tracked("one");
    Blocking letGo = new Blocking();
    caller.call(List.of(new Call(one, Kind.LET_GO, letGo.call("let go").action())));
    letGo.awaitBegun();
    caller.call(List.of(noted(one, Kind.FORCE), noted("other")));
    caller.check();
    assertThat(nextMade()).isEqualTo("other");
    caller.check();
    assertThat(made).isEmpty();

    clock.advance(Duration.ofNanos(CallWorkers.PATIENCE));
    caller.check();

    assertThat(nextMade()).isEqualTo("one:FORCE");
    letGo.end.countDown();
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
