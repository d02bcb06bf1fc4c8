package io.gracefuldrain.client;

import io.socket.client.Socket;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the application needs on a new connection before it can be used: its rooms, its login. */
@FunctionalInterface
public interface Ready {
  /**
   * Makes a new connection ready. Called at every connect, for each namespace, on socket.io's event
   * thread: not to be blocked. A move waits for it as long as the server's grace lasts; at the
   * first connect and at a reconnect nothing waits. A failure ends the move ({@code drain:failed}).
   *
   * @param socket the new connection's own socket, on which emits are not held; only for use until
   *     this is done
   * @param moving whether the old connection still stands
   * @return when it is ready; null: at once
   */
  @Nullable CompletionStage<?> ready(Socket socket, boolean moving) throws Exception;
}
