package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.EncoderHandler;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.netty.LastRead;
import io.gracefuldrain.netty.StallWatch;
import io.gracefuldrain.netty.WebSocketGoodbye;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of one session, in a way that every stock client recovers from on its own. All that was
 * queued for the client is delivered first.
 *
 * <p>A WebSocket ends as {@link WebSocketGoodbye} says. In long-polling, the answer to the pending
 * poll carries the queued packets, and after it the session id is refused. The client never gets an
 * Engine.IO close packet or a Socket.IO DISCONNECT: there are clients that take one of them as
 * final. A Close frame it gets where the application has asked for that.
 *
 * <p>Every step has a bound. This object's monitor guards its state. Nothing foreign is called
 * while it is held.
 */
final class Farewell {
  /** How long a client may fetch nothing of what is queued, by a poll or from its answer. */
  static final Duration COLLECT = Duration.ofSeconds(1);

  /** How long the answer to one poll may take in all. */
  static final Duration MOST_WRITING = Duration.ofSeconds(30);

  /**
   * How long after a poll's answer an upload is held before it is refused. It is refused at once
   * when the client polls again. The refusal must not overtake the answer, since clients drop the
   * other request at the first error.
   */
  static final Duration HOLD = Duration.ofMillis(250);

  /** How many packets netty-socketio puts into the answer of one poll. */
  private static final int MOST_IN_A_POLL = 50;

  private static final int MOST_HELD = 16;

  private enum Stage {
    /** The session is sealed; the farewell has not begun. */
    SEALED,
    /** The application has seen the end. The queued packets are on their way. */
    DELIVERING,
    /** Every request is answered with an error. */
    GONE
  }

  private record Held(Channel channel, @Nullable String origin) {}

  private final ServerContext context;
  private final ConnectionHandle handle;
  private final SessionChannels channels;
  private final ClientHead head;
  private final Runnable endForApplication;
  private final Runnable end;
  private final List<Held> held = new ArrayList<>();
  private final Queue<Packet> undelivered = new ArrayDeque<>();
  private final LastRead lastRead;
  private Stage stage = Stage.SEALED;
  private int silences;

  /**
   * A farewell that has not begun.
   *
   * @param endForApplication runs the application's disconnect listeners; throws nothing
   * @param end ends the session when all is said
   */
  Farewell(
      ServerContext context,
      ConnectionHandle handle,
      SessionChannels channels,
      Runnable endForApplication,
      Runnable end) {
    this.endForApplication = endForApplication;
    this.context = context;
    this.handle = handle;
    this.channels = channels;
    this.head = channels.head();
    this.lastRead = new LastRead(context.coordinator());
    this.end = end;
  }

  synchronized boolean begun() {
    return stage != Stage.SEALED;
  }

  /** Lets in what comes after the seal, as long as the farewell has not begun. */
  synchronized boolean tryEnterLate() {
    return stage == Stage.SEALED && handle.tryEnterLate();
  }

  /** Begins, or cuts a farewell short that has begun. Called on the session's event loop. */
  void begin(CloseManner manner, Duration within) {
    Channel current = channels.currentWebSocket();
    if (current != null && !current.eventLoop().inEventLoop()) {
      current.eventLoop().execute(() -> begin(manner, within));
      return;
    }
    boolean force = manner == CloseManner.FORCE;
    synchronized (this) {
      if (stage == Stage.GONE || (stage == Stage.DELIVERING && !force)) {
        return;
      }
      if (!force && !handle.sealed()) {
        return; // something came late; the coordinator asks again when it has ended
      }
      if (!force
          && current != null
          && lastRead.readBefore(current.eventLoop(), () -> begin(manner, within))) {
        return;
      }
      stage = Stage.DELIVERING;
    }
    if (current == null) {
      endPolling(force, within);
    } else {
      current.closeFuture().addListener(closed -> gone());
      endWebSocket(current, force, within);
    }
  }

