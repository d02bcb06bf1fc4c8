package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.DrainCoordinator;
import java.util.function.Consumer;

/**
 * The one server that is attached, as the adapter's parts see it: its coordinator from the start,
 * its settings once it has started. Thread-safe.
 */
final class ServerContext {
  private final DrainCoordinator coordinator;
  private volatile String path = "/socket.io/";
  private volatile HttpAnswers answers = new HttpAnswers(false, null, null);
  private volatile Consumer<ClientHead> forget = head -> {};
  private volatile boolean started;

  ServerContext(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  /**
   * Called as the server starts.
   *
   * @param forgetting takes a session out of netty-socketio's tables
   */
  void start(Configuration configuration, Consumer<ClientHead> forgetting) {
    path = configuration.getContext() + "/";
    answers = HttpAnswers.of(configuration);
    forget = forgetting;
    started = true;
  }

  /** Whether the server has started with the attached pipeline. */
  boolean started() {
    return started;
  }

  DrainCoordinator coordinator() {
    return coordinator;
  }

  /** The path of Socket.IO requests, with the slash at its end. */
  String path() {
    return path;
  }

  HttpAnswers answers() {
    return answers;
  }

  /** Takes a session whose end netty-socketio would not notice out of its tables. */
  void forget(ClientHead head) {
    forget.accept(head);
  }
}
