package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.PacketsMessage;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.base64.Base64;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a kept session sends after its seal: frames of its WebSocket, uploads of
 * long-polling. Confined to the session's event loop.
 */
final class LateArrivals {
  private static final char PACKET_SEPARATOR = 0x1e;

  private final ClientHead head;
  private final Transport transport;
  private final Keeping keeping;
  private final Luggage luggage;
  private final LateInput input;
  private @Nullable Channel from;
  private @Nullable ChannelHandler packets;

  /**
   * Begins where netty-socketio has stopped to read.
   *
   * @param mostBytes how large a packet with binary parts may be
   */
  LateArrivals(
      ClientHead head, Transport transport, Keeping keeping, Luggage luggage, int mostBytes) {
    this.head = head;
    this.transport = transport;
    this.keeping = keeping;
    this.luggage = luggage;
    this.input = new LateInput(mostBytes, new Whereto());
    resume();
  }

  /** Goes on in the middle of a packet, if netty-socketio waits for its binary parts. */
  private void resume() {
    Packet begun = head.getLastBinaryPacket();
    if (begun == null || !begun.hasAttachments() || begun.isAttachmentsLoaded()) {
      return;
    }
    List<byte[]> parts = new ArrayList<>();
    for (ByteBuf encoded : begun.getAttachments()) {
      ByteBuf part = Base64.decode(encoded.duplicate());
      parts.add(ByteBufUtil.getBytes(part));
      part.release();
    }
    while (!begun.isAttachmentsLoaded()) { // it does not say how many there are
      begun.addAttachment(Unpooled.EMPTY_BUFFER);
    }
    int expected = begun.getAttachments().size();
    String header =
        (begun.getSubType() == PacketType.BINARY_ACK ? "46" : "45")
            + expected
            + "-"
            + (begun.getNsp().isEmpty() ? "" : begun.getNsp() + ",")
            + (begun.getAckId() == null ? "" : begun.getAckId())
            + begun.getDataSource().toString(StandardCharsets.UTF_8);
    head.setLastBinaryPacket(null);
    input.resume(header, parts, expected);
  }

  /**
   * Takes the frames of a WebSocket from now on.
   *
   * @param answered whether a Close frame that comes now answers our own end
   */
  void takeFrames(Channel webSocket, BooleanSupplier answered) {
    webSocket
        .pipeline()
        .addBefore(SocketIOChannelInitializer.WEB_SOCKET_TRANSPORT, null, new Frames(answered));
  }

  private void comesFrom(Channel channel) {
    from = channel;
    if (packets == null) { // the same on all channels
      packets = channel.pipeline().get(SocketIOChannelInitializer.PACKET_HANDLER);
    }
  }

  /**
   * Has the application hear what does not go along: nobody has taken the session. Its channels are
   * closed by now.
   */
  void hear(List<WirePacket> left) {
    ChannelHandler handler = packets;
    if (handler != null && !left.isEmpty()) {
      EmbeddedChannel standIn = new EmbeddedChannel(handler);
      for (WirePacket packet : left) {
        Replay.of(packet, head, transport, standIn.pipeline()::fireChannelRead);
      }
    }
  }

  /** Takes the content of a frame, whose kind is not known any more. */
  void takeFrame(Channel channel, ByteBuf content) {
    comesFrom(channel);
    if (input.awaitsPart()) {
      input.binary(ByteBufUtil.getBytes(content));
    } else {
      input.text(content.toString(StandardCharsets.UTF_8));
    }
  }

  /** Takes an upload; says whether all that can go along does. */
  boolean takeUpload(Channel channel, String body) {
    comesFrom(channel);
    int at = 0;
    while (at <= body.length()) {
      int end = body.indexOf(PACKET_SEPARATOR, at);
      String packet = body.substring(at, end < 0 ? body.length() : end);
      if (packet.startsWith("b")) {
        takePart(packet.substring(1));
      } else {
        input.text(packet);
      }
      at = end < 0 ? body.length() + 1 : end + 1;
    }
    return !keeping.over(); // or it may have ended before
  }

  private void takePart(String base64) {
    try {
      input.binary(java.util.Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      input.text(""); // no Base64: the packet that it belongs to is left out
    }
  }

  private final class Frames extends ChannelInboundHandlerAdapter {
    private final BooleanSupplier answered;

    Frames(BooleanSupplier answered) {
      this.answered = answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      comesFrom(ctx.channel());
      try {
        if (message instanceof TextWebSocketFrame text) {
          input.text(text.text());
        } else if (message instanceof BinaryWebSocketFrame binary) {
          input.binary(ByteBufUtil.getBytes(binary.content()));
        } else if (message instanceof CloseWebSocketFrame && !answered.getAsBoolean()) {
          keeping.lost("disconnected");
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }
  }

  /** Where it goes. */
  private final class Whereto implements LateInput.Reactions {
    @Override
    public void event(WirePacket packet) {
      keeping.mailbox().receive(packet);
    }

    @Override
    public void leftOut() {
      keeping.leftOut();
    }

    @Override
    public void tooBig(int bytes) {
      keeping.mailbox().tooBig(bytes);
    }

    /** netty-socketio hears it as it would have before, on the loop of the channel. */
    @Override
    public void forThisPod(List<ByteBuf> packet) {
      onItsLoop(
          channel -> {
            ChannelHandlerContext gate = channel.pipeline().context(DrainChannelInitializer.GATE);
            if (gate != null && !keeping.over()) {
              packet.forEach(
                  part -> gate.fireChannelRead(new PacketsMessage(head, part, transport)));
              head.cancelPingTimeout(); // which it has begun anew
            }
          });
    }

    @Override
    public void disconnected() {
      onItsLoop(
          channel -> {
            if (luggage.joined().isEmpty()) {
              keeping.lost("disconnected");
            }
          });
    }

    private void onItsLoop(Consumer<Channel> action) {
      Channel channel = from;
      if (channel != null && channel.eventLoop().inEventLoop()) {
        action.accept(channel);
      } else if (channel != null) {
        channel.eventLoop().execute(() -> action.accept(channel));
      }
    }

    @Override
    public void landed() {
      keeping.lost("landed");
    }
  }
}
