package io.gracefuldrain.socketio;

import io.netty.buffer.ByteBufUtil;
import java.util.List;

/**
 * A Socket.IO packet as it stands on the wire of protocol 4, with the {@code 4} of Engine.IO:
 * {@code 42/chat,["message","hi"]}. The attachments are bytes without any prefix. Immutable by
 * convention: nobody writes to the arrays.
 *
 * @param text its text
 * @param attachments its binary parts, in order
 */
record WirePacket(String text, List<byte[]> attachments) {
  WirePacket {
    attachments = List.copyOf(attachments);
  }

  /** A packet without binary parts. */
  static WirePacket of(String text) {
    return new WirePacket(text, List.of());
  }

  /** How many bytes it has on the wire, without what any transport adds. */
  int size() {
    int size = ByteBufUtil.utf8Bytes(text);
    for (byte[] attachment : attachments) {
      size += attachment.length;
    }
    return size;
  }
}
