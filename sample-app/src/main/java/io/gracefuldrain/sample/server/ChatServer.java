package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketConfig;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.listener.DataListener;
import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.sample.page.DemoLink;
import io.gracefuldrain.sample.page.PageFiles;
import io.gracefuldrain.sample.page.PageHandler;
import java.util.function.BiFunction;

/** The Socket.IO service: what it says and what it answers. {@link Events} names it all. */
final class ChatServer implements AutoCloseable {
  private final Work life;
  private final String pod;
  private final SessionLedger ledger;
  private final SocketIOServer server;
  private final Members audience;
  private final Feed feed;
  private final Orders orders = new Orders();

  /** A server that is not yet started. */
  ChatServer(Work life, int port, SessionLedger ledger, DemoLink demo) {
    this.life = life;
    this.pod = life.now().name();
    this.ledger = ledger;
    this.feed = Feed.start(pod);
    Configuration configuration = configuration(port);
    server = new SocketIOServer(configuration);
    audience = new Members(server, life);
    life.attach(server, new PageHandler(PageFiles.load(), demo, configuration.getContext() + "/"));
    server.addConnectListener(this::entered);
    server.addDisconnectListener(this::left);
    server.addEventListener(Events.WHO_AM_I, JsonNode.class, answered(this::whoAmI));
    server.addEventListener(Events.UP, JsonNode.class, answered(this::up));
    server.addEventListener(Events.SAY, JsonNode.class, answered(this::say));
    server.addEventListener(Events.ORDER, JsonNode.class, this::order);
    life.listen(
        new DrainListener() {
          @Override
          public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
            audience.tell(Events.POD, new Events.Pod(report.pod(), report.generation(), to.name()));
          }

          @Override
          public void connectionEnded(String connection, Outcome outcome) {
            ledger.ended(connection, outcome);
          }
        });
  }

  private static Configuration configuration(int port) {
    Configuration configuration = new Configuration();
    configuration.setPort(port);
    configuration.setRandomSession(true);
    // An order is acknowledged when it is done, long after its handler has returned.
    configuration.setAckMode(AckMode.MANUAL);
    configuration.setWebsocketCompression(false); // 80 KB for each connection otherwise
    SocketConfig sockets = new SocketConfig();
    sockets.setReuseAddress(true); // so that it can be started again at once
    configuration.setSocketConfig(sockets);
    return configuration;
  }

  void start() {
    server.start();
  }

  // ---------------------------------------------------------------- clients

  private void entered(SocketIOClient client) {
    int feedMs = Events.feedMs(client.getHandshakeData().getSingleUrlParam(Events.FEED_MS));
    Member member = audience.enter(client, feedMs);
    ledger.entered(member);
    feed.add(member);
  }

  private void left(SocketIOClient client) {
    Member member = audience.leave(client);
    if (member != null) {
      feed.remove(member);
      ledger.left(member, life.draining());
    }
  }

  /** An event that is answered at once; what is wrong with it is its answer. */
  private DataListener<JsonNode> answered(BiFunction<Member, JsonNode, Object> answer) {
    return (client, data, ack) -> {
      Member member = audience.find(client);
      if (member == null) {
        return; // it has left in the meantime
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
    return life.now();
  }

  private Object up(Member member, JsonNode data) {
    long n = Events.number(Events.UP, data, "n");
    return new Events.Received(n, member.received(), pod);
  }

  private Object say(Member member, JsonNode data) {
    Events.Line line =
        new Events.Line(
            Events.text(Events.SAY, data, "from", Events.NAME_LENGTH, "guest"),
            Events.text(Events.SAY, data, "text", Events.TEXT_LENGTH),
            pod,
            System.currentTimeMillis());
    audience.tell(Events.SAY, line);
    return line;
  }

  /** Work that outlives its handler: a lease of its own keeps the connection until it is done. */
  private void order(SocketIOClient client, JsonNode data, AckRequest ack) {
    WorkLease lease = life.begin(client, Events.ORDER);
    Member member = audience.find(client);
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
    // First, as a service that does not drain has it: its feed goes on until its clients are cut.
    try {
      server.stop();
    } finally {
      feed.close();
      orders.close();
      ledger.close();
    }
  }
}
