package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.Goodbye;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is told goodbye by a Close frame, and who notices it. */
class CloseFrameIT {
  /** Why a Java client says that it was disconnected. */
  private static String noticed(Goodbye goodbye) throws Exception {
    CompletableFuture<String> reason = new CompletableFuture<>();
    try (FeedServer pod =
        FeedServer.named("pod-a")
            .policy(policy -> policy.withGoodbye(goodbye))
            .configuration(
                c -> {
                  c.setPingInterval(1000);
                  c.setPingTimeout(2000);
                })
            .start()) {
      IO.Options options =
          IO.Options.builder().setForceNew(true).setTransports(new String[] {"websocket"}).build();
      Socket socket = IO.socket(URI.create("http://127.0.0.1:" + pod.port()), options);
      socket.on(Socket.EVENT_DISCONNECT, why -> reason.complete((String) why[0]));
      socket.connect();
      try {
        Await.until("it is here", () -> !pod.server().getAllClients().isEmpty());
        pod.drained();
        return reason.get(15, TimeUnit.SECONDS);
      } finally {
        socket.disconnect();
      }
    }
  }

  @Test
  void javaClient_noticesAFinAtOnce_andACloseFrameByItsPingAlone() throws Exception {
    assertThat(noticed(Goodbye.FIN)).startsWith("transport ");
    assertThat(noticed(Goodbye.CLOSE)).isEqualTo("ping timeout");
  }

  @Test
  void choice_ofEachClient_isWhatStandsOnTheWire() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        LogTap log = LogTap.of(ServerContext.class);
        ScriptedClient close = ScriptedClient.connect(pod, "EIO=4&app=ios").join("");
        ScriptedClient fin = ScriptedClient.stock(pod);
        ScriptedClient wrong = ScriptedClient.connect(pod, "EIO=4&app=wrong").join("")) {
      pod.adapter()
          .goodbye(
              handshake -> {
                String app = String.valueOf(handshake.getSingleUrlParam("app"));
                if (app.equals("wrong")) {
                  throw new IllegalStateException(app);
                }
                return app.equals("ios") ? Goodbye.CLOSE : Goodbye.FIN;
              });
      FeedSession session = close.feed(pod, "", "ios");

      pod.drained();

      assertThat(close.end()).isEqualTo(WireSocket.End.CLOSE_FRAME);
      close.gotAllOf(session);
      assertThat(fin.end()).isEqualTo(WireSocket.End.FIN);
      assertThat(wrong.end()).as("the policy's").isEqualTo(WireSocket.End.FIN);
      assertThat(log.lines())
          .filteredOn(line -> line.contains(wrong.session().toString()))
          .singleElement()
          .asString()
          .startsWith("DRAIN-067");
    }
  }
}
