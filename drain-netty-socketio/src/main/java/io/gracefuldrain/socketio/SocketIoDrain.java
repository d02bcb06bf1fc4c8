package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.MovedFrom;
import io.gracefuldrain.WorkGate;
import io.gracefuldrain.WorkLease;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A netty-socketio server that drains. Attach the server before it starts:
 *
 * <pre>{@code
 * DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.fromEnvironment());
 * SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
 * server.start();
 * coordinator.started();
 * }</pre>
 *
 * <p>From then on, sessions are tracked over all transports and namespaces. Each packet's dispatch
 * is a lease. Handshakes are refused once connections are let go. Work that outlives its handler
 * needs a lease of its own:
 *
 * <pre>{@code
 * server.addEventListener("order", Order.class, (client, order, ack) -> {
 *   Executor orders = drain.work(client).wrap("order", executor);
 *   orders.execute(() -> ack.sendAckData(cook(order)));
 * });
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class SocketIoDrain {
  // Servers do not compare by value, so a weak map tells them apart by identity.
  private static final Set<SocketIOServer> ATTACHED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final SocketIOServer server;
  private final DrainChannelInitializer initializer;
  private final Sessions sessions;
  private final AtomicBoolean detached = new AtomicBoolean();

  private SocketIoDrain(
      SocketIOServer server, DrainChannelInitializer initializer, Sessions sessions) {
    this.server = server;
    this.initializer = initializer;
    this.sessions = sessions;
  }

  /**
   * Attaches a server to a coordinator. A {@link DrainChannelInitializer} that is the server's
   * pipeline factory already stays so.
   *
   * <p>The drain ends with the server: {@code server.stop()} ends the record of each session.
   * {@link #detach} ends it earlier.
   *
   * <p>{@code server.start()} throws if its port is taken. With {@code startAsync()}, look at its
   * future before {@code coordinator.started()}: nobody else can tell that it has failed.
   *
   * @param server a server that was not started, with {@code randomSession} on in its configuration
   * @throws AttachException if the server was started, or is attached already; if its {@code
   *     randomSession} is off; if it has a pipeline factory of its own; if netty-socketio is older
   *     than 2.0.12. On the module path nobody can see that a server was started, nor its pipeline
   *     factory. An error is then logged when the pod serves and when it drains
   */
  public static SocketIoDrain attach(SocketIOServer server, DrainCoordinator coordinator) {
    Object set = server == null ? null : ServerInternals.pipelineFactory(server);
    return attach(
        server,
        coordinator,
        set instanceof DrainChannelInitializer own ? own : new DrainChannelInitializer());
  }

  /**
   * Attaches a server that needs a channel initializer of its own.
   *
   * @param initializer becomes the server's pipeline factory; each server needs its own
   * @throws AttachException as above
   * @throws IllegalStateException if the initializer is attached already
   */
  public static SocketIoDrain attach(
      SocketIOServer server, DrainCoordinator coordinator, DrainChannelInitializer initializer) {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(coordinator, "coordinator");
    Objects.requireNonNull(initializer, "initializer");
    boolean readable = ServerInternals.pipelineFactory(server) != null;
    ServerContext context = new ServerContext(coordinator, readable);
    context.beforeStart(served -> warmUp(served, coordinator.policy().warmUp()).run());
    return attach(server, context, initializer);
  }

  static WarmUp warmUp(Configuration served, Duration within) {
    return new WarmUp(
        served,
        within,
        (standIn, context) -> attach(standIn, context, new DrainChannelInitializer())::stop);
  }

  static SocketIoDrain attach(
      SocketIOServer server, ServerContext context, DrainChannelInitializer initializer) {
    if (!ATTACHED.add(server)) {
      throw new AttachException(
          AttachException.Reason.ATTACHED, "the server is attached already (expected: one attach)");
    }
    Sessions sessions = new Sessions();
    try {
      ServerCheck.check(server, initializer);
      initializer.attach(context, sessions);
    } catch (RuntimeException | Error e) {
      ATTACHED.remove(server);
      throw e;
    }
    Object replaced = ServerInternals.pipelineFactory(server);
    if (replaced != initializer) {
      ServerInternals.endTimer(replaced);
      server.setPipelineFactory(initializer);
    }
    return new SocketIoDrain(server, initializer, sessions);
  }

  /**
   * Detaches the server. It does not drain any more: none of its sessions is tracked, and no
   * handshake is refused. Its clients stay connected. In a drain they count as lost. A server that
   * was not started may be attached again, to any coordinator. Nothing happens the second time, nor
   * after the server was stopped.
   */
  public void detach() {
    if (detached.compareAndSet(false, true)) {
      ATTACHED.remove(server);
      initializer.detach();
      if (!ServerInternals.started(server)) {
        server.setPipelineFactory(new SocketIOChannelInitializer());
        ServerInternals.endTimer(initializer);
      }
    }
  }

  /**
   * Whether the server runs: it was started since it was attached, and was not stopped. False for
   * one that is detached.
   */
  public boolean running() {
    return initializer.running();
  }

  /**
   * Stops the server if it {@linkplain #running runs}. {@code server.stop()} takes four seconds, in
   * which its event loops wait for work that may still come. After a drain that has let all of its
   * clients go, nothing comes, and this takes some milliseconds; before, it takes as long as that.
   *
   * <p>A server that has not started cannot be started after it. One that somebody else has stopped
   * stays so; another {@code server.stop()} after this does no harm.
   */
  public void stop() {
    if (running()) {
      if (initializer.drained()) {
        ServerInternals.endLoops(server);
      }
      server.stop();
    } else {
      initializer.stop(); // its timer
    }
  }

  /**
   * Sets for each client how its WebSocket ends when it is let go, in place of the policy's {@link
   * io.gracefuldrain.DrainPolicy#goodbye}:
   *
   * <pre>{@code
   * drain.goodbye(
   *     handshake -> "ios".equals(handshake.getSingleUrlParam("app")) ? Goodbye.CLOSE : Goodbye.FIN);
   * }</pre>
   *
   * @param choice by the client's handshake; called on its event loop. If it throws, the policy's
   *     goodbye is taken, and the log says so
   * @return this
   */
  public SocketIoDrain goodbye(Function<? super HandshakeData, Goodbye> choice) {
    initializer.goodbyes(Objects.requireNonNull(choice, "choice"));
    return this;
  }

  /**
   * Carries an entry of the client's store ({@code client.set}) to the pod where the client turns
   * up, if its session is handed over. Nothing else of the store is carried.
   *
   * @param key the entry's key
   * @param type its type, which the server's JSON can write and read
   * @return this
   */
  public SocketIoDrain handOver(String key, Class<?> type) {
    initializer
        .choices()
        .carry(Objects.requireNonNull(key, "key"), Objects.requireNonNull(type, "type"));
    return this;
  }

  /**
   * Says whose session it is, so that nobody else can take it over. Without this the client must
   * bring the same {@code auth} to each namespace as before; an application whose tokens change
   * names the user instead:
   *
   * <pre>{@code
   * drain.identity((handshake, auth) -> tokens.verify(auth).userId());
   * }</pre>
   *
   * @param identity of the handshake, and the {@code auth} of the CONNECT packet, which may be
   *     null; called on the client's event loop, at each CONNECT. If it throws or returns null, the
   *     session is not handed over
   * @return this
   */
  public SocketIoDrain identity(BiFunction<HandshakeData, @Nullable Object, String> identity) {
    initializer.choices().identity(Objects.requireNonNull(identity, "identity"));
    return this;
  }

  /**
   * Hears of each client that was let go, and whose session is kept for the pod where it turns up:
   * its connection is gone, and its place is free, where the number of a user's sessions is
   * limited. It is still in its rooms, and what is sent to it is kept. Its disconnect listeners run
   * when the other pod has taken the session, or nobody has come. Without hand-over no client is
   * kept; its disconnect listeners run when it is let go.
   *
   * @param listener called on the client's event loop, in each namespace, before the client can be
   *     back; quick, since what the client sends meanwhile is too late for this pod. What it throws
   *     is logged
   * @return this
   */
  public SocketIoDrain onLetGo(Consumer<SocketIOClient> listener) {
    initializer.choices().onLetGo(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Hears of each client whose session was handed over from another pod: in each namespace once it
   * has joined its rooms again and has its data, and before it gets what it has missed. The
   * listener gets the client and the id of its session on the other pod.
   *
   * @param listener called on the client's event loop. What it throws is logged
   * @return this
   */
  public SocketIoDrain onRecovered(BiConsumer<SocketIOClient, UUID> listener) {
    initializer.choices().onRecovered(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * A client's work, which a drain waits for before it lets the client go. Inside a handler, also a
   * connect listener, work may begin whatever the client does meanwhile: it fails only after the
   * drain's time. If the client leaves, its work is waited for all the same. If the work sends an
   * acknowledgement at its end, the server needs {@code AckMode.MANUAL}: the default acknowledges
   * when the handler returns.
   *
   * @throws IllegalStateException if the client is not tracked: its session has ended and no
   *     handler of it runs, or its server was not attached
   */
  public WorkGate work(SocketIOClient client) {
    return session(client).handle();
  }

  /**
   * Takes a lease on a client's connection, for work that outlives the handler that began it.
   *
   * @param work the name of the work, shown in the status of a drain that waits for it
   * @throws io.gracefuldrain.SealedException if the client has been let go
   * @throws IllegalStateException as {@link #work} says
   */
  public WorkLease begin(SocketIOClient client, String work) {
    return work(client).begin(work);
  }

  /**
   * Takes a lease that a drain respects for a limited time only.
   *
   * @param limit more than zero, counted from this call
   * @throws io.gracefuldrain.SealedException if the client has been let go
   * @throws IllegalStateException as {@link #work} says
   */
  public WorkLease begin(SocketIOClient client, String work, Duration limit) {
    return work(client).begin(work, limit);
  }

  /**
   * The connection that a client has left for this one, if its handshake has a ticket: an aware
   * client comes here by a move, and has both connections for some seconds. Known from the
   * handshake on, so in connect listeners, too, and for as long as the connection lasts. What it
   * proves, and what not: {@link MovedFrom}.
   */
  public Optional<MovedFrom> movedFrom(SocketIOClient client) {
    return movedFrom(client.getHandshakeData());
  }

  /** The same for a handshake, for listeners that authorize. */
  public Optional<MovedFrom> movedFrom(HandshakeData handshake) {
    return Session.aware(handshake)
        ? MovedFrom.of(handshake.getSingleUrlParam("ticket"))
        : Optional.empty();
  }

  /**
   * Whether this pod has asked the client to move, so that it leaves this connection soon by
   * itself, or is let go. So it is for a session that waits here for another pod to take it over:
   * an application that ends a user's older session leaves this one alone. It is certain, unlike
   * what the client says of its move elsewhere. It stays so in the connection's disconnect
   * listeners; false once these have returned, and for a client of another server. A recall of the
   * drain makes it false.
   */
  public boolean moving(SocketIOClient client) {
    Session session = sessions.get(client.getSessionId());
    return session != null && session.handle().moving();
  }

  /**
   * The pod to which a client has moved from here, for disconnect listeners: its user has not gone.
   * An aware client says so itself; of any other client whose session was handed over, that pod has
   * said it. Empty if it was not asked to move, or has not said that it has arrived. Empty also
   * once the disconnect listeners have returned: ask in the listener itself, not in a task that it
   * begins.
   */
  public Optional<String> movedTo(SocketIOClient client) {
    Session session = sessions.get(client.getSessionId());
    return session == null ? Optional.empty() : session.handle().movedTo();
  }

  private Session session(SocketIOClient client) {
    Session session = sessions.get(client.getSessionId());
    if (session == null) {
      throw new IllegalStateException(
          "client "
              + client.getSessionId()
              + " is not tracked (expected: a living session of an attached server)");
    }
    return session;
  }
}
