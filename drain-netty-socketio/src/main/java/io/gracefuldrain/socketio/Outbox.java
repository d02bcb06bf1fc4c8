package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.EncoderHandler;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Output to one client of protocol 4, while hand-over is on. No event and no acknowledgement of a
 * namespace goes out before the answer to the CONNECT: netty-socketio joins a client to the main
 * namespace at its handshake, and a broadcast would overtake what the client has missed.
 *
 * <p>netty-socketio fills one queue from any thread, and its encoder empties it. Here the queue is
 * emptied first; the encoder gets a queue of exactly what may go. Thread-safe. Nothing foreign is
 * called while its monitor is held, but the application's JSON.
 */
final class Outbox {
  /** The event that tells a client its token. */
  static final String TOKEN = "drain:token";

  static final int MOST_PACKETS = 1000;
  static final int MOST_CHARACTERS = 1 << 20;
  static final Duration LONGEST = Duration.ofSeconds(5);

  /** How many packets netty-socketio puts into the answer of one poll. */
  private static final int MOST_IN_A_POLL = 50;

  /** Output of one namespace that waits for its CONNECT to be answered. */
  private static final class Hold {
    private long since = System.nanoTime();
    private final List<WirePacket> packets = new ArrayList<>();
    // Whether it waits on, once the answer is there, until it is released.
    private boolean kept;
    private @Nullable Packet answer;
  }

  private final ClientHead head;
  private final SessionChannels channels;
  private final JsonSupport json;
  private final @Nullable Supplier<String> token;
  private final Consumer<String> refused;
  private final Map<String, Hold> holds = new HashMap<>(4);
  private final Map<String, Seam> seams = new HashMap<>(4);
  private final ArrayDeque<Packet> ready = new ArrayDeque<>();
  private long releasedAt;
  private int packets;
  private long characters;
  // Whether there is nothing to look at in what is sent.
  private volatile boolean idle;
  private volatile boolean over;

  /**
   * Output is held in the main namespace from now on.
   *
   * @param token what the client is told as its token; null if it has not asked for that
   * @param refused hears of each namespace that has refused the client
   */
  Outbox(
      ClientHead head,
      SessionChannels channels,
      JsonSupport json,
      @Nullable Supplier<String> token,
      Consumer<String> refused) {
    this.head = head;
    this.channels = channels;
    this.json = json;
    this.token = token;
    this.refused = refused;
    holds.put("", new Hold());
  }

  // ---------------------------------------------------------------- what the recovery asks

  /**
   * Holds output in a namespace from now on until it is released, also when the answer is there.
   *
   * @return false if its output has begun to go out
   */
  synchronized boolean keep(String namespace) {
    Hold hold = holds.get(namespace);
    if (over || (hold == null && namespace.isEmpty())) {
      return false; // there was too much to hold, or it is joined anew
    }
    if (hold == null) {
      hold = new Hold();
      holds.put(namespace, hold);
    }
    hold.kept = true;
    hold.since = System.nanoTime();
    idle = false;
    return true;
  }

  /** Whether the answer to a CONNECT that was dispatched is held: the client was let in. */
  synchronized boolean letIn(String namespace) {
    collect(head.getCurrentTransport(), ready);
    Hold hold = holds.get(namespace);
    return hold != null && hold.kept && hold.answer != null;
  }

  /** Nothing is handed over in a namespace: its output goes out as if nothing had been tried. */
  void giveUp(String namespace) {
    synchronized (this) {
      Hold hold = holds.get(namespace);
      if (hold == null) {
        return;
      }
      hold.kept = false;
      if (hold.answer != null || !namespace.isEmpty()) {
        open(namespace, ready);
      }
    }
    flush();
  }

  /**
   * Releases a namespace: the answer to its CONNECT, what the client has missed, what was held.
   *
   * @param pid what the answer says
   * @return false if there was too much to hold, and it has gone out
   */
  boolean release(String namespace, String pid, List<WirePacket> missed) {
    synchronized (this) {
      collect(head.getCurrentTransport(), ready);
      Hold hold = holds.get(namespace);
      if (over || hold == null || hold.answer == null) {
        return false;
      }
      remove(namespace, hold);
      hold.answer.setData(Message.connected(head.getSessionId(), pid));
      ready.add(hold.answer);
      tellToken(namespace, true, ready);
      missed.forEach(packet -> ready.add(written(packet)));
      Seam seam = new Seam(missed);
      seam.join(hold.packets).forEach(packet -> ready.add(written(packet)));
      releasedAt = System.nanoTime();
      if (seam.open()) {
        seams.put(namespace, seam);
      }
    }
    flush();
    return true;
  }

