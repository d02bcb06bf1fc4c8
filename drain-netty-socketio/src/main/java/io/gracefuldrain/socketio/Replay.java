package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.PacketsMessage;
import com.corundumstudio.socketio.protocol.Packet;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Has netty-socketio hear a packet that has come in another way. */
final class Replay {
  private Replay() {}

  /** Also in the middle of another packet, whose binary parts are still to come. */
  static void of(
      WirePacket packet, ClientHead head, Transport transport, Consumer<PacketsMessage> dispatch) {
    Packet pending = head.getLastBinaryPacket();
    head.setLastBinaryPacket(null);
    dispatch.accept(
        new PacketsMessage(
            head, Unpooled.copiedBuffer(packet.text(), StandardCharsets.UTF_8), transport));
    for (byte[] part : packet.attachments()) {
      dispatch.accept(new PacketsMessage(head, Unpooled.wrappedBuffer(part), transport));
    }
    head.setLastBinaryPacket(pending);
  }
}
