package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.AckCallback;
import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.ReconnectHint;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's half of the reconnect hint, for clients that said {@code drain=1} in their
 * handshake: {@code drain:hello} when they have joined a namespace, {@code drain:reconnect} in
 * their slot, and the answer to their {@code drain:landed}. Thread-safe.
 */
final class Hints {
  static final String HELLO = "drain:hello";
  static final String RECONNECT = "drain:reconnect";
  static final String LANDED = "drain:landed";

  // A hint that nobody has acknowledged is said again, four times in its grace at the most.
  private static final long LEAST_REPEAT_MILLIS = 250;
  private static final int MOST_QUOTED = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

  private final Sessions sessions;
  private final DrainPolicy policy;
  // By name, the namespace that has our listener: one that was removed and added again has lost it.
  private final Map<String, WeakReference<Namespace>> listening = new ConcurrentHashMap<>();

  Hints(Sessions sessions, DrainPolicy policy) {
    this.sessions = sessions;
    this.policy = policy;
  }

  /** Notes, before a packet can change it, that an EIO4 client has not yet sent its CONNECT. */
  void beforeDispatch(Session session) {
    if (!session.aware() || session.head().getEngineIOVersion() != EngineIOVersion.V4) {
      return;
    }
    for (Namespace namespace : session.head().getNamespaces()) {
      if (namespace.getName().equals(Namespace.DEFAULT_NAME)) {
        session.greetings().beforeConnect(session.head().getChildClient(namespace));
      }
    }
  }

  /** Says hello in each namespace that an aware client has joined since the last time. */
  void greet(Session session) {
    if (!session.aware()) {
      return;
    }
    Set<Namespace> joined = session.head().getNamespaces();
    for (Namespace namespace : joined) {
      SocketIOClient client = session.head().getChildClient(namespace);
      if (client == null) {
        continue; // left meanwhile
      }
      if (!session.greetings().isBeforeConnect(client)
          && session.greetings().add(namespace.getName(), client)) {
        listen(namespace);
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("pod", policy.pod());
        hello.put("generation", policy.generation());
        client.sendEvent(HELLO, hello);
        PlanEvents.say(client, sessions.coordinator().crashWindow());
      }
    }
  }

  private void listen(Namespace namespace) {
    listening.compute(
        namespace.getName(),
        (name, known) -> {
          if (known != null && known.refersTo(namespace)) {
            return known;
          }
          namespace.addEventListener(LANDED, Object.class, this::landed);
          return new WeakReference<>(namespace);
        });
  }

  /** Asks a client to move, in every namespace it has joined, until one has acknowledged. */
  void send(Session session, ReconnectHint hint) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("reason", hint.reason());
    message.put("graceMs", hint.grace().toMillis());
    message.put("ticket", hint.ticket());
    if (hint.url() != null) {
      message.put("url", hint.url());
    }
    long repeat = Math.max(LEAST_REPEAT_MILLIS, hint.grace().toMillis() / 4);
    boolean ofDrain = sessions.coordinator().phase().draining();
    BooleanSupplier over =
        () -> ofDrain && !sessions.coordinator().phase().draining(); // recalled: it may stay
    say(session, message, new AtomicBoolean(), over, hint.grace().toMillis(), repeat);
  }

  private void say(
      Session session,
      Map<String, Object> message,
      AtomicBoolean acknowledged,
      BooleanSupplier over,
      long millisLeft,
      long repeat) {
    if (acknowledged.get() || over.getAsBoolean() || session.ended() || session.handle().sealed()) {
      return;
    }
    for (SocketIOClient client : session.greetings().all()) {
      client.sendEvent(RECONNECT, new Acknowledged(session, acknowledged), message);
    }
    if (millisLeft > repeat) {
      var unused =
          session
              .eventLoop()
              .schedule(
                  () -> say(session, message, acknowledged, over, millisLeft - repeat, repeat),
                  repeat,
                  TimeUnit.MILLISECONDS);
    }
  }

  /** The client is elsewhere. Packets come in order, so all it sent before has been dispatched. */
  private void landed(SocketIOClient client, @Nullable Object data, AckRequest acknowledgement) {
    Session session = sessions.get(client.getSessionId());
    if (session != null
        && data instanceof Map<?, ?> fields
        && fields.get("pod") instanceof String pod
        && fields.get("connectMs") instanceof Number connectMs) {
      session.handle().landed(pod, Duration.ofMillis(Math.max(0, connectMs.longValue())));
      acknowledgement.sendAckData();
      return;
    }
    String said = shortened(data);
    if (session != null && session.firstMistake()) { // one line a client, however often it errs
      LOG.warn("DRAIN-061 session {}: {} {} is malformed", client.getSessionId(), LANDED, said);
    }
    acknowledgement.sendAckData(
        Map.of("error", LANDED + ": " + said + " (expected: {pod: string, connectMs: number})"));
  }

  /** What a client said, fit for a line of the log: it may be anything, of any length. */
  private static String shortened(@Nullable Object said) {
    String text = String.valueOf(said);
    String start = text.length() > MOST_QUOTED ? text.substring(0, MOST_QUOTED) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  /** Notes that one namespace has heard the hint. */
  private static final class Acknowledged extends AckCallback<Object> {
    private final Session session;
    private final AtomicBoolean acknowledged;

    Acknowledged(Session session, AtomicBoolean acknowledged) {
      super(Object.class);
      this.session = session;
      this.acknowledged = acknowledged;
    }

    @Override
    public void onSuccess(@Nullable Object result) {
      acknowledged.set(true);
      session.handle().heard();
    }
  }
}
