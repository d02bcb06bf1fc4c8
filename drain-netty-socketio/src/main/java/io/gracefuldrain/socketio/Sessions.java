package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.DrainCoordinator;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The living Engine.IO sessions of one server, by their id. Thread-safe. */
final class Sessions {
  private final Map<UUID, Session> living = new ConcurrentHashMap<>();
  private final DrainCoordinator coordinator;
  private final Hints hints;
  private final SessionTracker admission = new SessionTracker(this);
  private volatile String path = "/socket.io/";
  private volatile HttpAnswers answers = new HttpAnswers(false, null, null);
  private volatile Consumer<ClientHead> forget = head -> {};
  private volatile boolean started;

  Sessions(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
    this.hints = new Hints(this, coordinator.policy());
  }

  /** The server starts: its settings, and how it forgets a session that is in no namespace. */
  void start(Configuration configuration, Consumer<ClientHead> forgetting) {
    path = configuration.getContext() + "/";
    answers = HttpAnswers.of(configuration);
    forget = forgetting;
    started = true;
  }

  /** Whether the server has started with what was attached. */
  boolean started() {
    return started;
  }

  DrainCoordinator coordinator() {
    return coordinator;
  }

  Hints hints() {
    return hints;
  }

  SessionTracker admission() {
    return admission;
  }

  /** The path of Socket.IO requests, with the slash at its end. */
  String path() {
    return path;
  }

  HttpAnswers answers() {
    return answers;
  }

  @Nullable Session get(UUID id) {
    return living.get(id);
  }

  /** The session of a head that is alive: a new one if it has none. */
  @Nullable Session of(ClientHead head, Channel channel) {
    Session known = living.get(head.getSessionId());
    if (known != null && known.head() == head) {
      return known;
    }
    return head.isConnected() ? open(head, channel) : null;
  }

  /** Begins to track a session. */
  Session open(ClientHead head, Channel channel) {
    Session session = new Session(this, head, channel);
    living.put(head.getSessionId(), session);
    session.track(coordinator.register(session));
    return session;
  }

  /** Its netty-socketio side has ended. */
  void disconnected(ClientHead head) {
    Session session = living.get(head.getSessionId());
    if (session != null && session.head() == head) {
      session.disconnected();
    }
  }

  void remove(Session session) {
    living.remove(session.head().getSessionId(), session);
  }

  /** Takes out of netty-socketio's table a session whose end it would not notice. */
  void forget(ClientHead head) {
    forget.accept(head);
  }
}
