package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.contract.ContractApplication;
import io.gracefuldrain.contract.ContractClient;
import io.gracefuldrain.contract.ContractServer;
import io.gracefuldrain.contract.DrainableConnectionContract;
import io.gracefuldrain.testing.Ports;
import io.gracefuldrain.testing.WireSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;

/** The adapter keeps what the drain expects of every adapter; its clients use WebSockets. */
class ContractIT extends DrainableConnectionContract {
  @Override
  protected ContractServer open(DrainCoordinator coordinator, ContractApplication application) {
    return new Server(coordinator, application);
  }

  private static final class Server implements ContractServer {
    /** What a slow reader reads for a minute. */
    private static final String MUCH = "x".repeat(10_000_000);

    private final int port = Ports.free();
    private final SocketIOServer server;

    Server(DrainCoordinator coordinator, ContractApplication application) {
      Configuration configuration = new Configuration();
      configuration.setHostname("127.0.0.1");
      configuration.setPort(port);
      configuration.setRandomSession(true);
      configuration.getSocketConfig().setReuseAddress(true);
      configuration.getSocketConfig().setTcpSendBufferSize(32 * 1024); // it sees what is read
      server = new SocketIOServer(configuration);
      SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
      server.addConnectListener(client -> application.connected(drain.work(client)));
      server.addEventListener(
          "work", String.class, (client, nothing, ack) -> application.message(drain.work(client)));
      server.addEventListener(
          "much", String.class, (client, nothing, ack) -> client.sendEvent("much", MUCH));
      server.addDisconnectListener(client -> application.disconnected());
      server.start();
    }

    @Override
    public ContractClient connect() throws Exception {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(16 * 1024);
      WireSocket wire = WireSocket.openUnread(socket, port, "EIO=4").reading();
      return new Client(wire, ScriptedClient.over(wire).join(""));
    }

    /** Without waiting for it: it takes four seconds. */
    @Override
    public void close() {
      Thread stop = new Thread(server::stop, "stop-" + port);
      stop.setDaemon(true);
      stop.start();
    }
  }

  private record Client(WireSocket wire, ScriptedClient client) implements ContractClient {
    @Override
    public void send() {
      client.emit("", "\"work\",\"\"");
    }

    @Override
    public void leave() {
      try {
        wire.send("41");
        wire.sendClose();
      } catch (IOException | UncheckedIOException e) {
        // The server has ended it before.
      }
    }

    @Override
    public void stall() {
      wire.lingers();
    }

    @Override
    public void readSlowly() {
      wire.readsSlowly(() -> client.emit("", "\"much\",\"\""));
    }

    @Override
    public boolean connected() {
      return !wire.ended();
    }

    @Override
    public void close() {
      wire.close();
    }
  }
}
