package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class CalloutTest {
  /** Throws anything undeclared, as Kotlin can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void throwing(Throwable e) throws E {
    throw (E) e;
  }

  @Test
  void run_errorOrUndeclaredException_stopsNothing() {
    assertThatCode(() -> Callout.run(() -> throwing(new AssertionError("the application's"))))
        .doesNotThrowAnyException();
    assertThatCode(() -> Callout.run(() -> throwing(new Exception("the application's"))))
        .doesNotThrowAnyException();
  }

  @Test
  void readyCall_error_isAFailureOfTheMove() {
    AwareOptions options =
        AwareOptions.defaults()
            .withReady(
                (socket, moving) -> {
                  throw new AssertionError("the application's");
                });
    Connection connection = TestConnections.unopened(options);
    Channel channel = connection.channels().iterator().next();

    assertThatCode(() -> ReadyCall.moving(channel).toCompletableFuture())
        .doesNotThrowAnyException();
  }
}
