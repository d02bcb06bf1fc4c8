package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.EncoderHandler;
import io.gracefuldrain.CloseManner;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.Goodbye;
import io.gracefuldrain.netty.LastRead;
import io.gracefuldrain.netty.StallWatch;
import io.gracefuldrain.netty.WebSocketGoodbye;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * <p>If the session is to be handed over, it goes on for the application: what is sent to it goes
 * into its mailbox, and its end is that of its {@link Keeping}. Another pod may take it once it is
 * certain that the client has read all that was delivered.
 *
 * <p>Every step has a bound. This object's monitor guards its state. Nothing foreign is called
 * while it is held.
 */
final class Farewell {
  /** How long a client may fetch nothing of what is queued, by a poll or from its answer. */
  static final Duration COLLECT = Duration.ofSeconds(1);

  /** The same for a client whose session is kept: its next poll shows that it has read. */
  private static final Duration COLLECT_KEPT = Duration.ofSeconds(3);

  /** How long the answer to one poll may take in all. */
  static final Duration MOST_WRITING = Duration.ofSeconds(30);

  /**
   * How long after a poll's answer an upload is held before it is refused. It is refused at once
   * when the client polls again. The refusal must not overtake the answer, since clients drop the
   * other request at the first error.
   */
  static final Duration HOLD = Duration.ofMillis(250);

  private enum Stage {
    /** The session is sealed; the farewell has not begun. */
    SEALED,
    /** The farewell has begun, and what is to be delivered is not known yet. */
    BEGUN,
    /** The application has seen the end. The queued packets are on their way. */
    DELIVERING,
    /** Every request is answered with an error. */
    GONE
  }

  private final ServerContext context;
  private final ConnectionHandle handle;
  private final SessionChannels channels;
  private final ClientHead head;
  private final Keeper keeper;
  private final Consumer<Runnable> onEventLoop;
  private final Runnable end;
  private final HeldUploads uploads = new HeldUploads();
  private final LastOutput output;
  private final LastRead lastRead;
  private Stage stage = Stage.SEALED;
  private int silences;

  /**
   * A farewell that has not begun.
   *
   * @param arrival null for a session that is never handed over
   * @param onEventLoop has something run on the session's event loop
   * @param endForApplication runs the application's disconnect listeners; throws nothing
   * @param end ends the session when all is said
   */
  Farewell(
      ServerContext context,
      ConnectionHandle handle,
      SessionChannels channels,
      @Nullable Arrival arrival,
      Consumer<Runnable> onEventLoop,
      Runnable endForApplication,
      Runnable end) {
    this.onEventLoop = onEventLoop;
    this.context = context;
    this.handle = handle;
    this.channels = channels;
    this.head = channels.head();
    this.output = new LastOutput(head);
    this.lastRead = new LastRead(context.coordinator());
    this.end = end;
    this.keeper =
        new Keeper(context, handle, head, arrival, onEventLoop, endForApplication, this::endIfOver);
  }

  synchronized boolean begun() {
    return stage != Stage.SEALED;
  }

