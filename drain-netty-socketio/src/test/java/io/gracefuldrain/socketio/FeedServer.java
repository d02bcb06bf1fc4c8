package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.MultiTypeArgs;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIONamespace;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.corundumstudio.socketio.store.Store;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.handover.HandOver;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pod: a netty-socketio server that drains, and its application. In every namespace, the
 * application sends each client that says {@code ready} a numbered feed. It takes numbered {@code
 * upload}s. It works on an {@code order} for as many milliseconds as the order says.
 */
final class FeedServer implements AutoCloseable {
  static final DrainPolicy POLICY =
      DrainPolicy.defaults()
          .withReadinessDelayMin(Duration.ofMillis(100))
          .withReadinessDelayMax(Duration.ofMillis(100))
          .withMoveWindow(Duration.ofSeconds(2))
          .withHintGrace(Duration.ofMillis(500))
          .withSettleGrace(Duration.ofSeconds(2))
          .withForceTimeout(Duration.ofSeconds(1))
          .withGeneration("g1")
          .withTerminationLog("")
          .withReceipt(DrainPolicy.Receipt.LOG);

  /** The namespace that every client joins. */
  static final String MAIN = "/";

  /** The kind of a client that is sent no feed. */
  static final String QUIET = "QUIET";

  private static final long FEED_EVERY_MILLIS = 20;

  private final TestUploads uploads;
  private final DrainCoordinator coordinator;
  private final ChannelTap tap = new ChannelTap();
  private final SocketIOServer server;
  private final SocketIoDrain adapter;
  private final int port;
  private final Set<UUID> known = ConcurrentHashMap.newKeySet();
  private final Map<String, FeedSession> sessions = new ConcurrentHashMap<>();
  private final ScheduledExecutorService clockwork;

