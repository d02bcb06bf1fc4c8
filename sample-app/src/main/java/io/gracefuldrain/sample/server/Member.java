package io.gracefuldrain.sample.server;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client that is here. Thread-safe.
 *
 * <p>netty-socketio shows a client of Engine.IO 4 from its handshake on, before the client knows
 * that it is connected, and an event sent then reaches it too early. The client is told when the
 * server replaces its object for the client, so nothing is sent before that replacement was seen.
 */
final class Member implements Feed.Reader {
  /**
   * The messages sent and received.
   *
   * @param sent messages of the feed
   * @param lastSent the number of the last of them, or null
   * @param up numbers of the client's own
   * @param orders orders of the client that were begun, or refused
   * @param kept messages of the feed that were sent after the client had been let go
   * @param posts the client's numbers that want no answer
   */
  record Given(
      long sent, @Nullable Long lastSent, long up, long orders, long kept, PostCount.Posts posts) {}

  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final Duration QUICK_CONNECT = Duration.ofSeconds(10);

  private final SocketIOServer server;
  private final Work work;
  private final SocketIOClient atHandshake;
  private final int feedMs;
  private final boolean bytes;

  // Guarded by this.
  private long received;
  private long orders;
  private long sent;
  private @Nullable Long lastSent;
  private long kept;
  private final PostCount posts = new PostCount();

  private final long enteredAt = System.nanoTime();
  private volatile @Nullable Long replacedAt;
  private volatile boolean joined;

  Member(SocketIOServer server, Work work, SocketIOClient atHandshake, int feedMs) {
    this.server = server;
    this.work = work;
    this.atHandshake = atHandshake;
    this.feedMs = feedMs;
    this.bytes = "1".equals(atHandshake.getHandshakeData().getSingleUrlParam(Events.BYTES));
    this.joined = work.handsOver() || atHandshake.getEngineIOVersion() != EngineIOVersion.V4;
  }

  UUID id() {
    return atHandshake.getSessionId();
  }

  /** An aware client hears both pods for a while, so it does not need it. */
  @Override
  public boolean catchesUp() {
    return work.handsOver() && atHandshake.getHandshakeData().getSingleUrlParam("drain") == null;
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

  /** Counts a number that wants no answer; the bytes that came with it are null if none did. */
  synchronized void posted(long n, byte @Nullable [] attachment) {
    posts.take(n, hasBytes(n) ? Arrays.equals(attachment, Events.bytes(n)) : attachment == null);
  }

  private boolean hasBytes(long n) {
    return bytes && n % 2 == 0;
  }

  /** The messages given to it so far; final once the client has left. */
  synchronized Given given() {
    return new Given(sent, lastSent, received, orders, kept, posts.all());
  }

  /** Its transport, or the last one it used: {@code websocket} or {@code polling}. */
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
   * Looks whether the client has joined. Its own first event says so. A silent client counts as
   * joined a second after the replacement, since the answer to the client is written later than
   * that. Nothing is replaced when its CONNECT was handled before netty-socketio showed it: such a
   * client counts as joined ten seconds after it came. (On a busy node three have passed before a
   * CONNECT.)
   */
  @Override
  public boolean listens() {
    if (!joined) {
      SocketIOClient now = current();
      long at = System.nanoTime();
      if (now != null && now != atHandshake && replacedAt == null) {
        replacedAt = at;
      }
      Long replaced = replacedAt;
      boolean silent = replaced != null && at - replaced >= SILENCE.toNanos();
      joined = silent || (now != null && at - enteredAt >= QUICK_CONNECT.toNanos());
    }
    return joined;
  }

  /**
   * In one step with its count, so that the count of a client that has left is final. Does not
   * block.
   */
  @Override
  public synchronized void send(String event, Object payload) {
    SocketIOClient client = current();
    if (client == null) {
      return;
    }
    Events.Message message = payload instanceof Events.Message of ? of : null;
    if (work.send(client, () -> write(client, event, payload, message))) {
      if (message != null) {
        sent++;
        lastSent = message.n();
      }
    } else if (work.handsOver()) {
      write(client, event, payload, message);
      kept += message == null ? 0 : 1;
    }
  }

  private void write(
      SocketIOClient client, String event, Object payload, Events.@Nullable Message message) {
    if (message != null && hasBytes(message.n())) {
      client.sendEvent(event, payload, Events.bytes(message.n()));
    } else {
      client.sendEvent(event, payload);
    }
  }

  private @Nullable SocketIOClient current() {
    return server.getClient(id());
  }
}
