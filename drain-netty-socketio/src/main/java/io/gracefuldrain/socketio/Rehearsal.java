package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.handover.HandOver;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets clients go that there are not, once the pod has started. What a client sends between the
 * last read of its socket and the end of its connection is lost if it asks for an acknowledgement,
 * so that time is to be short for the first client, too: it would be ten times as long while
 * classes are loaded.
 *
 * <p>It is the real code, on channels without a network. Nobody sees it: no listener and no choice
 * of the application, no metric, no receipt. Only the server's JSON writes what such a client
 * hears.
 */
final class Rehearsal implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
  private static final int TIMES = 50;
  private static final Duration WITHIN = Duration.ofSeconds(1);

  private final ServerContext server;
  private final Configuration configuration;
  private final ChannelHandler encoder;

  /**
   * A rehearsal that has not begun.
   *
   * @param encoder netty-socketio's, which all channels share
   */
  Rehearsal(ServerContext server, Configuration configuration, ChannelHandler encoder) {
    this.server = server;
    this.configuration = configuration;
    this.encoder = encoder;
  }

  /** Has it run once the pod has started, on Netty's own thread for what is nobody's. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  void begin() {
    server.coordinator().whenStarted().thenRunAsync(this, GlobalEventExecutor.INSTANCE);
  }

  @Override
  public void run() {
    try {
      for (int i = 0; i < TIMES && server.started(); i++) {
        if (!letGo()) {
          throw new IllegalStateException(
              "a client was not let go (expected: output, and its end)");
        }
      }
    } catch (Exception | LinkageError e) { // the application's JSON may throw, too
      LOG.debug("clients cannot be let go without a network; the first one takes longer", e);
    }
  }

  /**
   * Lets a client go that there is not; says whether something was written, and the connection has
   * ended as others do.
   */
  boolean letGo() {
    boolean keeps = server.handOver().on();
    ServerContext context = server.rehearsal(new NoTokens(keeps));
    ClientHead head = StandInHead.nobody(configuration);
    RehearsalChannel channel = new RehearsalChannel(new WebSocket13FrameEncoder(false), encoder);
    try {
      channel
          .pipeline()
          .addFirst(
              SocketIOChannelInitializer.WEB_SOCKET_TRANSPORT, new ChannelInboundHandlerAdapter());
      SessionChannels channels = new SessionChannels(head, channel);
      channels.opened(channel);
      Arrival arrival = Arrival.of(context, head, channels);
      if (arrival != null) {
        arrival.joined().add("");
        arrival.fingerprints().put("", new byte[1]);
      }
      Farewell farewell =
          new Farewell(
              context,
              new RehearsalHandle(keeps),
              channels,
              arrival,
              channel.eventLoop()::execute,
              () -> {},
              () -> {});
      head.getPacketsQueue(head.getCurrentTransport()).add(event(head));
      channel.freezeTime();
      farewell.begin(CloseManner.LET_GO, WITHIN);
      channel.advanceTimeBy(WITHIN.toMillis() / 2, TimeUnit.MILLISECONDS); // the last read
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
      channel.writeInbound(new TextWebSocketFrame("42[\"late\"]"));
      return channel.isOutputShutdown() && !channel.outboundMessages().isEmpty();
    } finally {
      var unused = channel.finishAndReleaseAll();
    }
  }

  /** Some event, so that there is something to be written. */
  private static Packet event(ClientHead head) {
    Packet packet = new Packet(PacketType.MESSAGE, head.getEngineIOVersion());
    packet.setSubType(PacketType.EVENT);
    packet.setName(Arrival.AT);
    packet.setData(List.of(""));
    return packet;
  }

  /** A hand-over in which nobody takes part. */
  record NoTokens(boolean on) implements HandOver {
    @Override
    public String token(String session) {
      return PREFIX + session;
    }

    @Override
    public String token(String session, Duration validFor) {
      return token(session);
    }

    @Override
    public boolean valid(String token) {
      return false;
    }

    @Override
    public boolean same(String token, String other) {
      return false;
    }

    @Override
    public void unreadable(String token) {}

    @Override
    public CompletionStage<Prepared> prepare(String token, byte[] question) {
      throw new IllegalStateException("there is nobody to ask");
    }
  }
}