  /** Sets the bounds, and then calls what is foreign: it may throw. */
  private void endWebSocket(Channel webSocket, boolean force, Duration within) {
    WebSocketGoodbye goodbye = WebSocketGoodbye.begin(webSocket, within);
    endForApplication.run();
    answerPoll(channels.poll());
    var unused = webSocket.writeAndFlush(new OutPacketMessage(head, Transport.WEBSOCKET));
    if (force) {
      WebSocketGoodbye.force(webSocket);
    } else {
      goodbye.end(context.goodbye(head));
    }
  }

  private void endPolling(boolean force, Duration within) {
    if (!force) {
      later(channels.eventLoop(), within, this::gone);
      goneAfterSilence();
    }
    endForApplication.run();
    answerPoll(channels.poll());
    Channel unused = channels.webSocket();
    if (unused != null && unused.isActive()) {
      // An upgrade that did not end in time. Its client may change over when its poll ends. If it
      // found the WebSocket closed before that, it would wait on both for ever.
      if (force) {
        later(unused.eventLoop(), Duration.ZERO, () -> WebSocketGoodbye.force(unused));
      } else {
        later(
            unused.eventLoop(),
            HOLD,
            () -> WebSocketGoodbye.begin(unused, within).end(context.goodbye(head)));
      }
    }
    if (force) {
      gone();
    } else {
      goneIfDelivered();
    }
  }

  // ---------------------------------------------------------------- long-polling

  /** A poll that came after the seal. */
  void poll(Channel channel) {
    boolean refused;
    synchronized (this) {
      refused = stage == Stage.GONE || (stage == Stage.DELIVERING && delivered());
      // A poll that comes before the farewell begins is answered when it begins.
    }
    if (refused) {
      // The client has read the answer to its last poll, or it would not poll again.
      context.answers().unknownSession(channel, channel.attr(EncoderHandler.ORIGIN).get());
      gone();
    } else if (delivering()) {
      answerPoll(channel);
    }
  }

  private synchronized boolean delivering() {
    return stage == Stage.DELIVERING;
  }

  /** Ends a pending poll with the queued packets, or with a NOOP. */
  private void answerPoll(@Nullable Channel poll) {
    if (poll == null || !poll.isActive()) {
      return;
    }
    if (!poll.eventLoop().inEventLoop()) {
      poll.eventLoop().execute(() -> answerPoll(poll));
      return;
    }
    if (poll.attr(EncoderHandler.WRITE_ONCE).get() == null) { // not answered yet
      queueForOnePoll();
      var unused = poll.writeAndFlush(new OutPacketMessage(head, Transport.POLLING));
    }
    if (channels.currentWebSocket() == null) {
      StallWatch.begin(poll, COLLECT, MOST_WRITING, this::gone);
      poll.closeFuture()
          .addListener(
              closed -> {
                goneAfterSilence();
                goneIfDelivered();
              });
    }
  }

  /**
   * Queues as much as one poll can take, and keeps the rest for the next polls. netty-socketio
   * would lose the first packet that does not fit.
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

  /** The bound of a client that does not poll. It counts from the last poll's end. */
  private void goneAfterSilence() {
    int mine;
    synchronized (this) {
      mine = ++silences;
    }
    later(channels.eventLoop(), COLLECT, () -> goneIfStillSilent(mine));
  }

  private void goneIfStillSilent(int mine) {
    boolean latest;
    synchronized (this) {
      latest = mine == silences;
    }
    if (latest && !pollIsOpen()) { // an open one has a bound of its own
      gone();
    }
  }

  private boolean pollIsOpen() {
    Channel poll = channels.poll();
    return poll != null && poll.isActive();
  }

  private void goneIfDelivered() {
    if (!pollIsOpen() && delivered() && channels.currentWebSocket() == null) {
      later(channels.eventLoop(), HOLD, this::gone);
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
    context.answers().unknownSession(channel, origin);
  }

  private void refuseHeld() {
    List<Held> refused;
    synchronized (this) {
      refused = List.copyOf(held);
      held.clear();
    }
    for (Held upload : refused) {
      context.answers().unknownSession(upload.channel(), upload.origin());
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
    end.run();
  }

  private static void later(EventLoop loop, Duration wait, Runnable action) {
    if (loop.isShuttingDown()) {
      action.run();
      return;
    }
    var unused = loop.schedule(action, wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
