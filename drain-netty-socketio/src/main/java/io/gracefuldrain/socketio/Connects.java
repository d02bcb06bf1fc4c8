package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Finds the CONNECTs in what a client has sent. One that names the session of another pod waits, by
 * a {@link Recovery}; nothing else does. An upload with such a CONNECT waits as a whole, and is
 * answered when it is handled: the client uploads nothing else until then.
 */
final class Connects {
  private Connects() {}

  /** Whether a frame is a CONNECT that waits from now on. The caller has entered the session. */
  static boolean await(
      ServerContext context, ChannelHandlerContext ctx, Session session, PacketsMessage frame) {
    Arrival arrival = session.arrival();
    if (arrival == null || !any(frame)) {
      return false;
    }
    List<Object> split = ConnectPacket.split(frame.getContent());
    if (split.size() != 1 // no client sends more than one packet in a frame
        || !(split.get(0) instanceof ConnectPacket connect)) {
      return false;
    }
    List<String> tokens = arrival.tokens(connect);
    if (tokens.isEmpty() && !arrival.connects().busy()) {
      return false;
    }
    Recovery.await(
        new ConnectRequest(
            context, ctx, session, arrival, Transport.WEBSOCKET, connect, tokens, () -> {}));
    return true;
  }

  /**
   * Whether an upload has a CONNECT that waits from now on. The caller has entered the session.
   *
   * @param rest takes the upload without its CONNECTs once these have been handled
   */
  static boolean await(
      ServerContext context,
      ChannelHandlerContext ctx,
      Session session,
      FullHttpRequest upload,
      Consumer<FullHttpRequest> rest) {
    Arrival arrival = session.arrival();
    if (arrival == null || !ConnectPacket.any(upload.content())) {
      return false;
    }
    List<Object> others = new ArrayList<>();
    List<ConnectPacket> connects = new ArrayList<>();
    List<List<String>> tokens = new ArrayList<>();
    boolean waits = arrival.connects().busy();
    for (Object packet : ConnectPacket.split(upload.content())) {
      if (packet instanceof ConnectPacket connect) {
        connects.add(connect);
        tokens.add(arrival.tokens(connect));
        waits |= !tokens.get(tokens.size() - 1).isEmpty();
      } else {
        others.add(packet);
      }
    }
    if (!waits) {
      return false;
    }
    FullHttpRequest without = upload.replace(ConnectPacket.joined(others));
    upload.release();
    AtomicInteger left = new AtomicInteger(connects.size());
    Runnable then =
        () -> {
          if (left.decrementAndGet() > 0) {
            return;
          }
          if (ctx.isRemoved() || !ctx.executor().inEventLoop()) {
            without.release(); // its sender is gone, or the server has stopped
          } else {
            rest.accept(without);
          }
        };
    for (int i = 0; i < connects.size(); i++) {
      Recovery.await(
          new ConnectRequest(
              context,
              ctx,
              session,
              arrival,
              Transport.POLLING,
              connects.get(i),
              tokens.get(i),
              then));
    }
    return true;
  }

  /** Whether any of the packets is a CONNECT. */
  static boolean any(PacketsMessage packets) {
    return packets.getClient().getLastBinaryPacket() == null // else these are its bytes
        && ConnectPacket.any(packets.getContent());
  }

  /**
   * Packets with a CONNECT, as they are dispatched: without what the application's client has not
   * said.
   */
  static PacketsMessage dispatched(Session session, PacketsMessage packets) {
    List<Object> split = ConnectPacket.split(packets.getContent());
    Arrival arrival = session.arrival();
    boolean more = false;
    for (Object packet : split) {
      if (packet instanceof ConnectPacket connect) {
        more |= connect.saysMore();
        if (arrival != null) {
          byte[] unused = arrival.identify(connect);
          arrival.outbox().watch(); // for a refusal
        }
      }
    }
    return more
        ? new PacketsMessage(
            packets.getClient(), ConnectPacket.joined(split), packets.getTransport())
        : packets;
  }
}