  /** Everything that is held is ready to go out. */
  synchronized void open() {
    List.copyOf(holds.keySet()).forEach(namespace -> open(namespace, ready));
  }

  /** All that waits for the client, in order. Nothing goes through here from now on. */
  synchronized Queue<Packet> takeAll() {
    open();
    collect(head.getCurrentTransport(), ready);
    over = true;
    Queue<Packet> all = new ArrayDeque<>(ready);
    ready.clear();
    return all;
  }

  // ---------------------------------------------------------------- what is written

  /** Whether netty-socketio's own message may be written: all in its queue may go, in its order. */
  boolean passes(Transport transport) {
    return over || (idle && transport == Transport.WEBSOCKET);
  }

  /** Looks at what is written next. */
  synchronized void watch() {
    idle = false;
  }

  /**
   * Writes what may go, instead of netty-socketio's message. Called on the channel's event loop.
   */
  void write(ChannelHandlerContext ctx, Transport transport, ChannelPromise promise) {
    Queue<Packet> now;
    boolean elsewhere;
    synchronized (this) {
      now = next(ctx.channel(), transport);
      elsewhere = now.isEmpty() && !ready.isEmpty() && transport == Transport.POLLING && upgraded();
    }
    if (now.isEmpty()) {
      var unused = promise.trySuccess();
    } else {
      ClientHead standIn = StandInHead.of(head);
      Queue<Packet> queue = standIn.getPacketsQueue(transport);
      queue.addAll(now);
      var unused = ctx.write(new OutPacketMessage(standIn, transport), promise);
      putBack(queue);
    }
    if (elsewhere) {
      flush();
    }
  }

  private synchronized Queue<Packet> next(Channel channel, Transport transport) {
    if (transport == Transport.WEBSOCKET && !upgraded()) {
      ArrayDeque<Packet> probe = new ArrayDeque<>();
      collect(transport, probe);
      return probe;
    }
    collect(transport, ready);
    ArrayDeque<Packet> now = new ArrayDeque<>();
    if (transport == Transport.WEBSOCKET) {
      now.addAll(ready);
      ready.clear();
    } else if (channel.isActive() && channel.attr(EncoderHandler.WRITE_ONCE).get() == null) {
      while (now.size() < MOST_IN_A_POLL && !ready.isEmpty() && !waitsForWebSocket()) {
        now.add(ready.remove());
      }
      if (now.isEmpty()) { // an upgrade waits for its NOOP
        ready.stream().filter(packet -> packet.getType() != PacketType.MESSAGE).forEach(now::add);
        ready.removeAll(now);
      }
    }
    settle();
    return now;
  }

  /**
   * Whether the next packet is better sent over a WebSocket, which the client may be about to open:
   * netty-socketio writes binary parts into the answer of a poll in the form of protocol 3, and a
   * client of protocol 4 ends its connection at that.
   */
  private boolean waitsForWebSocket() {
    Packet next = ready.element();
    return WirePackets.binary(next) && System.nanoTime() - releasedAt < LONGEST.toNanos();
  }

  /** What the encoder has left: a packet before it could not be encoded. */
  private synchronized void putBack(Queue<Packet> left) {
    if (!left.isEmpty()) {
      List<Packet> first = new ArrayList<>(left);
      for (int i = first.size() - 1; i >= 0; i--) {
        ready.addFirst(first.get(i));
      }
      settle();
    }
  }

  /** Whether packets go over the WebSocket. In the last step of an upgrade both share a queue. */
  private boolean upgraded() {
    return head.getCurrentTransport() == Transport.WEBSOCKET
        || head.getPacketsQueue(Transport.WEBSOCKET) == head.getPacketsQueue(Transport.POLLING);
  }

  /** The channel that the session is on now: its WebSocket, or its pending poll. */
  @Nullable Channel channel() {
    Channel webSocket = channels.currentWebSocket();
    Channel current = webSocket == null ? channels.poll() : webSocket;
    return current != null && current.isActive() ? current : null;
  }

