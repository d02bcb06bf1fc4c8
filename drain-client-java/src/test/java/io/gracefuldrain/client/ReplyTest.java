package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.socket.client.AckWithTimeout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private static final long LONG_MILLIS = 60_000;

  private final List<String> told = new ArrayList<>();

  /** The application's. It notes each answer, and throws if the test wants that. */
  private final class Noting extends AckWithTimeout {
    private final boolean throwing;

    Noting(boolean throwing) {
      super(LONG_MILLIS);
      this.throwing = throwing;
    }

    @Override
    public void onSuccess(Object... args) {
      told.add("success");
    }

    @Override
    public void onTimeout() {
      told.add("timeout");
      if (throwing) {
        throw new IllegalStateException("the application's");
      }
    }
  }

  @Test
  void begin_answeredAlready_isNoErrorOfTheEmit() {
    Reply reply = new Reply(new Noting(false), () -> {});
    reply.call("answer"); // on the event thread, before the emitting thread gets there

    assertThatCode(reply::begin).doesNotThrowAnyException();

    assertThat(told).containsExactly("success");
  }

  @Test
  void lost_applicationThrows_goesOn() {
    Reply reply = new Reply(new Noting(true), () -> {});
    reply.begin();

    assertThatCode(reply::lost).doesNotThrowAnyException();
    reply.call("late");

    assertThat(told).containsExactly("timeout");
  }
}
