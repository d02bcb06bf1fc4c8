package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import java.util.ArrayDeque;
import java.util.Queue;

/** What is delivered to a client that is let go. Thread-safe. */
final class LastOutput {
  /** How many packets netty-socketio puts into the answer of one poll. */
  private static final int MOST_IN_A_POLL = 50;

  private final Queue<Packet> undelivered = new ArrayDeque<>();
  private ClientHead head;

  /** What is in the queue of a session. */
  LastOutput(ClientHead head) {
    this.head = head;
  }

  /** It is in the queue of a stand-in from now on: others go on to fill the session's. */
  synchronized void replace(ClientHead standIn) {
    head = standIn;
  }

  /** Has netty-socketio write all of it to the WebSocket. */
  synchronized OutPacketMessage toWebSocket() {
    return new OutPacketMessage(head, Transport.WEBSOCKET);
  }

  /**
   * Has netty-socketio answer a poll: with as much as one poll can take, or with a NOOP. The rest
   * is kept for the next polls. netty-socketio would lose the first packet that does not fit.
   */
  synchronized OutPacketMessage toPoll() {
    Queue<Packet> queue = head.getPacketsQueue(Transport.POLLING);
    for (Packet next = queue.poll(); next != null; next = queue.poll()) {
      undelivered.add(next);
    }
    for (int i = 0; i < MOST_IN_A_POLL && !undelivered.isEmpty(); i++) {
      queue.add(undelivered.remove());
    }
    if (queue.isEmpty()) {
      queue.add(new Packet(PacketType.NOOP, head.getEngineIOVersion()));
    }
    return new OutPacketMessage(head, Transport.POLLING);
  }

  /** Whether polls have fetched all of it, or are about to. */
  synchronized boolean delivered() {
    return undelivered.isEmpty() && head.getPacketsQueue(Transport.POLLING).isEmpty();
  }
}
