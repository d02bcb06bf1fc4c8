package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns events and acknowledgements of netty-socketio into what stands on the wire, and back.
 *
 * <p>A broadcast of netty-socketio is one mutable packet for all its clients. Encoding it for one
 * of them changes it: it becomes a binary event, whose attachments have been read. What it says is
 * not touched: its name, its data, its namespace.
 */
final class WirePackets {
  private WirePackets() {}

  /** What stands on the wire after the header: JSON that is written as it is. */
  @SuppressWarnings("ArrayRecordComponent") // nobody writes to it
  record Written(byte[] json, List<byte[]> attachments) {}

  /**
   * The parts of a text.
   *
   * @param type {@code EVENT} or {@code ACK}, binary or not
   * @param namespace empty for the main one
   * @param number that of the acknowledgement, or null
   * @param json the name and the arguments
   */
  record Parts(PacketType type, String namespace, @Nullable Long number, String json) {
    boolean event() {
      return isEvent(type);
    }
  }

  /** Whether a packet is an event or an acknowledgement. */
  static boolean carries(Packet packet) {
    return packet.getType() == PacketType.MESSAGE
        && (isEvent(packet.getSubType())
            || packet.getSubType() == PacketType.ACK
            || packet.getSubType() == PacketType.BINARY_ACK);
  }

  /** Whether it is one of those made here, with binary parts. */
  static boolean binary(Packet packet) {
    return packet.getData() instanceof List<?> values
        && !values.isEmpty()
        && values.get(values.size() - 1) instanceof Written written
        && !written.attachments().isEmpty();
  }

  private static boolean isEvent(PacketType type) {
    return type == PacketType.EVENT || type == PacketType.BINARY_EVENT;
  }

  /**
   * An event or an acknowledgement as it stands on the wire, encoded anew.
   *
   * @throws IOException if the application's JSON cannot write it
   */
  static WirePacket of(Packet packet, JsonSupport json) throws IOException {
    boolean event = isEvent(packet.getSubType());
    List<@Nullable Object> values = new ArrayList<>();
    if (event) {
      values.add(packet.getName());
    }
    Collection<?> arguments = packet.getData();
    values.addAll(arguments);
    ByteBuf written = Unpooled.buffer();
    List<byte[]> attachments;
    try (ByteBufOutputStream out = new ByteBufOutputStream(written)) {
      json.writeValue(out, values);
      attachments = List.copyOf(json.getArrays());
    }
    StringBuilder text = new StringBuilder("4");
    if (attachments.isEmpty()) {
      text.append(event ? '2' : '3');
    } else {
      text.append(event ? '5' : '6').append(attachments.size()).append('-');
    }
    if (!packet.getNsp().isEmpty()) {
      text.append(packet.getNsp()).append(',');
    }
    if (packet.getAckId() != null) {
      text.append(packet.getAckId().longValue());
    }
    text.append(written.toString(StandardCharsets.UTF_8));
    return new WirePacket(text.toString(), attachments);
  }

  /**
   * The parts of an event or an acknowledgement.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Parts parts(WirePacket packet) {
    String text = packet.text();
    PacketType type =
        switch (text.length() > 2 && text.charAt(0) == '4' ? text.charAt(1) : ' ') {
          case '2' -> PacketType.EVENT;
          case '3' -> PacketType.ACK;
          case '5' -> PacketType.BINARY_EVENT;
          case '6' -> PacketType.BINARY_ACK;
          default -> throw malformed();
        };
    int at = 2;
    if (type == PacketType.BINARY_EVENT || type == PacketType.BINARY_ACK) {
      at = text.indexOf('-') + 1;
      if (at < 4
          || !String.valueOf(packet.attachments().size()).equals(text.substring(2, at - 1))) {
        throw malformed();
      }
    } else if (!packet.attachments().isEmpty()) {
      throw malformed();
    }
    int json = text.indexOf('[', at);
    int comma = text.startsWith("/", at) ? text.indexOf(',', at) : at - 1;
    if (json < 0 || comma > json || (comma < 0 && at > 0)) {
      throw malformed();
    }
    String namespace = comma < at ? "" : text.substring(at, comma);
    String number = text.substring(comma < at ? at : comma + 1, json);
    return new Parts(
        type, namespace, number.isEmpty() ? null : Long.valueOf(number), text.substring(json));
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("a packet is malformed (expected: an event or an answer)");
  }

  /** A packet that netty-socketio's encoder writes as it stands, in the form of any transport. */
  static Packet packet(WirePacket packet, Parts parts) {
    Packet out = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    out.setSubType(parts.event() ? PacketType.EVENT : PacketType.ACK);
    out.setNsp(parts.namespace());
    out.setAckId(parts.number());
    out.setName("");
    out.setData(
        List.of(new Written(parts.json().getBytes(StandardCharsets.UTF_8), packet.attachments())));
    return out;
  }
}