  /** Nobody can take the session any more: the application has ended it, or its server stops. */
  void lost(String reason) {
    keeper.lost(reason);
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
      if (stage == Stage.GONE || (stage != Stage.SEALED && !force)) {
        return;
      }
      if (!force && !handle.sealed()) {
        return; // something came late; the coordinator asks again when it has ended
      }
    }
    boolean chooses = !force && channels.webSocket() != null;
    Goodbye how = chooses ? context.goodbye(head) : Goodbye.FIN;
    keeper.prepare();
    if (!force
        && current != null
        && lastRead.readBefore(current.eventLoop(), () -> letGo(manner, how, within))) {
      return;
    }
    letGo(manner, how, within);
  }

  /** All that has no effect is done: from the last read on, what the client sends is too late. */
  private void letGo(CloseManner manner, Goodbye how, Duration within) {
    Channel current = channels.currentWebSocket();
    boolean force = manner == CloseManner.FORCE;
    synchronized (this) {
      if (stage == Stage.GONE || (stage != Stage.SEALED && !force)) {
        return;
      }
      if (!force && !handle.sealed()) {
        return; // something came in the last read
      }
      stage = keeper.mayKeep() ? Stage.BEGUN : Stage.DELIVERING;
    }
    if (current == null) {
      endPolling(force, how, within);
    } else {
      endWebSocket(current, force, how, within);
    }
  }

  /** Sets the bounds, and then calls what is foreign: it may throw. */
  private void endWebSocket(Channel webSocket, boolean force, Goodbye how, Duration within) {
    WebSocketGoodbye goodbye = WebSocketGoodbye.begin(webSocket, within);
    webSocket.closeFuture().addListener(closed -> webSocketClosed(goodbye));
    keeper.end(Transport.WEBSOCKET, webSocket, !force, output);
    delivers();
    answerPoll(channels.poll());
    var unused = webSocket.writeAndFlush(output.toWebSocket());
    if (force) {
      WebSocketGoodbye.force(webSocket);
      return;
    }
    LateArrivals arrivals = keeper.lateArrivals();
    if (arrivals != null) {
      goodbye.passInput();
      // Behind our own end, a Close frame is an answer. Before it, the client goes by itself.
      arrivals.takeFrames(webSocket, () -> how == Goodbye.CLOSE || goodbye.outputEnded());
      webSocket.pipeline().fireUserEventTriggered(HeldMessages.DECIDED); // these came first
    }
    goodbye.end(how);
  }

  /** What is to be delivered is known: polls that have come meanwhile are answered. */
  private synchronized void delivers() {
    if (stage == Stage.BEGUN) {
      stage = Stage.DELIVERING;
    }
  }

  private void webSocketClosed(WebSocketGoodbye goodbye) {
    if (goodbye.orderly()) {
      keeper.proven();
    }
    gone();
  }

  private void endPolling(boolean force, Goodbye how, Duration within) {
    if (!force) {
      later(channels.eventLoop(), within, this::gone);
      goneAfterSilence();
    }
    Channel unused = channels.webSocket();
    boolean upgrading = unused != null && unused.isActive();
    keeper.end(Transport.POLLING, channels.poll(), !force && !upgrading, output);
    delivers();
    if (keeper.keeps()) {
      goneAfterSilence(); // which may be longer now
      readUploads();
    }
    answerPoll(channels.poll());
    if (unused != null && upgrading) {
      // An upgrade that did not end in time. Its client may change over when its poll ends. If it
      // found the WebSocket closed before that, it would wait on both for ever.
      if (force) {
        later(unused.eventLoop(), Duration.ZERO, () -> WebSocketGoodbye.force(unused));
      } else {
        later(unused.eventLoop(), HOLD, () -> WebSocketGoodbye.begin(unused, within).end(how));
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
      refused = stage == Stage.GONE || (stage == Stage.DELIVERING && output.delivered());
      // A poll that comes before the farewell begins is answered when it begins.
    }
    if (refused) {
      // The client has read the answer to its last poll, or it would not poll again.
      keeper.proven();
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
      var unused = poll.writeAndFlush(output.toPoll());
    }
    if (channels.currentWebSocket() == null) {
      StallWatch.begin(poll, collect(), MOST_WRITING, this::gone);
      poll.closeFuture()
          .addListener(
              closed -> {
                goneAfterSilence();
                goneIfDelivered();
              });
    }
  }

  private Duration collect() {
    return keeper.keeps() ? COLLECT_KEPT : COLLECT;
  }

  /** The bound of a client that does not poll. It counts from the last poll's end. */
  private void goneAfterSilence() {
    int mine;
    synchronized (this) {
      mine = ++silences;
    }
    later(channels.eventLoop(), collect(), () -> goneIfStillSilent(mine));
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
    if (!pollIsOpen() && output.delivered() && channels.currentWebSocket() == null) {
      later(channels.eventLoop(), HOLD, this::goneUnlessAwaited);
    }
  }

  /**
   * A client that has read the answer polls again at once. Before that, an upload that is refused
   * would cost it the answer; and if its session is kept, the poll is what shows that it has read.
   */
  private void goneUnlessAwaited() {
    if (keeper.keeps() || uploads.any()) {
      later(channels.eventLoop(), collect().minus(HOLD), this::gone);
    } else {
      gone();
    }
  }

  /**
   * An upload that came after the seal.
   *
   * @param body what it brings, for a session that may be kept
   */
  void upload(Channel channel, @Nullable String origin, @Nullable String body) {
    if (!uploads.tryHold(channel, origin, body)) {
      context.answers().unknownSession(channel, origin);
    } else if (body != null) {
      onEventLoop.accept(this::readUploads);
    }
  }

  /** A frame that was held before the farewell; says whether it goes along. */
  boolean frame(Channel channel, ByteBuf content) {
    LateArrivals arrivals = keeper.lateArrivals();
    if (arrivals == null) {
      return false;
    }
    arrivals.takeFrame(channel, content);
    return true;
  }

  private void readUploads() {
    LateArrivals arrivals = keeper.lateArrivals();
    if (arrivals != null) {
      uploads.read(arrivals::takeUpload, context.answers());
    }
    if (isGone()) {
      uploads.refuse(context.answers()); // what could not go along
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
    uploads.refuse(context.answers());
    keeper.unproven();
    endIfOver();
  }

  private void endIfOver() {
    if (isGone() && keeper.over()) {
      end.run();
    }
  }

  private synchronized boolean isGone() {
    return stage == Stage.GONE;
  }

  private static void later(EventLoop loop, Duration wait, Runnable action) {
    if (loop.isShuttingDown()) {
      action.run();
      return;
    }
    var unused = loop.schedule(action, wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
