package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;

/**
 * A CONNECT that has to wait, and what it came with.
 *
 * @param ctx where it is dispatched
 * @param tokens what may name the session to be taken over; none if it just has to wait
 * @param then is run when it has been handled, on the event loop if that still runs
 */
record ConnectRequest(
    ServerContext context,
    ChannelHandlerContext ctx,
    Session session,
    Arrival arrival,
    Transport transport,
    ConnectPacket connect,
    List<String> tokens,
    Runnable then) {
  ConnectRequest {
    tokens = List.copyOf(tokens);
  }

  String namespace() {
    return connect.namespace();
  }
}
