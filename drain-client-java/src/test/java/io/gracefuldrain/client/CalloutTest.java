package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.socket.client.IO;
import java.net.URI;
import org.junit.jupiter.api.Test;

class CalloutTest {
  /** As Kotlin does. */
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
  void readying_error_isAFailureOfTheMove() {
    AwareOptions options =
        AwareOptions.defaults()
            .withReady(
                (socket, moving) -> {
                  throw new AssertionError("the application's");
                });
    URI url = URI.create("http://127.0.0.1:9");
    Client client =
        new Client(Target.of(url, new IO.Options()), options.overlap(), EventTimers.shared());
    AwareSocket socket = client.sockets().of("/", options);
    Connection connection = new Connection(client, Target.of(url, new IO.Options()), socket);

    assertThatCode(() -> Readying.begin(connection.channel(socket), true).toCompletableFuture())
        .doesNotThrowAnyException();
  }
}
