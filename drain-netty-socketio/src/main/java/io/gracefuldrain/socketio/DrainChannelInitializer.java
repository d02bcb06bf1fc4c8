package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

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

  /** The adapter's parts, made for one server. */
  private record Attached(
      ServerContext context, Sessions sessions, Greeter greeter, SessionTracker tracker) {
    ChannelGate gate() {
      return new ChannelGate(context, sessions, tracker, greeter);
    }
  }

  private final AtomicReference<@Nullable Attached> attached = new AtomicReference<>();

  /** Creates an initializer, to be given to {@link SocketIoDrain#attach}. */
  public DrainChannelInitializer() {}

  final void attach(ServerContext context, Sessions sessions) {
    Greeter greeter = new Greeter(context.coordinator(), sessions);
    SessionTracker tracker = new SessionTracker(context, sessions, greeter);
    if (!attached.compareAndSet(null, new Attached(context, sessions, greeter, tracker))) {
      throw new IllegalStateException(
          "the initializer is attached already (expected: one for each server)");
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
   *     second connection would then take over the session of its first, by a cookie
   */
  @Override
  public void start(Configuration configuration, NamespacesHub namespacesHub) {
    if (!configuration.isRandomSession()) {
      throw new IllegalStateException(
          "randomSession: false (expected: true, by Configuration.setRandomSession(true); without"
              + " it a second connection of a browser takes over the first one's session)");
    }
    attached().context().start(configuration, super::onDisconnect);
    super.start(configuration, namespacesHub);
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    Attached parts = attached();
    // Before the packet handler, which consumes packets, and so before all that answers requests.
    pipeline.addBefore(PACKET_HANDLER, GATE, parts.gate());
    // Right after authorization, where a session begins, and before its transport can run
    // listeners.
    pipeline.addAfter(AUTHORIZE_HANDLER, TRACKER, parts.tracker());
  }

  @Override
  public void onDisconnect(ClientHead client) {
    super.onDisconnect(client);
    attached().tracker().disconnected(client);
  }
}
