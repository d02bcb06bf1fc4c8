package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.CurrentWork;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.KeptSession;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a session for the application when its client is let go: at once, or after it was kept for
 * another pod. While it is kept, what is sent to it goes into its mailbox, and so does what the
 * client has sent too late. It ends on the session's event loop; the rest may be called from any
 * thread.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  private final ServerContext context;
  private final ConnectionHandle handle;
  private final ClientHead head;
  private final @Nullable Arrival arrival;
  private final Consumer<Runnable> onEventLoop;
  private final Runnable endForApplication;
  private final Runnable over;
  private boolean begun; // confined to the event loop
  private @Nullable String lastToken; // confined to the event loop
  private volatile boolean ended;
  private volatile @Nullable Keeping keeping;
  private volatile @Nullable LateArrivals late;
  // Answers to CONNECTs of a session that was taken over, which go out as the last of it.
  private volatile List<AnswerWatch> answers = List.of();

  /**
   * The keeper of one session.
   *
   * @param arrival null for a session that is never handed over
   * @param onEventLoop has something run on the session's event loop
   * @param endForApplication runs the application's disconnect listeners; throws nothing
   * @param over called when that was done for a session that was kept
   */
  Keeper(
      ServerContext context,
      ConnectionHandle handle,
      ClientHead head,
      @Nullable Arrival arrival,
      Consumer<Runnable> onEventLoop,
      Runnable endForApplication,
      Runnable over) {
    this.context = context;
    this.handle = handle;
    this.head = head;
    this.arrival = arrival;
    this.onEventLoop = onEventLoop;
    this.endForApplication = endForApplication;
    this.over = over;
  }

  /**
   * Does what has no effect, and can be done before the client is read for the last time. Again in
   * each drain: the token is good for a minute.
   */
  void prepare() {
    if (arrival != null && !arrival.wantsToken()) { // or it knows already
      lastToken = freshToken();
    }
  }

  private String freshToken() {
    Duration validFor = longestWait(context.coordinator().policy());
    return context.handOver().token(head.getSessionId().toString(), validFor);
  }

  /**
   * Ends the session, or begins to keep it.
   *
   * @param channel over which the application's messages do not go any more, if there is one
   * @param mayKeep false if nobody is to take it
   * @param output gets all that was sent until now
   */
  void end(Transport transport, @Nullable Channel channel, boolean mayKeep, LastOutput output) {
    Arrival known = arrival;
    if (known == null || begun) {
      lost("forced");
      endForApplication.run();
      return;
    }
    begun = true;
    Luggage luggage = new Luggage(head, known, context);
    List<Packet> lastWords = mayKeep ? lastWords(known, luggage) : List.of();
    Keeping kept = mayKeep ? keep(transport, luggage) : null;
    if (kept == null) {
      endForApplication.run();
    }
    ClientHead standIn = StandInHead.of(head);
    standIn.getPacketsQueue(transport).addAll(known.outbox().takeAll());
    answers = known.outbox().takeWatches();
    standIn.getPacketsQueue(transport).addAll(lastWords);
    output.replace(standIn);
    if (kept != null) {
      int mostBytes = context.coordinator().policy().handoverSessionBytes();
      late = new LateArrivals(head, transport, kept, luggage, mostBytes);
      keeping = kept;
      divert(transport, channel, kept.mailbox());
      tellApplication();
    } else {
      answered(false);
    }
  }

  private void answered(boolean reached) {
    answers.forEach(answer -> answer.over(reached));
  }

  private void tellApplication() {
    for (Namespace namespace : head.getNamespaces()) {
      SocketIOClient client = head.getChildClient(namespace);
      for (Consumer<SocketIOClient> listener : context.choices().letGo()) {
        try {
          if (client != null) {
            listener.accept(client);
          }
        } catch (Throwable e) { // the application's own
          LOG.warn(
              "DRAIN-077 session {}: a listener of clients that are let go failed",
              head.getSessionId(),
              e);
        }
      }
    }
  }

  private @Nullable Keeping keep(Transport transport, Luggage luggage) {
    if (!head.isConnected() || luggage.joined().isEmpty() || handle.movedTo().isPresent()) {
      return null;
    }
    KeptSession kept = handle.keep(head.getSessionId().toString());
    return kept == null
        ? null
        : new Keeping(
            kept,
            luggage,
            reactions ->
                new Mailbox(head, transport, luggage::joined, context.texts(), kept, reactions),
            (unheard, last, over) -> onEventLoop.accept(() -> endOfKeeping(unheard, last, over)));
  }

  /** What the client has sent, and nobody else was given, is heard here after all. */
  private void endOfKeeping(List<WirePacket> unheard, Runnable last, Runnable ends) {
    LateArrivals arrivals = late;
    if (arrivals != null) {
      CurrentWork.during(handle, () -> arrivals.hear(unheard));
    }
    last.run();
    endForApplication.run();
    ends.run(); // and what it has been sent is on its way before this pod may end
    ended = true;
    over.run();
  }

  /** What the client says first at its next pod: where its session is. One in each namespace. */
  private List<Packet> lastWords(Arrival known, Luggage luggage) {
    if (known.wantsToken()) {
      return List.of(); // it knows already
    }
    String token = lastToken == null ? freshToken() : lastToken;
    return luggage.joined().stream().map(namespace -> at(namespace, token)).toList();
  }

  /**
   * How long a session may wait for its client: in a drain until that ends, and for the settle
   * grace once more if it is recalled.
   */
  static Duration longestWait(DrainPolicy policy) {
    return policy.total().plus(policy.settleGrace());
  }

  private static Packet at(String namespace, String token) {
    Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    packet.setSubType(PacketType.EVENT);
    packet.setNsp(namespace);
    packet.setName(Arrival.AT);
    packet.setData(List.of(token));
    return packet;
  }

  /** From now on, what is sent goes into the mailbox. */
  private void divert(Transport transport, @Nullable Channel channel, Mailbox mailbox) {
    head.cancelPing();
    head.cancelPingTimeout();
    if (channel != null) {
      Diversion.of(channel, head, mailbox::collect);
    }
    head.bindChannel(new StandInChannel(mailbox::collect), transport); // which collects
  }

  /** Whether the session is one of those that may be kept. */
  boolean mayKeep() {
    return arrival != null;
  }

  /** Whether the session is, or was, kept for another pod. */
  boolean keeps() {
    return keeping != null;
  }

  /** Whether it is over for the application, or will be without a word from here. */
  boolean over() {
    return keeping == null || ended;
  }

  /** What the client of a kept session sends too late; null if the session is not kept. */
  @Nullable LateArrivals lateArrivals() {
    return late;
  }

  /** The client has read all that was delivered: another pod may take the session. */
  void proven() {
    Keeping known = keeping;
    if (known != null) {
      known.proven();
      answered(true); // and its old pod is told; what that has to say goes into the mailbox
    }
  }

  /** If that was not said until now, it is not true. */
  void unproven() {
    Keeping known = keeping;
    if (known != null) {
      known.unproven();
    }
    answered(false);
  }

  /** Nobody can take the session any more. */
  void lost(String reason) {
    Keeping known = keeping;
    if (known != null) {
      known.lost(reason);
    }
  }
}