  private FeedServer(Builder builder) {
    uploads = builder.uploads;
    coordinator = DrainCoordinator.create(builder.policy.withPod(builder.pod));
    port = Ports.free();
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(port);
    configuration.setRandomSession(true);
    configuration.setAckMode(AckMode.MANUAL);
    configuration.setStoreFactory(new SessionNotes());
    configuration.getSocketConfig().setReuseAddress(true);
    builder.configuration.accept(configuration);
    server = new SocketIOServer(configuration);
    ServerContext context =
        builder.handOver == null
            ? new ServerContext(coordinator, true)
            : new ServerContext(coordinator, true, builder.handOver);
    adapter = SocketIoDrain.attach(server, context, tap);
    serve(server.getNamespace(""));
    serve(server.addNamespace("/chat"));
    clockwork =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "feed-" + builder.pod);
              thread.setDaemon(true);
              return thread;
            });
    server.start();
    coordinator.started();
    var unused =
        clockwork.scheduleAtFixedRate(
            this::feed, FEED_EVERY_MILLIS, FEED_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  static Builder named(String pod) {
    return new Builder(pod);
  }

  /** The settings of a pod. */
  static final class Builder {
    private final String pod;
    private TestUploads uploads = new TestUploads();
    private DrainPolicy policy = POLICY;
    private Consumer<Configuration> configuration = unchanged -> {};
    private @Nullable HandOver handOver;

    private Builder(String pod) {
      this.pod = pod;
    }

    Builder policy(UnaryOperator<DrainPolicy> change) {
      policy = change.apply(policy);
      return this;
    }

    Builder configuration(Consumer<Configuration> change) {
      configuration = change;
      return this;
    }

    /** Another hand-over than the coordinator's. */
    Builder handOver(HandOver stand) {
      handOver = stand;
      return this;
    }

    /** Where uploads go. Pods of one application share it. */
    Builder uploads(TestUploads shared) {
      uploads = shared;
      return this;
    }

    FeedServer start() {
      return new FeedServer(this);
    }
  }

  // ---------------------------------------------------------------- the application

  /** Serves one more namespace. */
  void serve(SocketIONamespace namespace) {
    namespace.addMultiTypeEventListener("ready", this::ready, String.class, String.class);
    namespace.addMultiTypeEventListener("upload", this::upload, String.class, Integer.class);
    namespace.addEventListener("order", Integer.class, this::order);
  }

  private void ready(SocketIOClient client, MultiTypeArgs names, AckRequest acknowledgement) {
    boolean quiet = names.second().equals(QUIET);
    FeedSession session = new FeedSession(client, names.first(), quiet);
    sessions.put(session.id(), session);
    acknowledgement.sendAckData();
  }

  private void upload(SocketIOClient client, MultiTypeArgs upload, AckRequest acknowledgement) {
    uploads.record(upload.first(), upload.second());
    acknowledgement.sendAckData();
  }

  /** Work that outlives its handler, and is acknowledged when it is done. */
  private void order(SocketIOClient client, Integer millis, AckRequest acknowledgement) {
    WorkLease lease = adapter.begin(client, "order");
    var unused =
        clockwork.schedule(
            () -> {
              try (lease) {
                acknowledgement.sendAckData("done");
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  private void feed() {
    for (FeedSession session : sessions.values()) {
      if (session.open()) {
        session.tick();
      }
    }
  }

  // ---------------------------------------------------------------- what tests ask

  DrainCoordinator coordinator() {
    return coordinator;
  }

  SocketIOServer server() {
    return server;
  }

  SocketIoDrain adapter() {
    return adapter;
  }

  /** Begins a drain that can be recalled; completes with its receipt. */
  CompletableFuture<DrainReport> drain() {
    return coordinator.drain(DrainReason.MANUAL).done().toCompletableFuture();
  }

  /** Drains, and waits for the receipt. */
  DrainReport drained() throws Exception {
    return receipt(drain());
  }

  /** Ends its drain now: in a test of those who are gone, no time tells anything more. */
  void hurry() {
    coordinator.drain(DrainReason.MANUAL).within(Duration.ZERO);
  }

  static DrainReport receipt(CompletableFuture<DrainReport> drain) throws Exception {
    DrainReport report = drain.get(20, TimeUnit.SECONDS);
    assertThat(report.addsUp()).as(report.toText()).isTrue();
    assertThat(report.remaining()).as(report.toText()).isZero();
    return report;
  }

  void awaitPhase(DrainPhase phase) {
    Await.until(phase.name(), () -> coordinator.phase() == phase);
  }

  void awaitWork() {
    Await.until("work in flight", () -> coordinator.report().workInFlight() > 0);
  }

  ChannelTap tap() {
    return tap;
  }

  TestUploads uploads() {
    return uploads;
  }

  int port() {
    return port;
  }

  /** Whether this pod has ever given out that session id. */
  boolean knows(UUID session) {
    return known.contains(session);
  }

  /** Whether this pod has given out any. */
  boolean knowsAny() {
    return !known.isEmpty();
  }

  /** Every session that has ever said that it is ready. */
  Collection<FeedSession> sessions() {
    return sessions.values();
  }

  FeedSession session(UUID id, String namespace) {
    return sessions.get(id + namespace);
  }

  /** Whether a client of that name has ever been here. */
  boolean hasSeen(String name) {
    return sessions.values().stream().anyMatch(session -> session.name().equals(name));
  }

  /** Whether the session's connection was chosen to be let go. */
  boolean sealed(FeedSession session) {
    try {
      adapter.begin(session.client(), "probe").close();
      return false;
    } catch (IllegalStateException e) {
      return true; // let go, or gone
    }
  }

  /** Stops in the background: netty-socketio takes four seconds, and no test needs to wait. */
  @Override
  public void close() {
    clockwork.shutdownNow();
    coordinator.close();
    Thread stopping = new Thread(server::stop, "stop-" + coordinator.policy().pod());
    stopping.setDaemon(true);
    stopping.start();
  }

  /** Notes each new session before its client knows its id. */
  private final class SessionNotes extends MemoryStoreFactory {
    @Override
    public Store createStore(UUID session) {
      known.add(session);
      return super.createStore(session);
    }
  }
}
