package io.gracefuldrain.client;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.MultiTypeArgs;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIONamespace;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.testing.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A pod: a real netty-socketio server that drains. */
final class TestPod implements AutoCloseable {
  private static final DrainPolicy POLICY =
      DrainPolicy.defaults()
          .withReadinessDelayMin(Duration.ofMillis(100))
          .withReadinessDelayMax(Duration.ofMillis(100))
          .withMoveWindow(Duration.ofSeconds(4))
          .withHintGrace(Duration.ofSeconds(2))
          .withSettleGrace(Duration.ofSeconds(4))
          .withForceTimeout(Duration.ofSeconds(1))
          .withGeneration("g1")
          .withTerminationLog("")
          .withReceipt(DrainPolicy.Receipt.LOG);

  private final Newsroom newsroom;
  private final DrainCoordinator coordinator;
  private final SocketIOServer server;
  private final SocketIoDrain adapter;
  private final int port;
  private final List<Consumer<SocketIOClient>> onConnect = new CopyOnWriteArrayList<>();

  TestPod(String pod, Newsroom newsroom, UnaryOperator<DrainPolicy> change) {
    this.newsroom = newsroom;
    coordinator = DrainCoordinator.create(change.apply(POLICY.withPod(pod)));
    port = Ports.free();
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(port);
    configuration.setRandomSession(true);
    configuration.setAckMode(AckMode.MANUAL);
    configuration.getSocketConfig().setReuseAddress(true);
    server = new SocketIOServer(configuration);
    adapter = SocketIoDrain.attach(server, coordinator);
    serve(server.getNamespace(""));
    serve(server.addNamespace("/chat"));
    server.start();
    coordinator.started();
  }

  TestPod(String pod, Newsroom newsroom) {
    this(pod, newsroom, same -> same);
  }

  private void serve(SocketIONamespace namespace) {
    namespace.addConnectListener(client -> onConnect.forEach(each -> each.accept(client)));
    namespace.addEventListener(
        "join",
        String.class,
        (client, name, acknowledgement) -> {
          newsroom.join(client);
          acknowledgement.sendAckData();
        });
    namespace.addEventListener(
        "plan",
        Integer.class,
        (client, window, acknowledgement) -> {
          client.sendEvent("drain:plan", Map.of("windowMs", window));
          acknowledgement.sendAckData();
        });
    namespace.addMultiTypeEventListener("upload", this::upload, String.class, Integer.class);
    namespace.addEventListener("order", Integer.class, this::order);
    namespace.addEventListener("nap", Object.class, (client, nothing, a) -> newsroom.nap());
    namespace.addDisconnectListener(newsroom::leave);
  }

  private void upload(SocketIOClient client, MultiTypeArgs upload, AckRequest acknowledgement) {
    newsroom.upload(upload.first(), upload.second());
    acknowledgement.sendAckData();
  }

  /** Work that outlives its handler. It is acknowledged when it is done. */
  private void order(SocketIOClient client, Integer millis, AckRequest acknowledgement) {
    WorkLease lease = adapter.begin(client, "order");
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              try (lease) {
                acknowledgement.sendAckData("done");
              }
            });
  }

  /** Tells of each client that connects, on its own thread. */
  TestPod onConnect(Consumer<SocketIOClient> listener) {
    onConnect.add(listener);
    return this;
  }

  /** Ends all its sessions, as a server does that admits a user once. */
  void kick() {
    server.getAllClients().forEach(SocketIOClient::disconnect);
  }

  /** Adds a namespace that other pods may lack. */
  TestPod with(String namespace) {
    serve(server.addNamespace(namespace));
    return this;
  }

  /** Adds a namespace that refuses every client with a token. */
  TestPod refusing(String namespace) {
    server
        .addNamespace(namespace)
        .addAuthTokenListener(
            (token, client) -> new AuthTokenResult(false, Map.of("message", "not here")));
    return this;
  }

  /** How many connections have joined a namespace. */
  int clients(String namespace) {
    return server.getNamespace(namespace).getAllClients().size();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  DrainCoordinator coordinator() {
    return coordinator;
  }

  CompletableFuture<DrainReport> drain() {
    return coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
  }

  @Override
  public void close() {
    // stop() takes seconds, and no test needs its end.
    Daemons.start("stop-" + coordinator.policy().pod(), server::stop);
    coordinator.close();
  }
}
