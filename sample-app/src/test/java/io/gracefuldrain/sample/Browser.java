package io.gracefuldrain.sample;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * A client that does what the page does, with the stock Java library and its stock reconnection.
 */
public final class Browser implements AutoCloseable {
  public static final int FEED_MS = 50;

  /** A message of the feed. */
  public record Message(long n, long at, String pod) {}

  /** How far an order is. */
  public record Progress(String id, int percent, String pod) {}

  private final Socket socket;
  public final List<Message> feed = new CopyOnWriteArrayList<>();
  public final List<Progress> progress = new CopyOnWriteArrayList<>();
  public final List<String> phases = new CopyOnWriteArrayList<>();
  public final AtomicInteger connects = new AtomicInteger();

  public Browser(int port, String transport) {
    this(port, transport, FEED_MS);
  }

  public Browser(int port, String transport, int feedMs) {
    IO.Options options =
        IO.Options.builder()
            .setTransports(new String[] {transport})
            .setQuery("feedMs=" + feedMs)
            .setForceNew(true)
            .build();
    socket = IO.socket(URI.create("http://127.0.0.1:" + port), options);
    socket.on(Socket.EVENT_CONNECT, any -> connects.incrementAndGet());
    socket.on(
        "feed",
        args -> {
          JSONObject message = (JSONObject) args[0];
          feed.add(
              new Message(message.optLong("n"), message.optLong("at"), message.optString("pod")));
        });
    socket.on(
        "progress",
        args -> {
          JSONObject at = (JSONObject) args[0];
          progress.add(new Progress(at.optString("id"), at.optInt("percent"), at.optString("pod")));
        });
    socket.on("pod", args -> phases.add(((JSONObject) args[0]).optString("phase")));
    socket.connect();
  }

  /** Sends an event; its answer comes later. */
  public AtomicReference<JSONObject> ask(String event, Map<String, ?> payload) {
    AtomicReference<JSONObject> answer = new AtomicReference<>();
    socket.emit(
        event,
        new Object[] {new JSONObject(payload)},
        (Ack) args -> answer.set((JSONObject) args[0]));
    return answer;
  }

  public boolean connected() {
    return socket.connected();
  }

  /** The session id, which the server's ledger has too; null while it is not connected. */
  public String sid() {
    return socket.id();
  }

  /** The pod of the last message. */
  public String pod() {
    return feed.isEmpty() ? "none" : feed.get(feed.size() - 1).pod();
  }

  /** The numbers missing from the feed of one pod. */
  public List<Long> missingFrom(String pod) {
    List<Long> missing = new ArrayList<>();
    long expected = -1;
    for (Message message : feed) {
      if (message.pod().equals(pod)) {
        for (long n = expected; expected >= 0 && n < message.n(); n++) {
          missing.add(n);
        }
        expected = message.n() + 1;
      }
    }
    return missing;
  }

  public static String text(AtomicReference<JSONObject> answer, String name) {
    try {
      return answer.get().getString(name);
    } catch (JSONException e) {
      throw new AssertionError(answer.get() + " has no " + name, e);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
