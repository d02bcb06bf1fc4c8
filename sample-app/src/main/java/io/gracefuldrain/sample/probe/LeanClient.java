package io.gracefuldrain.sample.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.sample.Events;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO client with next to no weight that behaves as the stock JavaScript one: the same
 * back-off, the same reasons to come back, the same reasons not to. Everything happens on its event
 * loop.
 */
final class LeanClient implements Client, Transport.Listener {
  /** What the stock client gives an attempt. */
  static final long CONNECT_MS = 20_000;

  private enum State {
    CLOSED,
    OPENING,
    /** Engine.IO is open, Socket.IO not yet. */
    OPEN,
    CONNECTED,
    /** For good. */
    OVER
  }

  private final EventLoop loop;
  private final BiFunction<String, Transport.Listener, Transport> transports;
  private final int feedMs;
  private final boolean polling;
  private final BackOff backOff;
  private final Account account;
  private final LongSupplier clock;

  private State state = State.CLOSED;
  private @Nullable Transport transport;
  private @Nullable Future<?> timer;
  private long pingMs;
  private @Nullable String sid;
  private int emits;
  // By the id of its packet, what is to be done with each acknowledgement that is owed.
  private final Map<Integer, Consumer<JsonNode>> owed = new HashMap<>();

  LeanClient(
      EventLoop loop,
      BiFunction<String, Transport.Listener, Transport> transports,
      int feedMs,
      boolean polling,
      BackOff backOff,
      Account account,
      LongSupplier clock) {
    this.loop = loop;
    this.transports = transports;
    this.feedMs = feedMs;
    this.polling = polling;
    this.backOff = backOff;
    this.account = account;
    this.clock = clock;
  }

  @Override
  public void connect() {
    loop.execute(this::open);
  }

  @Override
  public void sendDue() {
    loop.execute(this::sendNow);
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          if (state == State.CONNECTED) {
            send("41");
          }
          leave();
        });
  }

  // ---------------------------------------------------------------- connecting

  private void open() {
    if (state != State.CLOSED) {
      return;
    }
    state = State.OPENING;
    account.attempting(clock.getAsLong());
    transport = transports.apply(Events.FEED_MS + "=" + feedMs, this);
    transport.open();
    if (state == State.OPENING) { // it may have failed at once
      after(CONNECT_MS, () -> lost("timeout"));
    }
  }

  @Override
  public void ended(Transport from, String reason) {
    if (from == transport) {
      lost(reason);
    }
  }

  private void lost(String reason) {
    drop();
    if (state == State.CONNECTED) {
      account.disconnected(reason, clock.getAsLong());
    } else {
      account.failed(clock.getAsLong());
    }
    if (state != State.OPENING) {
      backOff.reset();
    }
    state = State.CLOSED;
    after(backOff.nextMs(), this::open);
  }

  private void leave() {
    state = State.OVER;
    drop();
  }

  private void drop() {
    cancelTimer();
    owed.clear();
    Transport old = transport;
    transport = null;
    if (old != null) {
      old.close();
    }
  }

  /** There is one thing to wait for at a time: the open, a ping, or the next attempt. */
  private void after(long ms, Runnable then) {
    cancelTimer();
    timer = loop.schedule(then, ms, TimeUnit.MILLISECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  // ---------------------------------------------------------------- packets

  @Override
  public void received(Transport from, String packet) {
    if (from != transport || packet.isEmpty()) {
      return;
    }
    switch (packet.charAt(0)) {
      case '0' -> opened(packet.substring(1));
      case '1' -> {
        // Over a WebSocket the stock client takes no notice of it.
        if (polling) {
          lost("transport close");
        }
      }
      case '2' -> {
        send("3");
        after(pingMs, () -> lost("ping timeout"));
      }
      case '4' -> message(packet);
      default -> {} // pong, upgrade, noop: nothing to do
    }
  }

  private void opened(String handshake) {
    JsonNode json = Json.read(handshake);
    if (state != State.OPENING || json == null) {
      lost("parse error");
      return;
    }
    sid = json.path("sid").asText();
    pingMs = json.path("pingInterval").asLong(25_000) + json.path("pingTimeout").asLong(20_000);
    state = State.OPEN;
    backOff.reset();
    after(pingMs, () -> lost("ping timeout"));
    send("40");
  }

  private void message(String packet) {
    switch (packet.length() < 2 ? ' ' : packet.charAt(1)) {
      case '0' -> connected();
      case '1' -> {
        if (state == State.CONNECTED) {
          account.disconnected("io server disconnect", clock.getAsLong());
        }
        leave(); // as the stock client: the server has spoken
      }
      case '2' -> event(packet);
      case '3' -> acknowledged(packet);
      case '4' -> {
        account.failed(clock.getAsLong());
        leave();
      }
      default -> lost("parse error");
    }
  }

  private void connected() {
    if (state != State.OPEN) {
      return;
    }
    state = State.CONNECTED;
    account.connected(sid, clock.getAsLong());
    emit(
        Events.WHO_AM_I,
        "{}",
        pod -> account.answeredBy(pod.path("name").asText(), pod.path("generation").asText()));
    sendNow();
  }

  private void event(String packet) {
    JsonNode event = Json.read(packet.substring(2));
    if (event == null || !event.isArray()) {
      lost("parse error");
      return;
    }
    JsonNode n = event.path(1).path("n");
    if (event.path(0).asText().equals(Events.FEED) && n.isIntegralNumber()) {
      account.heard(n.longValue(), clock.getAsLong());
    }
  }

  private void acknowledged(String packet) {
    int payload = packet.indexOf('[');
    JsonNode answer = payload < 0 ? null : Json.read(packet.substring(payload));
    if (answer == null || !packet.substring(2, payload).matches("\\d{1,9}")) {
      lost("parse error");
      return;
    }
    Consumer<JsonNode> asked = owed.remove(Integer.parseInt(packet.substring(2, payload)));
    if (asked == null) {
      account.acknowledgedUnasked();
    } else {
      asked.accept(answer.path(0));
    }
  }

  // ---------------------------------------------------------------- sending

  private void sendNow() {
    if (state != State.CONNECTED) {
      return;
    }
    for (long n : account.due(clock.getAsLong())) {
      emit(Events.UP, "{\"n\":" + n + "}", answer -> answered(n, answer.path("n")));
    }
    String order = account.dueOrder(clock.getAsLong());
    if (order != null) {
      emit(
          Events.ORDER,
          "{\"id\":\"" + order + "\"}",
          answer -> account.orderAnswered(order, answer.path("id").textValue()));
    }
  }

  private void answered(long n, JsonNode answer) {
    account.acknowledged(
        n, answer.isIntegralNumber() ? answer.longValue() : null, clock.getAsLong());
    sendNow();
  }

  private void emit(String event, String payload, Consumer<JsonNode> answer) {
    int id = emits++;
    owed.put(id, answer);
    send("42" + id + "[\"" + event + "\"," + payload + "]");
  }

  private void send(String packet) {
    if (transport != null) {
      transport.send(packet);
    }
  }
}
