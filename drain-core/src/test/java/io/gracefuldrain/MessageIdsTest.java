package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Ids make one message of two deliveries, and never one of two messages. */
class MessageIdsTest {
  @Test
  void next_overThreadsPodsAndRestarts_isUnique() throws Exception {
    Set<String> given = ConcurrentHashMap.newKeySet();
    List<MessageIds> makers =
        List.of(MessageIds.of("pod-a"), MessageIds.of("pod-a"), MessageIds.of("pod-b"));
    List<Thread> threads = new ArrayList<>();
    for (MessageIds ids : makers) {
      for (int i = 0; i < 2; i++) {
        Thread thread =
            new Thread(
                () -> {
                  for (int n = 0; n < 20_000; n++) {
                    given.add(ids.next());
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }
    for (Thread thread : threads) {
      thread.join(10_000);
    }

    assertThat(given).hasSize(120_000);
  }

  @Test
  void next_isShortAndSaysItsPod() {
    MessageIds ids = MessageIds.of(DrainPolicy.defaults().withPod("pod-a"));
    for (int n = 0; n < 40_000; n++) {
      assertThat(ids.next()).startsWith("pod-a.").hasSizeLessThanOrEqualTo("pod-a".length() + 18);
    }
  }

  @Test
  void stamp_copiesTheMessageAndAddsAnId() {
    MessageIds ids = MessageIds.of("pod-a");
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("text", "hello");
    message.put("nothing", null);

    Map<String, Object> stamped = ids.stamp(message);

    assertThat(message).doesNotContainKey("drainId");
    assertThat(stamped)
        .containsOnlyKeys("text", "nothing", "drainId")
        .containsEntry("text", "hello");
    assertThat(stamped.get("drainId")).isNotEqualTo(ids.stamp(message).get("drainId"));
  }

  @Test
  void stamp_ofAStampedMessage_isRefused() {
    MessageIds ids = MessageIds.of("pod-a");
    Map<String, Object> stamped = ids.stamp(Map.of("text", "hello"));

    assertThatThrownBy(() -> MessageIds.of("pod-b").stamp(stamped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("drainId: pod-a.")
        .hasMessageContaining("expected");
  }

  @Test
  void of_aBlankName_isRefused() {
    assertThatThrownBy(() -> MessageIds.of(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pod: ' ' (expected: a name)");
  }
}
