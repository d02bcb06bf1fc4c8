package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import io.gracefuldrain.handover.HandOver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What hand-over needs of one session of protocol 4: its token, whose it is, what waits for its
 * client, and what it has taken over. Thread-safe.
 */
final class Arrival {
  /** The event whose argument a stock client repeats as its {@code offset}. */
  static final String AT = "drain:at";

  private final ServerContext context;
  private final ClientHead head;
  private final boolean wantsToken;
  private final Outbox outbox;
  private final ConnectQueue connects = new ConnectQueue();
  private final Map<String, byte[]> fingerprints = new ConcurrentHashMap<>();
  private final Set<String> joined = ConcurrentHashMap.newKeySet();
  private @Nullable String token;
  private volatile @Nullable String pid;

  private Arrival(ServerContext context, ClientHead head, SessionChannels channels) {
    this.context = context;
    this.head = head;
    this.wantsToken = "1".equals(head.getHandshakeData().getSingleUrlParam("drain-token"));
    this.outbox =
        new Outbox(
            head, channels, context.json(), wantsToken ? this::token : null, fingerprints::remove);
  }

  /** What hand-over needs of a session; null if it is off, or its client is not of protocol 4. */
  static @Nullable Arrival of(ServerContext context, ClientHead head, SessionChannels channels) {
    return context.handOver().on() && head.getEngineIOVersion() == EngineIOVersion.V4
        ? new Arrival(context, head, channels)
        : null;
  }

  /** The token of the session on this pod. */
  synchronized String token() {
    String made = token;
    if (made == null) {
      made = context.handOver().token(head.getSessionId().toString());
      token = made;
    }
    return made;
  }

  /** What the CONNECT answers have said as the {@code pid}; its own token if nothing was taken. */
  String pid() {
    String taken = pid;
    return taken == null ? token() : taken;
  }

  /** A session was taken over, whose client knows it by this. */
  void known(String taken) {
    pid = taken;
  }

  /**
   * What in a CONNECT may name a session to be taken over, of another pod or of this one; each
   * session once.
   */
  List<String> tokens(ConnectPacket connect) {
    HandOver handOver = context.handOver();
    List<String> texts = connect.tokens();
    List<String> tokens = new ArrayList<>();
    for (String text : texts) {
      if (!text.equals(token())
          && handOver.valid(text)
          && tokens.stream().noneMatch(other -> handOver.same(other, text))) {
        tokens.add(text);
      }
    }
    if (tokens.isEmpty() && !texts.isEmpty()) {
      handOver.unreadable(texts.get(texts.size() - 1)); // the pid, if there is one
    }
    return tokens;
  }

  /** Whether the client has asked to be told its token. */
  boolean wantsToken() {
    return wantsToken;
  }

  Outbox outbox() {
    return outbox;
  }

  /** The CONNECTs that wait. */
  ConnectQueue connects() {
    return connects;
  }

  /** The namespaces in which the client was let in, also those that it has left. */
  Set<String> joined() {
    return joined;
  }

  /** Whose session it is, by the namespaces that the client has asked to join. */
  Map<String, byte[]> fingerprints() {
    return fingerprints;
  }

  /** Notes whose session it is in a namespace; returns its fingerprint. */
  byte[] identify(ConnectPacket connect) {
    byte[] fingerprint = Identity.of(context, head.getHandshakeData(), connect);
    String namespace = connect.namespace();
    if (fingerprints.containsKey(namespace)
        || fingerprints.size() < HandOverCodec.MOST_NAMESPACES) {
      fingerprints.put(namespace, fingerprint);
    }
    return fingerprint;
  }
}
