package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.messages.PacketsMessage;
import com.corundumstudio.socketio.namespace.Namespace;
import io.gracefuldrain.WorkLease;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CONNECT that waits to be dispatched, and then to be answered. While it waits, the session is
 * not let go. Its steps run on the event loop of the channel on which it came; {@link #end} may be
 * called from any thread.
 */
final class HeldConnect implements ConnectQueue.Waiting {
  /** The name of the lease that keeps the session from being let go meanwhile. */
  static final String WORK = "hand-over";

  /** Longer than all steps of a recovery together. */
  private static final Duration LIMIT = HeldOutput.LONGEST_HELD;

  private static final Logger LOG = LoggerFactory.getLogger(HeldConnect.class);

  private final ConnectRequest asked;
  private final byte[] fingerprint;
  private final WorkLease lease;
  private final Consumer<HeldConnect> handling;
  private final AtomicBoolean thenRun = new AtomicBoolean();
  private @Nullable SocketIOClient client;
  private @Nullable Regained regained;
  private boolean welcomed;

  private HeldConnect(ConnectRequest asked, WorkLease lease, Consumer<HeldConnect> handling) {
    this.asked = asked;
    this.fingerprint = asked.arrival().identify(asked.connect());
    this.lease = lease;
    this.handling = handling;
  }

  /**
   * Lets a CONNECT wait for its turn. The caller has entered the session.
   *
   * @param handling handles it in its turn
   */
  static void await(ConnectRequest asked, Consumer<HeldConnect> handling) {
    WorkLease lease = asked.session().handle().tryBegin(WORK, LIMIT);
    if (lease == null) {
      // It is being let go itself. Nothing is taken, and the client asks the next pod.
      asked.then().run();
      return;
    }
    HeldConnect held = new HeldConnect(asked, lease, handling);
    if (!asked.arrival().connects().await(held)) {
      held.end();
      var unused = asked.ctx().close(); // no client has so many namespaces
    }
  }

  @Override
  public void begin() {
    onEventLoop(
        () -> handling.accept(this),
        () -> {
          giveUp();
          end();
          asked.arrival().connects().done();
        });
  }

  /**
   * Runs a step.
   *
   * @param failed is run if it throws, or if the server has stopped
   */
  void onEventLoop(Runnable step, Runnable failed) {
    on(asked.ctx(), step, failed);
  }

  /** The same on the event loop of another channel. */
  void on(ChannelHandlerContext way, Runnable step, Runnable failed) {
    try {
      way.executor()
          .execute(
              () -> {
                try {
                  step.run();
                } catch (Throwable e) {
                  LOG.warn("DRAIN-076 session {}: a hand-over failed", session().id(), e);
                  failed.run();
                }
              });
    } catch (RejectedExecutionException e) {
      failed.run();
    }
  }

  ConnectRequest asked() {
    return asked;
  }

  private Session session() {
    return asked.session();
  }

  private Outbox outbox() {
    return asked.arrival().outbox();
  }

  private String namespace() {
    return asked.namespace();
  }

  /** What it knows of the client. */
  byte[] question() {
    return HandOverCodec.question(Map.of(namespace(), fingerprint));
  }

  boolean isFor(TakenSession old) {
    return old.isFor(asked.connect(), fingerprint);
  }

  /** Holds output in its namespace, if none has gone out. */
  boolean keep() {
    return outbox().keep(namespace());
  }

  /** It is dispatched as if it had not waited. */
  void plainly() {
    giveUp();
    var unused = dispatched();
  }

  /** Dispatches it. If the application lets the client in, it has its rooms and its data again. */
  boolean join(TakenSession old) {
    if (!dispatched() || !outbox().letIn(namespace())) {
      giveUp();
      return false;
    }
    for (Namespace namespace : session().head().getNamespaces()) {
      if (namespace.getName().equals(namespace())) {
        client = session().head().getChildClient(namespace);
      }
    }
    if (client == null) {
      giveUp();
      return false;
    }
    Regained fresh = old.regained(client);
    regained = fresh; // to be undone, if a store fails in the middle
    fresh.join(old.state());
    return true;
  }

  /** Its namespace begins anew: nothing was handed over. */
  void refuse() {
    Regained undone = regained;
    if (undone != null) {
      tryTo(undone::undo);
    }
    giveUp();
  }

  /**
   * What a store that fails keeps from being done; the client gets what it is sent all the same.
   */
  private void tryTo(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) { // the application's own
      LOG.warn(
          "DRAIN-076 session {}: rooms or data could not be set, or not be undone",
          session().id(),
          e);
    }
  }

  private void giveUp() {
    outbox().giveUp(namespace());
  }

  /** Its upload is answered now, so that the client can say more. Its channel ends with that. */
  void answerUpload() {
    if (thenRun.compareAndSet(false, true)) {
      asked.then().run();
    }
  }

  /** All is done. */
  void end() {
    lease.close();
    answerUpload();
  }

  // ---------------------------------------------------------------- the answer

  /** Whether something that the client has sent can be dispatched on its channel. */
  boolean live() {
    return !asked.ctx().isRemoved();
  }

  /**
   * The session was taken: it has what it has at its old pod by now, and the application hears so.
   *
   * @param way the channel on which the client is; called on the event loop of that
   */
  void welcome(TakenSession old, ChannelHandlerContext way) {
    SocketIOClient joined = Objects.requireNonNull(client, "client"); // it has joined
    welcomed =
        outbox().letIn(namespace()) // not, if there was too much to hold
            && inSession(
                way,
                () -> {
                  update(old);
                  tell(joined, old.state().session());
                });
  }

  /**
   * What the client has sent is dispatched, and the CONNECT is answered.
   *
   * @param way where it is dispatched; called on the event loop of that
   * @return completes when the client has its answer; null if it gets none of a recovery
   */
  @Nullable CompletableFuture<Void> recover(TakenSession old, ChannelHandlerContext way) {
    String pid = Objects.requireNonNull(asked.connect().pid(), "pid"); // isFor has seen it
    boolean whole =
        welcomed
            && outbox().letIn(namespace())
            && inSession(
                way,
                () -> {
                  update(old); // if it was taken once more
                  dispatch(old, way);
                });
    CompletableFuture<Void> answered =
        whole ? outbox().release(namespace(), pid, old.missed(namespace())) : null;
    if (answered != null) {
      asked.arrival().known(pid);
      asked.arrival().joined().add(namespace()); // also if it is let go before it has the answer
    } else {
      refuse();
    }
    return answered;
  }

  /**
   * It begins anew, and the session ends at its old pod with the other namespaces: what the client
   * has sent is heard here all the same, since the application has let it in.
   */
  void hear(TakenSession old, ChannelHandlerContext way) {
    var unused = inSession(way, () -> dispatch(old, way));
  }

  private void dispatch(TakenSession old, ChannelHandlerContext way) {
    old.upstream(namespace()).forEach(packet -> fire(way, packet));
  }

  /** The application has disconnected the client, at its old pod. */
  void throwOut() {
    SocketIOClient known = client;
    if (known != null) {
      known.disconnect();
    }
  }

  /** It has its rooms and its data as they are at its old pod by now. */
  private void update(TakenSession old) {
    Regained known = regained;
    if (known != null) {
      old.update(known);
    }
  }

  /**
   * The session has ended at its old pod, and this is the last of it. It goes behind what was sent
   * meanwhile.
   *
   * @param old null if there is nothing more
   */
  void last(@Nullable TakenSession old) {
    if (old == null) {
      outbox().last(namespace(), List.of());
    } else {
      tryTo(() -> update(old));
      outbox().last(namespace(), old.missed(namespace()).packets());
    }
  }

  private void tell(SocketIOClient joined, UUID previous) {
    for (BiConsumer<SocketIOClient, UUID> listener : asked.context().choices().recovered()) {
      try {
        listener.accept(joined, previous);
      } catch (Throwable e) { // the application's own
        LOG.warn("DRAIN-075 session {}: a listener of recovered clients failed", previous, e);
      }
    }
  }

  // ---------------------------------------------------------------- what is dispatched

  private boolean dispatched() {
    return inSession(
        asked.ctx(),
        () ->
            asked
                .ctx()
                .fireChannelRead(
                    new PacketsMessage(
                        session().head(), asked.connect().clean(), asked.transport())));
  }

  /** Runs something as what the client has sent; false if the session takes nothing any more. */
  private boolean inSession(ChannelHandlerContext way, Runnable dispatch) {
    if (way.isRemoved() || session().ended() || !session().enterUntilFarewell()) {
      return false;
    }
    try {
      session().hear(way.channel(), dispatch);
      session().dispatched();
    } finally {
      session().exit();
    }
    return true;
  }

  private void fire(ChannelHandlerContext way, WirePacket packet) {
    Replay.of(packet, session().head(), asked.transport(), way::fireChannelRead);
  }
}
