package io.gracefuldrain.socketio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees the CONNECT replies that are written to an aware client: in the namespace of each it is
 * greeted. netty-socketio's own tables do not tell who was let in. They have a client before its
 * namespace has looked at its token, and after it was refused. Confined to the channel's event
 * loop.
 */
final class ConnectReplies extends ChannelOutboundHandlerAdapter {
  private static final byte SEPARATOR = 0x1e;
  private static final byte LENGTH_END = (byte) 0xff;
  private static final int LONGEST_LENGTH = 12;
  private static final int LONGEST_NAME = 1024;

  private final Greeter greeter;

  ConnectReplies(Greeter greeter) {
    this.greeter = greeter;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    Session session = Session.on(ctx.channel());
    Arrival arrival = session == null ? null : session.arrival();
    List<String> joined =
        session != null && !session.ended() && (session.aware() || arrival != null)
            ? namespaces(message)
            : List.of();
    if (arrival != null && !joined.isEmpty()) {
      arrival.joined().addAll(joined);
    }
    var unused = ctx.write(message, promise);
    if (session != null && session.aware() && !joined.isEmpty()) {
      // Later: netty-socketio answers a client of protocol 3 before it joins it.
      ctx.executor().execute(() -> greeter.greet(session, joined));
    }
  }

  private static List<String> namespaces(Object message) {
    if (message instanceof TextWebSocketFrame frame) {
      String name = namespace(frame.content(), frame.content().readerIndex());
      return name == null ? List.of() : List.of(name);
    }
    return message instanceof HttpContent body ? inPoll(body.content()) : List.of();
  }

  /** The namespaces of the CONNECT packets in the answer to a poll. */
  static List<String> inPoll(ByteBuf body) {
    List<String> names = new ArrayList<>();
    int at = body.readerIndex();
    while (at < body.writerIndex()) {
      String name = namespace(body, afterLength(body, at));
      if (name != null) {
        names.add(name);
      }
      int separator = body.indexOf(at, body.writerIndex(), SEPARATOR);
      at = separator < 0 ? body.writerIndex() : separator + 1;
    }
    return names;
  }

  /** In protocol 3, a packet begins with a zero, its length, and 0xff. */
  private static int afterLength(ByteBuf body, int at) {
    if (body.getByte(at) != 0) {
      return at;
    }
    int end = body.indexOf(at, Math.min(body.writerIndex(), at + LONGEST_LENGTH), LENGTH_END);
    return end < 0 ? at : end + 1;
  }

  /** The namespace of a CONNECT packet: {@code 40}, {@code 40{...}}, {@code 40/name,{...}}. */
  static @Nullable String namespace(ByteBuf text, int at) {
    if (text.writerIndex() - at < 2 || text.getByte(at) != '4' || text.getByte(at + 1) != '0') {
      return null;
    }
    int from = at + 2;
    int end = from;
    int most = Math.min(text.writerIndex(), from + LONGEST_NAME);
    while (end < most && !endsName(text.getByte(end))) {
      end++;
    }
    return text.toString(from, end - from, StandardCharsets.UTF_8);
  }

  private static boolean endsName(byte next) {
    return next == ',' || next == '{' || next == SEPARATOR;
  }
}
