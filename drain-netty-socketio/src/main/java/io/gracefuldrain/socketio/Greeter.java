package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.namespace.Namespace;
import io.gracefuldrain.DrainCoordinator;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Greets aware clients, those that said {@code drain=1} in their handshake. They are told {@code
 * drain:hello} in each namespace that they join, and are heard there when they say {@code
 * drain:landed}. Thread-safe.
 */
final class Greeter {
  static final String HELLO = "drain:hello";
  static final String LANDED = "drain:landed";

  private static final int MOST_QUOTED = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);

  private final DrainCoordinator coordinator;
  private final Sessions sessions;
  // By name, the namespace that has our listener. One that was removed and added again has lost it.
  private final Map<String, WeakReference<Namespace>> listening = new ConcurrentHashMap<>();

  Greeter(DrainCoordinator coordinator, Sessions sessions) {
    this.coordinator = coordinator;
    this.sessions = sessions;
  }

  /** Says hello in namespaces whose CONNECT reply has been written. */
  void greet(Session session, List<String> joined) {
    for (Namespace namespace : session.head().getNamespaces()) {
      SocketIOClient client = session.head().getChildClient(namespace);
      if (client != null && joined.contains(namespace.getName())) { // null if it left meanwhile
        session.greeted().put(namespace.getName(), client);
        listen(namespace);
        hello(client);
      }
    }
  }

  private void hello(SocketIOClient client) {
    Map<String, Object> hello = new LinkedHashMap<>();
    hello.put("pod", coordinator.policy().pod());
    hello.put("generation", coordinator.policy().generation());
    client.sendEvent(HELLO, hello);
    PlanEvents.say(client, coordinator.crashWindow());
  }

  private void listen(Namespace namespace) {
    listening.compute(
        namespace.getName(),
        (name, known) -> {
          if (known != null && known.refersTo(namespace)) {
            return known;
          }
          namespace.addEventListener(LANDED, Object.class, this::landed);
          return new WeakReference<>(namespace);
        });
  }

  /** The client is elsewhere. Packets come in order, so all it sent before has been dispatched. */
  private void landed(SocketIOClient client, @Nullable Object data, AckRequest acknowledgement) {
    Session session = sessions.get(client.getSessionId());
    if (session != null
        && data instanceof Map<?, ?> fields
        && fields.get("pod") instanceof String pod
        && fields.get("connectMs") instanceof Number connectMs) {
      session.handle().landed(pod, Duration.ofMillis(Math.max(0, connectMs.longValue())));
      acknowledgement.sendAckData();
      return;
    }
    String said = shortened(data);
    if (session != null && session.firstMistake()) { // one line for each client at most
      LOG.warn("DRAIN-061 session {}: {} {} is malformed", client.getSessionId(), LANDED, said);
    }
    acknowledgement.sendAckData(
        Map.of("error", LANDED + ": " + said + " (expected: {pod: string, connectMs: number})"));
  }

  /** A client's text, made fit for a line of the log: it may be anything, of any length. */
  private static String shortened(@Nullable Object said) {
    String text = String.valueOf(said);
    String start = text.length() > MOST_QUOTED ? text.substring(0, MOST_QUOTED) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
