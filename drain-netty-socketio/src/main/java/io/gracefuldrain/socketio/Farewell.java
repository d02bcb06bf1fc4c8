package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.EncoderHandler;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.Departure;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of one session in the way that every stock client comes back from by itself, with all
 * that was queued for it: the WebSocket as {@link WebSocketGoodbye} does it, long-polling by ending
 * the pending poll with what is queued and refusing the session id from then on. Never an Engine.IO
 * close packet, a Socket.IO DISCONNECT or a Close frame: clients take one or the other as final.
 *
 * <p>Every step has a bound. State is guarded by this object's monitor; nothing foreign is called
 * with it held.
 */
final class Farewell {
  /** How long a poller that is between two polls has to fetch what is queued. */
  static final long COLLECT_MILLIS = 1000;

  /**
   * How long after a poll's answer an upload is refused, unless the client has polled again
   * meanwhile: the refusal must not overtake the answer, since at the first error clients drop the
   * other request.
   */
  static final long HOLD_MILLIS = 250;

  /** How many packets netty-socketio answers a poll with. */
  private static final int MOST_IN_A_POLL = 50;

  private static final int MOST_HELD = 16;
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

  private enum Stage {
    /** Sealed, and not begun. */
    SEALED,
    /** The application has seen the end; what is queued is on its way. */
    DELIVERING,
    /** Nothing is answered any more but by an error. */
    GONE
  }

  private record Held(Channel channel, @Nullable String origin) {}

  private final Session session;
  private final ClientHead head;
  private final List<Held> held = new ArrayList<>();
  private final Queue<Packet> undelivered = new ArrayDeque<>();
  private Stage stage = Stage.SEALED;

  Farewell(Session session) {
    this.session = session;
    this.head = session.head();
  }

  /** Begins, or cuts short what has begun; on the session's event loop. */
  void begin(CloseManner manner) {
    boolean force = manner == CloseManner.FORCE;
    synchronized (this) {
      if (stage == Stage.GONE || (stage == Stage.DELIVERING && !force)) {
        return;
      }
      stage = Stage.DELIVERING;
    }
    endForApplication();
    Channel webSocket = session.webSocket();
    if (head.getCurrentTransport() == Transport.WEBSOCKET && webSocket != null) {
      webSocket.closeFuture().addListener(closed -> gone());
      WebSocketGoodbye.say(session, webSocket, force);
      answerPoll(session.poll());
      return;
    }
    answerPoll(session.poll());
    if (webSocket != null && webSocket.isActive()) {
      // An upgrade that did not end in time. Its client may change over at the end of its poll, and
      // must not find the WebSocket closed before: it would then wait on both for ever.
      later(
          webSocket.eventLoop(),
          force ? 0 : HOLD_MILLIS,
          () -> WebSocketGoodbye.say(session, webSocket, force));
    }
    if (force) {
      gone();
    } else {
      later(session.eventLoop(), COLLECT_MILLIS, this::gone);
      goneIfDelivered();
    }
  }

  /** What the application sends from here on goes nowhere, and netty-socketio tells it so. */
  private void endForApplication() {
    boolean nowhere = head.getNamespaces().isEmpty();
    try {
      head.onChannelDisconnect();
    } catch (RuntimeException e) {
      LOG.warn("DRAIN-060 session {}: a disconnect listener failed", session.id(), e);
    }
    if (nowhere) {
      session.sessions().forget(head); // netty-socketio does so as the last namespace is left
    }
  }

  // ---------------------------------------------------------------- long-polling

  /** A poll that came after the seal. */
  void poll(Channel channel) {
    boolean refused;
    synchronized (this) {
      refused = stage == Stage.GONE || (stage == Stage.DELIVERING && delivered());
      // One that comes before the farewell has begun is answered when it begins.
    }
    if (refused) {
      // It has read the answer to its last poll, or it would not poll again.
      session
          .sessions()
          .answers()
          .unknownSession(channel, channel.attr(EncoderHandler.ORIGIN).get());
      gone();
    } else if (delivering()) {
      answerPoll(channel);
    }
  }

  private synchronized boolean delivering() {
    return stage == Stage.DELIVERING;
  }

  /** Ends a pending poll with what is queued, or with a NOOP. */
  private void answerPoll(@Nullable Channel poll) {
    if (poll == null || !poll.isActive()) {
      return;
    }
    if (!poll.eventLoop().inEventLoop()) {
      poll.eventLoop().execute(() -> answerPoll(poll));
      return;
    }
    if (poll.attr(EncoderHandler.WRITE_ONCE).get() != null) {
      return; // answered already
    }
    queueForOnePoll();
    var unused = poll.writeAndFlush(new OutPacketMessage(head, Transport.POLLING));
    poll.closeFuture().addListener(closed -> goneIfDelivered());
  }

  /**
   * Leaves for the next polls what one does not hold: netty-socketio would lose the first of it.
   */
  private synchronized void queueForOnePoll() {
    Queue<Packet> queue = head.getPacketsQueue(Transport.POLLING);
    for (Packet next = queue.poll(); next != null; next = queue.poll()) {
      undelivered.add(next);
    }
    for (int i = 0; i < MOST_IN_A_POLL && !undelivered.isEmpty(); i++) {
      queue.add(undelivered.remove());
    }
    if (queue.isEmpty()) {
      queue.add(new Packet(PacketType.NOOP, head.getEngineIOVersion()));
    }
  }

  private synchronized boolean delivered() {
    return undelivered.isEmpty() && head.getPacketsQueue(Transport.POLLING).isEmpty();
  }

  private void goneIfDelivered() {
    Channel poll = session.poll();
    boolean pending = poll != null && poll.isActive();
    if (!pending && delivered() && head.getCurrentTransport() == Transport.POLLING) {
      later(session.eventLoop(), HOLD_MILLIS, this::gone);
    }
  }

  /** An upload that came after the seal. */
  void upload(Channel channel, @Nullable String origin) {
    synchronized (this) {
      if (stage != Stage.GONE && held.size() < MOST_HELD) {
        held.add(new Held(channel, origin));
        return;
      }
    }
    session.sessions().answers().unknownSession(channel, origin);
  }

  private void refuseHeld() {
    List<Held> refused;
    synchronized (this) {
      refused = List.copyOf(held);
      held.clear();
    }
    for (Held upload : refused) {
      session.sessions().answers().unknownSession(upload.channel(), upload.origin());
    }
  }

  // ---------------------------------------------------------------- the end

  private void gone() {
    synchronized (this) {
      if (stage == Stage.GONE) {
        return;
      }
      stage = Stage.GONE;
    }
    refuseHeld();
    session.end(Departure.GOODBYE);
  }

  private static void later(EventLoop loop, long millis, Runnable action) {
    if (loop.isShuttingDown()) {
      action.run();
      return;
    }
    var unused = loop.schedule(action, millis, TimeUnit.MILLISECONDS);
  }
}
