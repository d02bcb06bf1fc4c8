package io.gracefuldrain.sample.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final long START = 1_790_000_000_123L;

  private final FakeTimer time = new FakeTimer();
  private final Feed feed = new Feed("one", time, () -> {});

  @Test
  void add_reader_getsEachNumberOnceAndWhenItIsDue() {
    FakeReader reader = joined(100);
    time.pass(1_000);
    assertThat(reader.messages).hasSize(10).doesNotHaveDuplicates();
    assertThat(reader.messages)
        .first()
        .isEqualTo(new Events.Message(17_900_000_002L, START + 77, "one"));
    assertThat(reader.missing()).isZero();
    assertThat(reader.late).containsOnly(0L);
  }

  @Test
  void add_sameInterval_getsTheSameNumbers() {
    FakeReader reader = joined(100);
    time.pass(250);
    FakeReader later = joined(100);
    time.pass(1_000);
    assertThat(reader.messages).endsWith(later.messages.toArray(new Events.Message[0]));
    assertThat(later.messages).hasSize(10);
  }

  @Test
  void add_otherInterval_hasItsOwnNumbers() {
    FakeReader slow = joined(1_000);
    FakeReader fast = joined(10);
    time.pass(2_000);
    assertThat(slow.messages).hasSize(2);
    assertThat(fast.messages).hasSize(200);
  }

  @Test
  void add_rightAfterTheLastHasLeft_getsEachNumberOnce() {
    FakeReader first = joined(100);
    time.pass(250);
    feed.remove(first);
    FakeReader second = joined(100);
    time.pass(1_000);
    assertThat(first.messages).hasSize(2);
    assertThat(second.messages).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void remove_last_leavesNothingToDo() {
    FakeReader reader = joined(100);
    feed.remove(reader);
    time.pass(1_000);
    assertThat(reader.messages).isEmpty();
    assertThat(time.tasks).isEmpty();
  }

  @Test
  void send_readerDoesNotListenYet_getsNothingUntilItDoes() {
    FakeReader reader = joined(100);
    reader.listens = false;
    time.pass(500);
    assertThat(reader.messages).isEmpty();
    reader.listens = true;
    time.pass(500);
    assertThat(reader.messages).hasSize(5);
  }

  @Test
  void send_shortStall_makesUpForIt() {
    FakeReader reader = joined(100);
    time.stall(3_000);
    time.pass(100);
    assertThat(reader.messages).hasSize(31);
    assertThat(reader.missing()).isZero();
  }

  @Test
  void send_longStall_isBoundedAndSeenAsMissing() {
    FakeReader reader = joined(100);
    time.pass(100);
    time.stall(60_000);
    time.pass(100);
    assertThat(reader.messages).hasSize(1 + FeedSchedule.BURST + 1);
    assertThat(reader.missing()).isEqualTo(600 - FeedSchedule.BURST);
  }

  @Test
  void send_readerThatThrows_losesOnlyThatMessage() {
    FakeReader reader = joined(100);
    reader.fails = true;
    time.pass(100);
    reader.fails = false;
    time.pass(500);
    assertThat(reader.messages).hasSize(5);
  }

  @Test
  void add_readerThatCatchesUp_firstGetsWhatWasDueInTheLastMoments() {
    FakeReader before = joined(100);
    time.pass(1_000);
    FakeReader reader = new FakeReader(100);
    reader.behind = true;
    reader.listens = false;
    feed.add(reader);
    time.pass(200);
    reader.listens = true;
    time.pass(300);
    assertThat(reader.messages).hasSize(5).isEqualTo(before.messages.subList(10, 15));
  }

  @Test
  void add_readerThatCatchesUp_getsNothingOlder() {
    FakeReader before = joined(1_000);
    time.pass(1_000);
    FakeReader reader = new FakeReader(1_000);
    reader.behind = true;
    feed.add(reader);
    time.pass(1_000);
    assertThat(reader.messages).isEqualTo(before.messages.subList(1, 2));
  }

  private FakeReader joined(int feedMs) {
    FakeReader reader = new FakeReader(feedMs);
    feed.add(reader);
    return reader;
  }

  private final class FakeReader implements Feed.Reader {
    private final int feedMs;
    private final List<Events.Message> messages = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private boolean listens = true;
    private boolean fails;
    private boolean behind;

    FakeReader(int feedMs) {
      this.feedMs = feedMs;
    }

    @Override
    public int feedMs() {
      return feedMs;
    }

    @Override
    public boolean catchesUp() {
      return behind;
    }

    @Override
    public boolean listens() {
      return listens;
    }

    @Override
    public void send(String event, Object payload) {
      if (fails) {
        throw new IllegalStateException("by the test");
      }
      Events.Message message = (Events.Message) payload;
      messages.add(message);
      late.add(time.nowMs() - message.at());
    }

    long missing() {
      return messages.get(messages.size() - 1).n() - messages.get(0).n() + 1 - messages.size();
    }
  }

  private static final class FakeTimer implements Feed.Timer {
    private record Task(long at, Runnable body) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing(Task::at));
    private long now = START;

    @Override
    public long nowMs() {
      return now;
    }

    @Override
    public void run(Runnable body, long delayMs) {
      tasks.add(new Task(now + delayMs, body));
    }

    void pass(long millis) {
      long end = now + millis;
      while (!tasks.isEmpty() && tasks.element().at() <= end) {
        Task task = tasks.remove();
        now = Math.max(now, task.at());
        task.body().run();
      }
      now = end;
    }

    /** Time passes and nothing runs. */
    void stall(long millis) {
      now += millis;
    }
  }
}
