package io.gracefuldrain.sample.handover;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.WireSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.json.JSONObject;

/** A Socket.IO session over a WebSocket that brings whatever {@code auth} a test wants. */
final class RawSession implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final WireSocket socket;

  /** Connects, with this as its auth; empty for none. */
  RawSession(Door door, String auth) throws IOException {
    socket = WireSocket.open(door.port(), "EIO=4&feedMs=100");
    await("0{");
    socket.send("40" + auth);
  }

  /** An auth with a pid. */
  static String auth(String user, String pid) {
    return new JSONObject().put("user", user).put("pid", pid).toString();
  }

  private String await(String start) {
    return socket.await("a packet that begins with " + start, each -> each.startsWith(start));
  }

  /** The answer to its CONNECT. */
  JSONObject answer() {
    return new JSONObject(await("40{").substring(2));
  }

  String pid() {
    return answer().getString("pid");
  }

  /** Waits for messages of the feed. */
  RawSession awaitFeed() {
    await("42[\"feed\"");
    return this;
  }

  /** The numbers of the feed, in the order in which they came. */
  List<Long> feed() {
    return socket.messages().stream()
        .filter(each -> each.startsWith("42[\"feed\""))
        .map(each -> new JSONObject(each.substring(each.indexOf('{'))).getLong("n"))
        .toList();
  }

  RawSession awaitEnd() {
    Await.until("the end of the connection", SOON, socket::ended);
    return this;
  }

  @Override
  public void close() {
    socket.close();
  }
}
