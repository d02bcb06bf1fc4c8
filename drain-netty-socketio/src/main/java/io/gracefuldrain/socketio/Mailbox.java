package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.KeptSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is sent to a client that is on its way to another pod, and what the client has sent too late
 * for this one, each in its order. Thread-safe: its monitor guards the order. Packets are encoded
 * outside it, since the application's code runs then.
 */
final class Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

  /** Hears why the session cannot be handed over. Called on the thread of a sender. */
  interface Reactions {
    /** There is no room for all of it. */
    void full();

    /** The application has disconnected the client. */
    void disconnected();
  }

  private final ClientHead head;
  private final Transport transport;
  private final Predicate<String> joined;
  private final SharedText texts;
  private final KeptSession kept;
  private final Reactions reactions;
  private final List<Letter> missed = new ArrayList<>();
  private final List<WirePacket> upstream = new ArrayList<>();
  private int askedAt = Integer.MAX_VALUE;
  // How much of each another pod was given.
  private int givenMissed;
  private int given;
  private boolean heard; // whether what the client has sent goes nowhere any more
  private boolean full;
  private Set<String> ending = Set.of();
  private boolean closed;

  /**
   * An empty one.
   *
   * @param transport whose queue is emptied into it
   * @param joined whether the client has joined a namespace
   * @param texts encodes what is sent
   */
  Mailbox(
      ClientHead head,
      Transport transport,
      Predicate<String> joined,
      SharedText texts,
      KeptSession kept,
      Reactions reactions) {
    this.head = head;
    this.transport = transport;
    this.joined = joined;
    this.texts = texts;
    this.kept = kept;
    this.reactions = reactions;
  }

  /** Empties the session's queue into it. Throws nothing. */
  void collect() {
    List<Letter> fresh = new ArrayList<>();
    boolean disconnect;
    synchronized (this) {
      disconnect = empty(fresh);
    }
    for (Letter letter : fresh) {
      WirePacket packet = letter.wire();
      if (packet != null && !kept.reserve(packet.size())) {
        reactions.full();
      }
    }
    if (disconnect) {
      reactions.disconnected();
    }
  }

  /** Says whether the application has disconnected the client. */
  private boolean empty(List<Letter> fresh) {
    boolean disconnect = false;
    Queue<Packet> queue = head.getPacketsQueue(transport);
    for (Packet packet = queue.poll(); packet != null; packet = queue.poll()) {
      if (packet.getSubType() == PacketType.DISCONNECT) {
        disconnect = true;
      } else if (!closed && !full && isMail(packet)) {
        fresh.add(new Letter(packet));
      }
    }
    missed.addAll(fresh);
    return disconnect && !closed;
  }

  private boolean isMail(Packet packet) {
    return WirePackets.carries(packet)
        && (ending.isEmpty() ? joined.test(packet.getNsp()) : ending.contains(packet.getNsp()))
        && (packet.getName() == null || !packet.getName().startsWith("drain:"));
  }

  /** Adds what the client has sent. */
  void receive(WirePacket packet) {
    synchronized (this) {
      if (heard) {
        return;
      }
      upstream.add(packet);
    }
    if (!kept.reserve(packet.size())) {
      reactions.full();
    }
  }

  /** The client has sent a packet of more bytes than there may be. */
  void tooBig(int bytes) {
    if (!isHeard() && !kept.reserve(bytes)) {
      reactions.full();
    }
  }

  private synchronized boolean isHeard() {
    return heard;
  }

  /** Another pod asks for the session: what comes from now on may come to both. */
  void asked() {
    collect();
    synchronized (this) {
      askedAt = missed.size();
    }
  }

  /** All that it has until now; null if it is closed. */
  @Nullable Mail soFar() {
    collect();
    List<Letter> all;
    List<WirePacket> sent;
    int before;
    synchronized (this) {
      if (closed) {
        return null;
      }
      all = List.copyOf(missed);
      sent = List.copyOf(upstream);
      givenMissed = all.size();
      given = sent.size();
      before = Math.min(askedAt, all.size());
    }
    return mail(all, before, sent);
  }

  private static Mail mail(List<Letter> all, int before, List<WirePacket> upstream) {
    List<WirePacket> overlap = written(all.subList(before, all.size()));
    List<WirePacket> packets = new ArrayList<>(written(all.subList(0, before)));
    packets.addAll(overlap);
    return new Mail(packets, overlap.size(), upstream);
  }

  /**
   * Returns what the client has sent, and no pod was given: it is heard here. What it sends later
   * goes nowhere.
   */
  synchronized List<WirePacket> unheard() {
    List<WirePacket> left = List.copyOf(upstream.subList(given, upstream.size()));
    heard = true;
    upstream.clear();
    given = 0;
    return left;
  }

  /**
   * The session is about to end in all these namespaces: it is in none of them then, and a sender
   * may have put something into the queue before.
   */
  synchronized void endsIn(Set<String> namespaces) {
    ending = Set.copyOf(namespaces);
  }

  /** There is no room for what comes from now on. */
  synchronized void full() {
    full = true;
  }

  /** Closes it; what comes later goes nowhere. Returns what no pod was given. */
  List<WirePacket> close() {
    collect();
    List<Letter> left;
    synchronized (this) {
      if (closed) {
        return List.of();
      }
      var unused = empty(new ArrayList<>());
      closed = true;
      left = List.copyOf(missed.subList(givenMissed, missed.size()));
      missed.clear();
    }
    return written(left);
  }

  private static List<WirePacket> written(List<Letter> letters) {
    return letters.stream().map(Letter::wire).filter(Objects::nonNull).toList();
  }

  /** One packet, as it was when it was sent. Two threads may encode it: the result is the same. */
  private final class Letter {
    private final Packet copy;
    private volatile @Nullable WirePacket wire;
    private volatile boolean failed;

    /** Copies what a broadcast shares with other clients, and what encoding for them changes. */
    Letter(Packet packet) {
      copy = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
      copy.setSubType(packet.getSubType());
      copy.setName(packet.getName());
      copy.setData(packet.getData());
      copy.setNsp(packet.getNsp());
      copy.setAckId(packet.getAckId());
    }

    @Nullable WirePacket wire() {
      WirePacket known = wire;
      if (known == null && !failed) {
        try {
          known = texts.of(head, copy);
          wire = known;
        } catch (IOException | RuntimeException | StackOverflowError e) {
          // As netty-socketio does: what the application's JSON cannot write is not sent.
          failed = true;
          LOG.warn("DRAIN-068 session {}: an event could not be written", head.getSessionId(), e);
        }
      }
      return known;
    }
  }
}
