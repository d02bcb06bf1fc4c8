package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.MultiTypeArgs;
import com.corundumstudio.socketio.SocketConfig;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.listener.DataListener;
import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.WorkLease;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The Socket.IO service: its messages and its answers, in the words of {@link Events}. It does not
 * know whether its pod drains.
 */
final class ChatServer implements AutoCloseable {
  private final SocketIOServer server;
  private final Supplier<Events.Pod> now;
  private final Work work;
  private final SessionLedger ledger;
  private final String pod;
  private final Members members;
  private final Feed feed;
  private final Orders orders = new Orders();

  /**
   * Adds the service to a server that was not started.
   *
   * @param now the pod as it is when asked
   */
  ChatServer(SocketIOServer server, Supplier<Events.Pod> now, Work work, SessionLedger ledger) {
    this.server = server;
    this.now = now;
    this.work = work;
    this.ledger = ledger;
    pod = now.get().name();
    members = new Members(server, work);
    feed = Feed.start(pod);
    server.addConnectListener(this::entered);
    server.addDisconnectListener(this::left);
    server.addEventListener(Events.WHO_AM_I, JsonNode.class, answered(this::whoAmI));
    server.addEventListener(Events.UP, JsonNode.class, answered(this::up));
    server.addEventListener(Events.SAY, JsonNode.class, answered(this::say));
    server.addMultiTypeEventListener(Events.POST, this::posted, JsonNode.class, byte[].class);
    server.addEventListener(Events.ORDER, JsonNode.class, this::order);
  }

  /** The server's settings as the service needs them. */
  static Configuration configuration(int port) {
    Configuration configuration = new Configuration();
    configuration.setPort(port);
    configuration.setRandomSession(true);
    // An order is acknowledged when it is done, long after its handler has returned.
    configuration.setAckMode(AckMode.MANUAL);
    configuration.setWebsocketCompression(false); // 80 KB for each connection otherwise
    SocketConfig sockets = new SocketConfig();
    sockets.setReuseAddress(true); // so that a restart finds its port free
    configuration.setSocketConfig(sockets);
    return configuration;
  }

  /** Tells every client where the pod is in its life. */
  void tell(Events.Pod pod) {
    members.tell(Events.POD, pod);
  }

  // ---------------------------------------------------------------- clients

  private void entered(SocketIOClient client) {
    int feedMs = Events.feedMs(client.getHandshakeData().getSingleUrlParam(Events.FEED_MS));
    Member member = members.enter(client, feedMs);
    ledger.entered(member);
    feed.add(member);
  }

  private void left(SocketIOClient client) {
    Member member = members.leave(client);
    if (member != null) {
      feed.remove(member);
      ledger.left(member);
    }
  }

  /** An event that is answered at once; an event that is wrong is answered with the reason. */
  private DataListener<JsonNode> answered(BiFunction<Member, JsonNode, Object> answer) {
    return (client, data, ack) -> {
      Member member = members.find(client);
      if (member == null) {
        return; // the client has left
      }
      member.heard();
      try {
        ack.sendAckData(answer.apply(member, data));
      } catch (IllegalArgumentException e) {
        ack.sendAckData(new Events.Refused(String.valueOf(e.getMessage())));
      }
    };
  }

  private Object whoAmI(Member member, JsonNode data) {
    return now.get();
  }

  private Object up(Member member, JsonNode data) {
    long n = Events.number(Events.UP, data, "n");
    return new Events.Received(n, member.received(), pod);
  }

  private void posted(SocketIOClient client, MultiTypeArgs args, AckRequest ack) {
    Member member = members.find(client);
    if (member == null) {
      return; // the client has left
    }
    member.heard();
    byte[] attachment = args.second();
    member.posted(Events.number(Events.POST, args.first(), "n"), attachment);
  }

  private Object say(Member member, JsonNode data) {
    Events.Line line =
        new Events.Line(
            Events.text(Events.SAY, data, "from", Events.NAME_LENGTH, "guest"),
            Events.text(Events.SAY, data, "text", Events.TEXT_LENGTH),
            pod,
            System.currentTimeMillis());
    members.tell(Events.SAY, line);
    return line;
  }

  /** Work that outlives its handler: its lease keeps the connection until it is done. */
  private void order(SocketIOClient client, JsonNode data, AckRequest ack) {
    WorkLease lease = work.begin(client, Events.ORDER);
    Member member = members.find(client);
    if (member != null) {
      member.ordered();
    }
    try {
      String id = Events.text(Events.ORDER, data, "id", Events.NAME_LENGTH);
      orders.begin(
          lease,
          percent -> {
            client.sendEvent(Events.PROGRESS, new Events.Progress(id, percent, pod));
            if (percent == 100) {
              ack.sendAckData(new Events.Done(id, pod, lease.age().toMillis()));
            }
          });
    } catch (IllegalArgumentException e) {
      lease.close();
      ack.sendAckData(new Events.Refused(String.valueOf(e.getMessage())));
    }
  }

  // ---------------------------------------------------------------- the end

  /** Stops it; may take some seconds. */
  @Override
  public void close() {
    // The server first: on a pod that does not drain the feed goes on until the clients are cut.
    try {
      server.stop();
    } finally {
      feed.close();
      orders.close();
      ledger.close();
    }
  }
}
