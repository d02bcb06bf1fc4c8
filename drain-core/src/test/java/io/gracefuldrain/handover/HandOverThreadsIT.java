package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it looks at all threads")
class HandOverThreadsIT {
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("drain-handover-"))
        .collect(Collectors.toSet());
  }

  @Test
  void threads_ofTheClient_areThereFromTheFirstFetchUntilSomeTimeAfterTheLast() throws Exception {
    try (TestPod a = TestPod.start("pod-a");
        TestPod b = TestPod.start("pod-b")) {
      Live live = new Live(b.coordinator, Time.SYSTEM, Duration.ofMillis(500));
      Set<Thread> before = threads();
      a.letGo("alice");
      String token = a.handOver.token("alice");
      assertThat(live.valid(token)).isTrue();
      assertThat(before).as("making and looking at tokens needs none").containsAll(threads());

      TestPod.fetch(live, token, "alice");
      Set<Thread> own = threads();
      own.removeAll(before);
      assertThat(own).isNotEmpty();
      Await.until(
          "they end", Duration.ofSeconds(30), () -> own.stream().noneMatch(Thread::isAlive));
    }
  }
}
