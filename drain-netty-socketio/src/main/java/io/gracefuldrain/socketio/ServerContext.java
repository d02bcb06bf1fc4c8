package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.handler.ClientHead;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.handover.HandOver;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one server that is attached, as the adapter's parts see it: its coordinator from the start,
 * its settings once it has started. Thread-safe.
 */
final class ServerContext {
  /** What has become of the server. */
  private enum State {
    ATTACHED,
    STARTED,
    STOPPED,
    DETACHED
  }

  private static final Logger LOG = LoggerFactory.getLogger(ServerContext.class);

  private final DrainCoordinator coordinator;
  private final boolean readable;
  private final HandOver handOver;
  private final HandOverChoices choices = new HandOverChoices();
  private volatile String path = "/socket.io/";
  private volatile EngineIoAnswers answers = EngineIoAnswers.none();
  private volatile Duration pingTimeout = Duration.ofSeconds(85);
  private volatile Consumer<ClientHead> forget = head -> {};
  private volatile Consumer<Configuration> preparing = configuration -> {};
  private volatile State state = State.ATTACHED;
  private volatile Function<? super HandshakeData, Goodbye> goodbyes;
  private volatile @Nullable OwnJson json;
  private volatile @Nullable SharedText texts;

  /**
   * A server that has not started.
   *
   * @param readable whether its state can be read, so that it is known not to have started before
   */
  ServerContext(DrainCoordinator coordinator, boolean readable) {
    this(coordinator, readable, HandOver.of(coordinator));
  }

  ServerContext(DrainCoordinator coordinator, boolean readable, HandOver handOver) {
    this.coordinator = coordinator;
    this.readable = readable;
    this.handOver = handOver;
    this.goodbyes = handshake -> coordinator.policy().goodbye();
  }

  /** Sets what is done before the server listens. */
  void beforeStart(Consumer<Configuration> preparing) {
    this.preparing = preparing;
  }

  /** Does what is to be done before the server listens. */
  void beforeStart(Configuration configuration) {
    preparing.accept(configuration);
  }

  /** Sets how the WebSocket of a client ends that is let go, by its handshake. */
  void goodbyes(Function<? super HandshakeData, Goodbye> choice) {
    goodbyes = choice;
  }

  /** How the WebSocket of a client ends that is let go. */
  Goodbye goodbye(ClientHead head) {
    try {
      return Objects.requireNonNull(goodbyes.apply(head.getHandshakeData()), "goodbye");
    } catch (Throwable e) { // the application's own
      LOG.warn(
          "DRAIN-067 session {}: the choice of its goodbye failed; it is {}",
          head.getSessionId(),
          coordinator.policy().goodbye(),
          e);
      return coordinator.policy().goodbye();
    }
  }

  /**
   * Called as the server starts.
   *
   * @param json the server's, which the configuration has from now on
   * @param forgetting takes a session out of netty-socketio's tables; throws nothing
   */
  void start(Configuration configuration, OwnJson json, Consumer<ClientHead> forgetting) {
    this.json = json;
    this.texts = new SharedText(json);
    configuration.setJsonSupport(json);
    path = configuration.getContext() + "/";
    answers = EngineIoAnswers.of(configuration, coordinator.policy().affinityCookies());
    pingTimeout =
        Duration.ofMillis(configuration.getPingInterval() + configuration.getPingTimeout());
    forget = forgetting;
    state = State.STARTED;
  }

  /**
   * The same for a client that there is not: nothing that the application has chosen is called for
   * it, and it gets no token.
   */
  ServerContext rehearsal(HandOver handOver) {
    ServerContext context = new ServerContext(coordinator, readable, handOver);
    context.json = json;
    context.texts = texts;
    context.answers = answers;
    context.state = state;
    return context;
  }

  void stop() {
    state = State.STOPPED;
  }

  void detach() {
    state = State.DETACHED;
  }

  /** Whether the server runs with the attached pipeline. */
  boolean started() {
    return state == State.STARTED;
  }

  /** Whether it is known not to have started before it was attached. */
  boolean readable() {
    return readable;
  }

  boolean stopped() {
    return state == State.STOPPED;
  }

  /** Whether the server is one that does not drain, as before it was attached. */
  boolean detached() {
    return state == State.DETACHED;
  }

  DrainCoordinator coordinator() {
    return coordinator;
  }

  /** The hand-over of sessions, which may be off. */
  HandOver handOver() {
    return handOver;
  }

  /** What the application says of it. */
  HandOverChoices choices() {
    return choices;
  }

  /** The path of Socket.IO requests, decoded, with the slash at its end. */
  String path() {
    return path;
  }

  /**
   * The server's JSON.
   *
   * @throws IllegalStateException if it has not started
   */
  OwnJson json() {
    OwnJson known = json;
    if (known == null) {
      throw new IllegalStateException("the server has not started (expected: start() before)");
    }
    return known;
  }

  /**
   * Encodes what is kept for clients.
   *
   * @throws IllegalStateException if the server has not started
   */
  SharedText texts() {
    SharedText known = texts;
    if (known == null) {
      throw new IllegalStateException("the server has not started (expected: start() before)");
    }
    return known;
  }

  EngineIoAnswers answers() {
    return answers;
  }

  /** How long a client may be silent before netty-socketio ends its session. */
  Duration pingTimeout() {
    return pingTimeout;
  }

  /** Takes a session out of netty-socketio's tables. */
  void forget(ClientHead head) {
    forget.accept(head);
  }
}
