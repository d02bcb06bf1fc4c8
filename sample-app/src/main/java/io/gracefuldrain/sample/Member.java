package io.gracefuldrain.sample;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client that is here. Thread-safe.
 *
 * <p>netty-socketio shows a client of Engine.IO 4 from its handshake on, before it has been told
 * that it is connected, and an event sent then reaches it too early. It is told so when the
 * server's object for it is replaced, so nothing is sent before that was seen.
 */
final class Member implements Feed.Reader {
  /**
   * What went to and fro.
   *
   * @param sent messages of the feed
   * @param lastSent the number of the last of them, or null
   * @param up numbers of the client's own
   * @param orders orders of the client that were begun, or refused
   */
  record Given(long sent, @Nullable Long lastSent, long up, long orders) {}

  private static final Duration QUICK_CONNECT = Duration.ofSeconds(2);

  private final SocketIOServer server;
  private final SocketIOClient atHandshake;
  private final int feedMs;

  // Guarded by this.
  private long received;
  private long orders;
  private long sent;
  private @Nullable Long lastSent;

  private final long enteredAt = System.nanoTime();
  private volatile boolean replaced;
  private volatile boolean joined;

  Member(SocketIOServer server, SocketIOClient atHandshake, int feedMs) {
    this.server = server;
    this.atHandshake = atHandshake;
    this.feedMs = feedMs;
    this.joined = atHandshake.getEngineIOVersion() != EngineIOVersion.V4;
  }

  UUID id() {
    return atHandshake.getSessionId();
  }

  @Override
  public int feedMs() {
    return feedMs;
  }

  /** Counts one of the client's own numbers. */
  synchronized long received() {
    return ++received;
  }

  /** Counts one of the client's orders. */
  synchronized void ordered() {
    orders++;
  }

  /** What it was given; once it has left, that is all. */
  synchronized Given given() {
    return new Given(sent, lastSent, received, orders);
  }

  /** What it uses, or used last: {@code websocket} or {@code polling}. */
  String transport() {
    return atHandshake.getTransport().name().toLowerCase(Locale.ROOT);
  }

  /** The client has sent an event, so it knows that it is connected. */
  void heard() {
    joined = true;
  }

  /** Whether events may be sent to it. */
  boolean joined() {
    return joined;
  }

  /**
   * Looks whether the client has joined. It counts from the look after the one that saw the
   * replacement: the answer to the client is written a moment later. Where the client is so quick
   * that its CONNECT is handled before netty-socketio shows it, nothing is replaced: it counts as
   * joined after two seconds.
   */
  @Override
  public boolean listens() {
    if (!joined) {
      if (replaced) {
        joined = true;
      } else {
        SocketIOClient now = current();
        boolean late = System.nanoTime() - enteredAt >= QUICK_CONNECT.toNanos();
        replaced = now != null && (now != atHandshake || late);
      }
    }
    return joined;
  }

  /** In one step with its count, so that what has left is not given more. Does not block. */
  @Override
  public synchronized void send(String event, Object payload) {
    SocketIOClient client = current();
    if (client != null) {
      client.sendEvent(event, payload);
      if (payload instanceof Events.Message message) {
        sent++;
        lastSent = message.n();
      }
    }
  }

  private @Nullable SocketIOClient current() {
    return server.getClient(id());
  }
}