  /** Has what is ready written, if there is a channel for it. If not, the next one asks for it. */
  private void flush() {
    Channel current = channel();
    if (current != null) {
      Transport transport =
          current == channels.currentWebSocket() ? Transport.WEBSOCKET : Transport.POLLING;
      var unused = current.writeAndFlush(new OutPacketMessage(head, transport));
    }
  }

  // ---------------------------------------------------------------- what may go

  private void collect(Transport transport, Collection<Packet> to) {
    if (over) {
      return;
    }
    long now = System.nanoTime();
    for (Map.Entry<String, Hold> each : List.copyOf(holds.entrySet())) {
      if (now - each.getValue().since > LONGEST.toNanos()) {
        open(each.getKey(), to);
      }
    }
    if (!seams.isEmpty() && now - releasedAt > LONGEST.toNanos()) {
      seams.clear();
    }
    Queue<Packet> queue = head.getPacketsQueue(transport);
    for (Packet packet = queue.poll(); packet != null; packet = queue.poll()) {
      sort(packet, to);
    }
    settle();
  }

  private void sort(Packet packet, Collection<Packet> to) {
    String namespace = packet.getNsp();
    Hold hold = packet.getType() == PacketType.MESSAGE ? holds.get(namespace) : null;
    if (WirePackets.carries(packet) && (hold != null || seams.containsKey(namespace))) {
      hold(packet, hold, to);
    } else if (packet.getSubType() == PacketType.CONNECT && hold != null && hold.kept) {
      hold.answer = packet;
    } else if (packet.getSubType() == PacketType.CONNECT && hold != null) {
      hold.answer = packet;
      open(namespace, to);
    } else if (packet.getSubType() == PacketType.CONNECT) {
      to.add(packet);
      tellToken(namespace, false, to);
    } else {
      if (packet.getSubType() == PacketType.DISCONNECT) {
        open(namespace, to);
      } else if (packet.getSubType() == PacketType.ERROR) {
        refused.accept(namespace);
      }
      to.add(packet);
    }
  }

  private void hold(Packet packet, @Nullable Hold hold, Collection<Packet> to) {
    WirePacket wire;
    try {
      wire = WirePackets.of(packet, json);
    } catch (IOException | RuntimeException e) {
      return; // netty-socketio has logged it, and drops such a packet, too
    }
    if (hold == null) {
      Seam seam = seams.get(packet.getNsp());
      if (seam == null || !seam.isDouble(wire)) {
        to.add(written(wire));
      }
      return;
    }
    hold.packets.add(wire);
    packets++;
    characters += size(wire);
    if (packets > MOST_PACKETS || characters > MOST_CHARACTERS) {
      List.copyOf(holds.keySet()).forEach(namespace -> open(namespace, to));
    }
  }

  private static long size(WirePacket packet) {
    return packet.attachments().stream().mapToLong(part -> part.length).sum()
        + packet.text().length();
  }

  /** Ends a hold: the answer, if it is there, and what was held, may go. */
  private void open(String namespace, Collection<Packet> to) {
    Hold hold = holds.get(namespace);
    if (hold != null) {
      remove(namespace, hold);
      if (hold.answer != null) {
        to.add(hold.answer);
        tellToken(namespace, false, to);
      }
      hold.packets.forEach(packet -> to.add(written(packet)));
    }
  }

  private void remove(String namespace, Hold hold) {
    holds.remove(namespace);
    packets -= hold.packets.size();
    characters -= hold.packets.stream().mapToLong(Outbox::size).sum();
  }

  private void tellToken(String namespace, boolean recovered, Collection<Packet> to) {
    if (token != null) {
      Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
      packet.setSubType(PacketType.EVENT);
      packet.setNsp(namespace);
      packet.setName(TOKEN);
      packet.setData(
          List.of(new Message().with("token", token.get()).with("recovered", recovered)));
      to.add(packet);
    }
  }

  private static Packet written(WirePacket packet) {
    return WirePackets.packet(packet, WirePackets.parts(packet));
  }

  private void settle() {
    idle = token == null && holds.isEmpty() && seams.isEmpty() && ready.isEmpty();
  }
}
