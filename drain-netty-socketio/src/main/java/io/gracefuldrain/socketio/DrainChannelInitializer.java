package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The channel initializer of a server that drains. Who needs handlers of their own extends it,
 * overrides {@link #addSocketioHandlers} and calls {@code super} first. It serves one server.
 */
public class DrainChannelInitializer extends SocketIOChannelInitializer {
  static final String GATE = "drainGate";
  static final String TRACKER = "drainTracker";

  private final AtomicReference<@Nullable Sessions> attached = new AtomicReference<>();

  /** An initializer that {@link SocketIoDrain#attach} has yet to be given. */
  public DrainChannelInitializer() {}

  final void attach(Sessions sessions) {
    if (!attached.compareAndSet(null, sessions)) {
      throw new IllegalStateException(
          "the initializer is attached already (expected: one for each server)");
    }
  }

  private Sessions sessions() {
    Sessions sessions = attached.get();
    if (sessions == null) {
      throw new IllegalStateException(
          "the initializer was not attached (expected: SocketIoDrain.attach(server, coordinator,"
              + " initializer) instead of setPipelineFactory)");
    }
    return sessions;
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
          "randomSession: false (expected: true, by Configuration.setRandomSession(true); without it a"
              + " second connection of a browser takes over the first one's session)");
    }
    sessions().start(configuration, super::onDisconnect);
    super.start(configuration, namespacesHub);
  }

  @Override
  protected void addSocketioHandlers(ChannelPipeline pipeline) {
    super.addSocketioHandlers(pipeline);
    Sessions sessions = sessions();
    // Before the packet handler, which consumes packets, and so before all that answers requests.
    pipeline.addBefore(PACKET_HANDLER, GATE, new ChannelGate(sessions));
    // Right after authorization, where a session begins, and before its transport can run
    // listeners.
    pipeline.addAfter(AUTHORIZE_HANDLER, TRACKER, sessions.admission());
  }

  @Override
  public void onDisconnect(ClientHead client) {
    super.onDisconnect(client);
    sessions().disconnected(client);
  }
}
