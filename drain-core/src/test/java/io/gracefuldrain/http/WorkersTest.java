package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who must go when there are more jobs than threads. */
@Timeout(30)
final class WorkersTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Workers workers = new Workers("worker", 2, nanos::get);
  private final Map<String, CountDownLatch> begun = new ConcurrentHashMap<>();
  private final List<String> cut = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    workers.close(Duration.ZERO);
  }

  /** A job that ends when it is cut. */
  private void stall(String name) {
    workers.execute(
        () -> {
          begins(name);
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            cut.add(name);
          }
        });
  }

  /** A job that ends when it is released, whether it is cut or not. */
  private void resist(String name) {
    workers.execute(
        () -> {
          begins(name);
          boolean interrupted = false;
          while (released.getCount() > 0) {
            try {
              released.await();
            } catch (InterruptedException e) {
              interrupted = true; // as code that knows no interrupts
            }
          }
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void begins(String name) {
    beginning(name).countDown();
  }

  private CountDownLatch beginning(String name) {
    return begun.computeIfAbsent(name, unknown -> new CountDownLatch(1));
  }

  private void await(String... names) throws InterruptedException {
    for (String name : names) {
      assertThat(beginning(name).await(20, TimeUnit.SECONDS)).as("%s begins", name).isTrue();
    }
  }

  @Test
  void execute_allBusy_cutsTheOldestForTheNewest() throws Exception {
    stall("first");
    await("first");
    stall("second");
    await("second");
    assertThat(cut).isEmpty();

    stall("third");

    await("third");
    assertThat(cut).containsExactly("first");
    assertThat(workers.crowdedOut()).isEqualTo(1);
    assertThat(workers.crowdedOut()).isZero();
  }

  @Test
  void execute_thousands_runsEachWithoutDelay() throws Exception {
    for (int i = 0; i < 3000; i++) {
      stall("job " + i);
      await("job " + i);
    }

    Await.until(() -> cut.size() == 2998);
  }

  @Test
  void execute_thoseThatWaitAreCutToo_andRunAllTheSame() throws Exception {
    resist("first");
    await("first");
    resist("second");
    await("second");
    stall("third"); // waits: the first does not end
    stall("fourth");
    stall("fifth"); // cuts the third, whose socket must be closed all the same

    released.countDown();

    await("third", "fourth", "fifth");
    Await.until(() -> cut.contains("third"));
    assertThat(cut).containsExactly("third");
  }

  @Test
  void cutOlderThan_cutsThoseAlone() throws Exception {
    stall("first");
    await("first");
    assertThat(workers.cutOlderThan(Duration.ofHours(1))).isZero();

    assertThat(workers.cutOlderThan(Duration.ZERO)).isEqualTo(1);

    Await.until(() -> cut.contains("first"));
    assertThat(workers.cutOlderThan(Duration.ZERO)).isZero();
    assertThat(workers.crowdedOut()).isZero();
  }

  @Test
  void cut_lateOrEarly_doesNotReachTheNextJob() throws Exception {
    stall("first");
    await("first");
    workers.cutOlderThan(Duration.ZERO);
    Await.until(() -> cut.contains("first"));

    resist("second");
    resist("third");
    await("second", "third");
    stall("fourth"); // cuts the second, which goes on
    released.countDown();

    await("fourth");
    assertThat(cut).containsExactly("first");
  }

  @Test
  void execute_oneNeverEnds_theNewestHasTheOtherThreadAllTheSame() throws Exception {
    resist("first");
    await("first");
    stall("second");
    await("second");
    stall("third"); // cuts the first, which goes on: the third waits
    nanos.addAndGet(Duration.ofMillis(100).toNanos());

    stall("fourth"); // and nobody comes after it
    await("fourth");
    stall("fifth");
    await("fifth");

    assertThat(cut).containsExactly("second", "third", "fourth");
    released.countDown();
  }

  @Test
  void execute_thoseThatNeverEndHaveAllThreads_stillCutsOneForOne() throws Exception {
    resist("first");
    await("first");
    resist("second");
    await("second");
    stall("third");
    stall("fourth"); // both threads are lost
    nanos.addAndGet(Duration.ofMillis(100).toNanos());

    stall("fifth");
    released.countDown();

    await("fifth");
    assertThat(workers.crowdedOut()).isEqualTo(4);
  }

  @Test
  void cutOlderThan_aThreadIsLost_makesRoomForThoseThatWait() throws Exception {
    resist("first");
    await("first");
    stall("second");
    await("second");
    stall("third"); // waits: the first does not end
    assertThat(workers.cutOlderThan(Duration.ofHours(1))).isZero();
    assertThat(cut).isEmpty();
    nanos.addAndGet(Duration.ofMillis(100).toNanos());

    assertThat(workers.cutOlderThan(Duration.ofHours(1))).isZero();

    await("third");
    assertThat(cut).containsExactly("second");
    released.countDown();
  }
}
