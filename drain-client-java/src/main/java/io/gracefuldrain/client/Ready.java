package io.gracefuldrain.client;

import io.socket.client.Socket;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The application's preparation of a new connection before its use, such as its rooms or its login.
 *
 * <pre>{@code
 * Ready ready =
 *     (next, moving) -> {
 *       var joined = new CompletableFuture<Void>();
 *       next.emit("join", new Object[] {"room 7"}, answer -> joined.complete(null));
 *       return joined;
 *     };
 * }</pre>
 */
@FunctionalInterface
public interface Ready {
  /**
   * Makes a new connection ready. It is called at every connect, for each namespace, on socket.io's
   * event thread, so it must not block. A move waits for it, within the server's grace. A failure
   * ends the move with {@code drain:failed}. At the first connect and at a reconnect nothing waits.
   *
   * @param socket the new connection's own socket, which does not hold emits. Use it only until
   *     this is done
   * @param moving whether a move waits for this
   * @return completes when the connection is ready; null if it is ready now
   */
  @Nullable CompletionStage<?> ready(Socket socket, boolean moving) throws Exception;
}
