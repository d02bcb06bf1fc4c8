package io.gracefuldrain.socketio;

import io.gracefuldrain.socketio.WirePackets.Parts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what a client sends after its session was sealed. An event goes along to the next
 * pod, unless it asks for an acknowledgement: then its sender knows that it has not arrived. An
 * acknowledgement and a DISCONNECT are for this pod. Not thread-safe.
 */
final class LateInput {
  /** How many binary parts one packet may have. */
  private static final int MOST_PARTS = 1_024;

  /** What becomes of it. */
  interface Reactions {
    /** The client has sent an event. */
    void event(WirePacket packet);

    /** The client has sent an event that asks for an acknowledgement. */
    void leftOut();

    /** A packet is larger than may be kept: what the client has sent does not go along whole. */
    void tooBig(int bytes);

    /** A packet is for this pod: its text, and then its binary parts. */
    void forThisPod(List<ByteBuf> packet);

    /** The client has left a namespace. */
    void disconnected();

    /** An aware client has said that it is on another pod. */
    void landed();
  }

  private final Reactions reactions;
  private final int mostBytes;
  private @Nullable String text;
  private List<byte[]> parts = new ArrayList<>();
  private int missing;
  private int bytes;

  /**
   * Nothing has come yet.
   *
   * @param mostBytes how large a packet with binary parts may be
   */
  LateInput(int mostBytes, Reactions reactions) {
    this.mostBytes = mostBytes;
    this.reactions = reactions;
  }

  /** Begins in the middle of a packet, of which some binary parts have come. */
  void resume(String header, List<byte[]> known, int expected) {
    text = header;
    parts = new ArrayList<>(known);
    missing = expected - known.size();
  }

  /** Whether a packet has come whose binary parts are to follow. */
  boolean awaitsPart() {
    return text != null;
  }

  /** Takes a packet without its binary parts, with the type of Engine.IO. */
  void text(String packet) {
    text = null;
    switch (packet.length() > 1 && packet.charAt(0) == '4' ? packet.charAt(1) : ' ') {
      case '1' -> {
        reactions.forThisPod(List.of(buffer(packet.getBytes(StandardCharsets.UTF_8))));
        reactions.disconnected();
      }
      case '2', '3' -> whole(WirePacket.of(packet));
      case '5', '6' -> begin(packet);
      default -> {} // a pong; a CONNECT, which the client says again where it turns up
    }
  }

  private void begin(String packet) {
    int dash = packet.indexOf('-');
    try {
      missing = dash < 3 || dash > 6 ? 0 : Integer.parseInt(packet, 2, dash, 10);
    } catch (NumberFormatException e) {
      missing = 0;
    }
    if (missing > 0 && missing <= MOST_PARTS) {
      text = packet;
      parts = new ArrayList<>();
      bytes = packet.length();
    } else if (missing > MOST_PARTS) {
      reactions.tooBig(mostBytes);
    }
  }

  /** Takes a binary part. */
  void binary(byte[] part) {
    String header = text;
    if (header == null) {
      return; // of a packet that is left out
    }
    bytes += part.length;
    if (bytes > mostBytes) {
      text = null;
      reactions.tooBig(bytes);
      return;
    }
    parts.add(part);
    missing--;
    if (missing == 0) {
      text = null;
      whole(new WirePacket(header, parts));
    }
  }

  private void whole(WirePacket packet) {
    Parts read;
    try {
      read = WirePackets.parts(packet);
    } catch (IllegalArgumentException e) {
      return; // no packet of Socket.IO
    }
    switch (read.type()) {
      case ACK, BINARY_ACK -> {
        List<ByteBuf> buffers = new ArrayList<>();
        buffers.add(buffer(packet.text().getBytes(StandardCharsets.UTF_8)));
        packet.attachments().forEach(part -> buffers.add(buffer(part)));
        reactions.forThisPod(buffers);
      }
      default -> {
        if (read.json().startsWith("[\"drain:")) {
          reactions.landed();
        } else if (read.number() == null) {
          reactions.event(packet);
        } else {
          reactions.leftOut();
        }
      }
    }
  }

  private static ByteBuf buffer(byte[] bytes) {
    return Unpooled.wrappedBuffer(bytes);
  }
}
