package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.ClientsBox;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Heads of netty-socketio without a server. */
final class TestHeads {
  private TestHeads() {}

  /** One of protocol 4, on a WebSocket, in no namespace. */
  static ClientHead head() {
    return new ClientHead(
        UUID.randomUUID(),
        null,
        gone -> {},
        new MemoryStoreFactory(),
        new HandshakeData(
            new DefaultHttpHeaders(),
            Map.of(),
            InetSocketAddress.createUnresolved("localhost", 1),
            "/",
            false),
        new ClientsBox(),
        Transport.WEBSOCKET,
        null,
        new Configuration(),
        Map.of("EIO", List.of("4")));
  }
}
