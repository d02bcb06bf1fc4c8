package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.ack.AckManager;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.HandOverRefusal;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of another pod, as it is taken over here. Used by one thread after the other. */
final class TakenSession {
  /** How far the numbers of acknowledgements are moved on, one by one, if some are used already. */
  private static final int MOST_NUMBERS = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(TakenSession.class);

  private final ServerContext context;
  private final String token;
  private HandedState state;
  private Map<String, Object> data = Map.of();
  private final Map<String, List<WirePacket>> missed = new HashMap<>();
  private final Map<String, Integer> overlaps = new HashMap<>();
  private final Map<String, List<WirePacket>> upstream = new HashMap<>();

  TakenSession(ServerContext context, String token, HandedState state) {
    this.context = context;
    this.token = token;
    this.state = state;
  }

  HandedState state() {
    return state;
  }

  /**
   * Whether it is the session of the client that asks. What the client has as its {@code pid} names
   * it: a text in an event is not enough, since another user may have sent that. The client was in
   * that namespace, and is the same there.
   */
  boolean isFor(ConnectPacket connect, byte[] fingerprint) {
    String pid = connect.pid();
    byte[] known = state.identities().get(connect.namespace());
    return (state.pid().equals(pid) || token.equals(pid))
        && known != null
        && MessageDigest.isEqual(known, fingerprint);
  }

  // ---------------------------------------------------------------- before it is taken

  /**
   * Reads what the application has in its store.
   *
   * @throws HandOverRefusal if this pod cannot read it
   */
  void read() throws HandOverRefusal {
    data = read(state);
  }

  private Map<String, Object> read(HandedState given) throws HandOverRefusal {
    Map<String, Object> read = new HashMap<>();
    Map<String, Class<?>> carried = context.choices().carried();
    for (Map.Entry<String, String> entry : given.data().entrySet()) {
      Class<?> type = carried.get(entry.getKey());
      if (type != null) {
        read.put(entry.getKey(), read(entry.getValue(), type));
      }
    }
    return read;
  }

  private Object read(String json, Class<?> type) throws HandOverRefusal {
    try {
      return context
          .json()
          .readValue(
              "",
              new ByteBufInputStream(Unpooled.copiedBuffer(json, StandardCharsets.UTF_8)),
              type);
    } catch (IOException | RuntimeException e) {
      HandOverRefusal refusal =
          new HandOverRefusal("data", "an entry of the store (expected: " + type.getName() + ")");
      refusal.initCause(e);
      throw refusal;
    }
  }

  /**
   * Moves the numbers of acknowledgements on: a client may still answer an event of its old pod,
   * and the answer must not count for an event of this one.
   */
  void seedAcknowledgements(ClientHead head) {
    AckManager numbers = head.getAckManager();
    long last = state.nextAck() - 1;
    numbers.initAckIndex(head.getSessionId(), last);
    long used = -1;
    for (int i = 0; i < MOST_NUMBERS && used < last; i++) {
      used = numbers.registerAck(head.getSessionId(), new Unused());
      forget(head, used);
    }
  }

  private static void forget(ClientHead head, long number) {
    for (Namespace namespace : head.getNamespaces()) {
      SocketIOClient client = head.getChildClient(namespace);
      if (client != null) {
        Packet answer = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
        answer.setSubType(PacketType.ACK);
        answer.setAckId(number);
        answer.setData(List.of());
        head.getAckManager().onAck(client, answer);
        return;
      }
    }
  }

  /** Stands for a number that is not used. */
  private static final class Unused extends AckCallback<Object> {
    Unused() {
      super(Object.class);
    }

    @Override
    public void onSuccess(@Nullable Object result) {
      // nobody waits for it
    }
  }

  /** What the client is to have again. It has none of it yet. */
  Regained regained(SocketIOClient client) {
    Regained regained = new Regained(client, data);
    data = Map.of(); // the namespaces of a session share it
    return regained;
  }

  // ---------------------------------------------------------------- once it is taken

  /**
   * Keeps what the session has by now and has missed, until each namespace has come for its part.
   * It takes the place of what was kept before.
   *
   * @throws HandOverRefusal if that cannot be read
   */
  void keep(Parcel parcel) throws HandOverRefusal {
    data = read(parcel.state());
    state = parcel.state();
    keep(parcel.mail());
  }

  /**
   * Keeps the last of a session that has landed. What its application has set last and cannot be
   * read here stays as it was: nobody else gets what was sent to the client.
   *
   * @throws HandOverRefusal if a packet cannot be read
   */
  void keepLast(Parcel parcel) throws HandOverRefusal {
    keep(parcel.mail());
    state = parcel.state();
    try {
      data = read(state);
    } catch (HandOverRefusal e) {
      data = Map.of();
      LOG.warn("DRAIN-076 session {}: its last data cannot be read", state.session(), e);
    }
  }

  private void keep(Mail mail) throws HandOverRefusal {
    missed.clear();
    overlaps.clear();
    upstream.clear();
    try {
      mail.missed().forEach(packet -> put(missed, packet));
      mail.overlapping().forEach(packet -> overlaps.merge(namespace(packet), 1, Integer::sum));
      mail.upstream().forEach(packet -> put(upstream, packet));
    } catch (IllegalArgumentException e) {
      throw new HandOverRefusal("malformed", "a packet (expected: an event or an answer)");
    }
  }

  private static void put(Map<String, List<WirePacket>> parts, WirePacket packet) {
    parts.computeIfAbsent(namespace(packet), none -> new ArrayList<>()).add(packet);
  }

  private static String namespace(WirePacket packet) {
    return WirePackets.parts(packet).namespace();
  }

  /** The client has its rooms and its data as they are by now. */
  void update(Regained regained) {
    regained.follow(state, data);
  }

  /** Whether the client has sent anything after it was let go. */
  boolean hasUpstream() {
    return !upstream.isEmpty();
  }

  /** What a namespace has missed. It is given once. */
  Missed missed(String namespace) {
    List<WirePacket> part = missed.remove(namespace);
    return part == null ? Missed.NOTHING : new Missed(part, overlaps.getOrDefault(namespace, 0));
  }

  /** What the client has sent in a namespace after it was let go. It is given once. */
  List<WirePacket> upstream(String namespace) {
    List<WirePacket> part = upstream.remove(namespace);
    return part == null ? List.of() : part;
  }
}
