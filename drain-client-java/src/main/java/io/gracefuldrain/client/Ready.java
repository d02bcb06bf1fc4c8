package io.gracefuldrain.client;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The application's preparation of a new connection before its use, such as its rooms or its login.
 *
 * <pre>{@code
 * Ready ready = (next, moving) -> next.emitWithAck("join", "room 7");
 * }</pre>
 */
@FunctionalInterface
public interface Ready {
  /**
   * Makes a new connection ready. It is called at every connect, for each namespace, on socket.io's
   * event thread, so it must not block. A move waits for it, within the server's grace. A failure
   * ends the move with {@code drain:failed}. At the first connect and at a reconnect nothing waits.
   *
   * @param next the new connection's own socket. Emits on it are not held
   * @param moving whether a move waits for this
   * @return completes when the connection is ready; null if it is ready now
   */
  @Nullable CompletionStage<?> ready(ReadySocket next, boolean moving) throws Exception;
}
