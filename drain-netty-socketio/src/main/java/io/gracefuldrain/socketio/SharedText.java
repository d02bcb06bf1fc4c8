package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.JsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Encodes what is put into mailboxes. A broadcast sends the same arguments to one client after the
 * other: all that are kept share one text, which costs the sender's thread one encoding, and the
 * pod's memory one copy. Thread-safe: each thread remembers what it has encoded last.
 */
final class SharedText {
  private final JsonSupport json;
  private final FastThreadLocal<@Nullable Last> last = new FastThreadLocal<>();

  /** What was encoded last, for as long as a mailbox has it. */
  private record Last(
      WeakReference<Object> arguments,
      String name,
      String namespace,
      WeakReference<ClientHead> client,
      WeakReference<WirePacket> packet) {}

  /** With the server's JSON. */
  SharedText(JsonSupport json) {
    this.json = json;
  }

  /**
   * What stands on the wire.
   *
   * @param client to whom it is sent
   * @throws IOException if the application's JSON cannot write it
   */
  WirePacket of(ClientHead client, Packet packet) throws IOException {
    if (packet.getName() == null || packet.getAckId() != null) {
      return WirePackets.of(packet, json); // for this client alone
    }
    WirePacket known = known(client, packet);
    if (known == null) {
      known = WirePackets.of(packet, json);
      last.set(
          new Last(
              new WeakReference<>(packet.<Object>getData()),
              packet.getName(),
              packet.getNsp(),
              new WeakReference<>(client),
              new WeakReference<>(known)));
    }
    return known;
  }

  /**
   * A packet that comes to the same client twice is another one: its arguments may have changed.
   */
  private @Nullable WirePacket known(ClientHead client, Packet packet) {
    Last known = last.get();
    return known != null
            && known.arguments().refersTo(packet.<Object>getData())
            && known.name().equals(packet.getName())
            && known.namespace().equals(packet.getNsp())
            && !known.client().refersTo(client)
        ? known.packet().get()
        : null;
  }
}
