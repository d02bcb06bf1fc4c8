package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.Goodbye;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel initializer of a server that drains. It serves one server. Extend it to add handlers
 * of your own:
 *
 * <pre>
 * class MyInitializer extends DrainChannelInitializer {
 *   {@literal @}Override
 *   protected void addSocketioHandlers(ChannelPipeline pipeline) {
 *     super.addSocketioHandlers(pipeline); // first
 *     pipeline.addBefore(PACKET_HANDLER, "mine", new MyHandler());
 *   }
 * }
 *
 * SocketIoDrain.attach(server, coordinator, new MyInitializer());
 * </pre>
 */
public class DrainChannelInitializer extends SocketIOChannelInitializer {
  static final String GATE = "drainGate";
  static final String TRACKER = "drainTracker";
  static final String GREETER = "drainGreeter";
  static final String OUTGOING = "drainOutgoing";

  private static final Logger LOG = LoggerFactory.getLogger(DrainChannelInitializer.class);

  /** The adapter's parts, made for one server. */
  private record Attached(
      ServerContext context,
      Sessions sessions,
      Greeter greeter,
      SessionTracker tracker,
      Outgoing outgoing,
      StartCheck startCheck) {
    static Attached of(ServerContext context, Sessions sessions) {
      return new Attached(
          context,
          sessions,
          new Greeter(context.coordinator()),
          new SessionTracker(context, sessions),
          new Outgoing(context, sessions),
          new StartCheck(context));
    }

    /** Nobody is tracked any more, and no drain asks about this server. */
    void end() {
      context.coordinator().removeListener(startCheck);
      sessions.end();
    }
  }

  private final AtomicReference<@Nullable Attached> attached = new AtomicReference<>();

  /** Creates an initializer, to be given to {@link SocketIoDrain#attach}. */
  public DrainChannelInitializer() {}

  final void attach(ServerContext context, Sessions sessions) {
    Attached parts = Attached.of(context, sessions);
    if (!attached.compareAndSet(null, parts)) {
      throw new IllegalStateException(
          "the initializer is attached already (expected: one for each server)");
    }
    context.coordinator().addListener(parts.startCheck());
  }

  final void goodbyes(Function<? super HandshakeData, Goodbye> choice) {
    attached().context().goodbyes(choice);
  }

  final HandOverChoices choices() {
    return attached().context().choices();
  }

  final boolean running() {
    return attached().context().started();
  }

  /** Whether all is drained, and none of the server's connections is left. */
  final boolean drained() {
    Attached parts = attached();
    return parts.context().coordinator().phase() == DrainPhase.DRAINED && parts.sessions().ended();
  }

  final void detach() {
    Attached parts = attached();
    if (!parts.context().stopped()) {
      parts.context().detach();
      parts.end();
    }
  }

  private Attached attached() {
    Attached known = attached.get();
    if (known == null) {
      throw new IllegalStateException(
          "the initializer was not attached (expected: SocketIoDrain.attach(server, coordinator,"
              + " initializer) instead of setPipelineFactory)");
    }
    return known;
  }

  /**
   * Called by the server as it starts.
   *
   * @throws IllegalStateException if the configuration has {@code randomSession} off: a client's
   *     second connection would then take over the session of its first, by a cookie. Also if the
   *     server was stopped: netty-socketio's timers do not start a second time
   */
  @Override
  public void start(Configuration configuration, NamespacesHub namespacesHub) {
    ServerContext context = attached().context();
    if (context.stopped()) {
      throw new IllegalStateException(
          "the server was stopped (expected: a new one; netty-socketio's timers do not start a"
              + " second time)");
    }
    ServerCheck.randomSession(configuration.isRandomSession());
    if (!context.detached()) {
      OwnJson json = new OwnJson(configuration.getJsonSupport(), attached().sessions()::token);
      context.start(configuration, json, this::forget);
      context.beforeStart(configuration);
    }
    super.start(configuration, namespacesHub);
    if (context.started()) {
      EmbeddedChannel unused = new EmbeddedChannel(DefaultChannelId.newInstance(), false, false);
      super.addSocketioHandlers(unused.pipeline()); // it is never registered: no handler sees it
      ChannelHandler encoder = unused.pipeline().get(SOCKETIO_ENCODER);
      new Rehearsal(context, configuration, encoder).begin();
    }
  }

  /** Called by the server when it has stopped: its sessions end with it. */
  @Override
  public void stop() {
    Attached parts = attached.get();
    boolean ran = parts != null && (parts.context().started() || parts.context().detached());
    if (parts != null && !parts.context().detached()) {
      parts.context().stop();
      parts.end();
    }
    if (ran) {
      super.stop();
    } else {
      ServerInternals.endTimer(this); // all that there is to stop
    }
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    Attached parts = attached();
    // Before the packet handler, which consumes packets, and so before all that answers requests.
    pipeline.addBefore(
        PACKET_HANDLER, GATE, new ChannelGate(parts.context(), parts.sessions(), parts.tracker()));
    // Right after authorization, where a session begins, and before its transport can run
    // listeners.
    pipeline.addAfter(AUTHORIZE_HANDLER, TRACKER, parts.tracker());
    // Where packets have become text, and are not compressed yet.
    pipeline.addBefore(SOCKETIO_ENCODER, GREETER, new ConnectReplies(parts.greeter()));
    if (parts.context().handOver().on()) {
      // Where packets wait in netty-socketio's queue.
      pipeline.addAfter(SOCKETIO_ENCODER, OUTGOING, parts.outgoing());
    }
  }

  /**
   * Called by netty-socketio when a session has left its last namespace. Its record here ends
   * first: what netty-socketio does then runs the application's code, which may throw.
   */
  @Override
  public void onDisconnect(ClientHead client) {
    Session session = attached().sessions().of(client);
    if (session == null) {
      forget(client);
    } else {
      session.disconnected();
    }
  }

  /**
   * Takes a session out of netty-socketio's tables. When an acknowledgement's {@code onTimeout}
   * throws, netty-socketio keeps the session; the second time there are no acknowledgements left.
   */
  private void forget(ClientHead client) {
    for (int attempt = 1; attempt <= 2; attempt++) {
      try {
        super.onDisconnect(client);
        return;
      } catch (Throwable e) {
        if (attempt == 1) {
          LOG.warn(
              "DRAIN-065 session {}: netty-socketio failed to end it", client.getSessionId(), e);
        }
      }
    }
  }
}
