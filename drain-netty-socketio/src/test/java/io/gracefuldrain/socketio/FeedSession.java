package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import com.corundumstudio.socketio.transport.NamespaceClient;
import java.util.List;

/** One client's numbered feed in one namespace, as the server has sent it. Thread-safe. */
final class FeedSession {
  /** A poll's answer has 50 packets, and netty-socketio drops the 51st. Others need room too. */
  static final int MOST_QUEUED_FOR_A_POLLER = 15;

  private final SocketIOClient client;
  private final ClientHead head;
  private final String name;
  private final boolean quiet;
  private int next;
  private volatile int owed;

  /** A quiet session gets only the messages of the test. */
  FeedSession(SocketIOClient client, String name, boolean quiet) {
    this.client = client;
    this.head = ((NamespaceClient) client).getBaseClient();
    this.name = name;
    this.quiet = quiet;
  }

  static String id(SocketIOClient client) {
    return client.getSessionId() + client.getNamespace().getName();
  }

  String id() {
    return id(client);
  }

  /** The client's name, on every pod. */
  String name() {
    return name;
  }

  SocketIOClient client() {
    return client;
  }

  Transport transport() {
    return head.getCurrentTransport();
  }

  boolean open() {
    return head.isConnected();
  }

  /** Sends the next number, unless as much is queued for a poller as one poll can take. */
  void tick() {
    if (!quiet && (transport() == Transport.WEBSOCKET || queued() < MOST_QUEUED_FOR_A_POLLER)) {
      send(1);
    }
  }

  private int queued() {
    return head.getPacketsQueue(Transport.POLLING).size();
  }

  /**
   * Sends this many numbers. Those sent before netty-socketio says that the session has ended are
   * owed: the client must get them.
   */
  synchronized void send(int count) {
    for (int i = 0; i < count && head.isConnected(); i++) {
      client.sendEvent("feed", id(), next++);
      if (head.isConnected()) {
        owed = next;
      }
    }
  }

  /** Sends the next number as a sender does that has taken the session for a poller's. */
  synchronized void sendAsToAPoll() {
    Packet packet = new Packet(PacketType.MESSAGE, head.getEngineIOVersion());
    packet.setSubType(PacketType.EVENT);
    packet.setName("feed");
    packet.setData(List.of(id(), next++));
    var unused = head.send(packet, Transport.POLLING);
    owed = next;
  }

  /** How many numbers the client must have got. */
  int owed() {
    return owed;
  }

  @Override
  public String toString() {
    return "%s %s, over %s, %d sent, %d queued"
        .formatted(name, open() ? "open" : "ended", transport(), owed, queued());
  }
}
