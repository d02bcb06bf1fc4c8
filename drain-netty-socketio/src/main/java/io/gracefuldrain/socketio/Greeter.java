package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.socketio.LandedPackets.Landed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  private static final int MOST_QUOTED = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);

  private final DrainCoordinator coordinator;

  Greeter(DrainCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  /** Says hello in namespaces whose CONNECT reply has been written. */
  void greet(Session session, List<String> joined) {
    for (Namespace namespace : session.head().getNamespaces()) {
      SocketIOClient client = session.head().getChildClient(namespace);
      if (client != null && joined.contains(namespace.getName())) { // null if it left meanwhile
        session.awareClient().greeted().put(namespace.getName(), client);
        hello(client);
      }
    }
  }

  private void hello(SocketIOClient client) {
    client.sendEvent(
        HELLO,
        new Message()
            .with("pod", coordinator.policy().pod())
            .with("generation", coordinator.policy().generation())
            .with("epoch", coordinator.processEpoch()));
    PlanEvents.say(client, coordinator.crashWindow());
  }

  /** The client is elsewhere. Packets come in order, so all it sent before has been dispatched. */
  static void landed(Session session, Landed landed) {
    SocketIOClient client = session.awareClient().greeted().get(landed.namespace());
    if (client == null) {
      return; // it has nothing to say there
    }
    Message answer = new Message();
    Object data = data(landed.arguments());
    if (data instanceof Map<?, ?> fields
        && fields.get("pod") instanceof String pod
        && fields.get("connectMs") instanceof Number connectMs) {
      session.handle().landed(pod, Duration.ofMillis(Math.max(0, connectMs.longValue())));
    } else {
      answer.with("error", malformed(session, data));
    }
    if (landed.acknowledgement() >= 0) {
      acknowledge(client, landed.acknowledgement(), answer);
    }
  }

  /** The first argument, or the text itself if it is no JSON. */
  private static @Nullable Object data(String arguments) {
    try {
      return JsonText.read(arguments) instanceof List<?> all && all.size() > 1 ? all.get(1) : null;
    } catch (IllegalArgumentException e) {
      return arguments;
    }
  }

  private static String malformed(Session session, @Nullable Object data) {
    String said = shortened(data);
    if (session.awareClient().firstMistake()) { // one line for each client at most
      LOG.warn(
          "DRAIN-061 session {}: {} {} is malformed", session.id(), LandedPackets.LANDED, said);
    }
    return LandedPackets.LANDED + ": " + said + " (expected: {pod: string, connectMs: number})";
  }

  private static void acknowledge(SocketIOClient client, long number, Message answer) {
    Packet packet = new Packet(PacketType.MESSAGE, client.getEngineIOVersion());
    packet.setSubType(PacketType.ACK);
    packet.setAckId(number);
    packet.setData(List.of(answer));
    client.send(packet);
  }

  /** A client's text, made fit for a line of the log: it may be anything, of any length. */
  private static String shortened(@Nullable Object said) {
    String text = String.valueOf(said);
    String start = text.length() > MOST_QUOTED ? text.substring(0, MOST_QUOTED) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
