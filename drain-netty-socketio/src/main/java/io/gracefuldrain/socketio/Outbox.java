package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.EncoderHandler;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.JsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
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
  /** How many packets netty-socketio puts into the answer of one poll. */
  private static final int MOST_IN_A_POLL = 50;

  private final ClientHead head;
  private final SessionChannels channels;
  private final HeldOutput held;
  private final ArrayDeque<Packet> ready = new ArrayDeque<>();
  private final List<AnswerWatch> watches = new ArrayList<>(1);
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
    this.held = new HeldOutput(json, token, refused);
  }

  // ---------------------------------------------------------------- what the recovery asks

  /**
   * Holds output in a namespace from now on until it is released, also when the answer is there.
   *
   * @return false if its output has begun to go out
   */
  synchronized boolean keep(String namespace) {
    if (over || !held.keep(namespace)) {
      return false;
    }
    idle = false;
    return true;
  }

  /** Whether the answer to a CONNECT that was dispatched is held: the client was let in. */
  synchronized boolean letIn(String namespace) {
    collect(head.getCurrentTransport(), ready);
    return held.letIn(namespace);
  }

  /** Nothing is handed over in a namespace: its output goes out as if nothing had been tried. */
  void giveUp(String namespace) {
    synchronized (this) {
      held.giveUp(namespace, ready);
    }
    flush();
  }

  /**
   * Releases a namespace: the answer to its CONNECT, what the client has missed, what was held.
   *
   * @param pid what the answer says
   * @return completes when the answer has reached the client; null if there was too much to hold,
   *     and it has gone out
   */
  @Nullable CompletableFuture<Void> release(String namespace, String pid, Missed missed) {
    AnswerWatch watch;
    synchronized (this) {
      collect(head.getCurrentTransport(), ready);
      Object answer = Message.connected(head.getSessionId(), pid);
      Packet packet = over ? null : held.release(namespace, answer, missed, ready);
      if (packet == null) {
        return null;
      }
      watch = new AnswerWatch(packet);
      watches.add(watch);
    }
    flush();
    return watch.written();
  }

  /** What the old pod has said last, when the answer had gone out already. */
  void last(String namespace, List<WirePacket> packets) {
    List<Packet> left;
    boolean kept;
    synchronized (this) {
      collect(head.getCurrentTransport(), ready);
      left = held.last(namespace, packets);
      kept = over; // it is let go here, too, and what is sent to it is kept
      if (!kept) {
        ready.addAll(left);
      }
      settle();
    }
    if (!kept) {
      flush();
      return;
    }
    for (Packet packet : left) {
      var unused = head.send(packet);
    }
  }

  /** Everything that is held is ready to go out. */
  synchronized void open() {
    held.open(ready);
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

  /** The answers that are among what {@link #takeAll} has taken: their watches look no more. */
  synchronized List<AnswerWatch> takeWatches() {
    List<AnswerWatch> all = List.copyOf(watches);
    watches.clear();
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
      List<AnswerWatch> written = written(now, queue);
      written.forEach(watch -> watch.writtenOn(ctx, transport, promise));
    }
    if (elsewhere) {
      flush();
    }
  }

  /** Those whose answers were among what was to be written, and were. */
  private synchronized List<AnswerWatch> written(Collection<Packet> now, Collection<Packet> left) {
    if (watches.isEmpty()) {
      return List.of();
    }
    List<AnswerWatch> written =
        watches.stream().filter(watch -> watch.among(now) && !watch.among(left)).toList();
    watches.removeAll(written);
    return written;
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
    return WirePackets.binary(next) && held.justReleased();
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

  /** Looks at what netty-socketio's queue has. */
  private void collect(Transport transport, Collection<Packet> to) {
    if (over) {
      return;
    }
    held.expire(ready);
    Queue<Packet> queue = head.getPacketsQueue(transport);
    for (Packet packet = queue.poll(); packet != null; packet = queue.poll()) {
      held.sort(packet, to);
    }
    settle();
  }

  private void settle() {
    idle = held.idle() && ready.isEmpty();
  }
}
