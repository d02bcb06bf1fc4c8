package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.ledger.Account;
import io.gracefuldrain.lab.results.ClientKind;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO client with next to no weight that behaves like the stock JavaScript client: it has
 * the same back-off, and the same reasons to reconnect or to stay away. An aware one also moves
 * when it is hinted. Everything happens on its event loop.
 */
final class LeanClient implements Client, Connection.Listener {
  private final EventLoop loop;
  private final BiFunction<String, Transport.Listener, Transport> transports;
  private final String query;
  private final boolean polling;
  private final DoubleSupplier random;
  private final BackOff backOff;
  private final Account account;
  private final LongSupplier clock;
  private final @Nullable LeanMoves moves;
  private final @Nullable Recovery recovery;
  private final @Nullable PostBox posts;

  private boolean over;
  // The connection that carries the emits, or the attempt to make it.
  private @Nullable Connection current;
  private @Nullable Future<?> retry;

  /**
   * @param transports makes a transport, given the query of its handshake
   * @param random numbers from 0 to less than 1
   */
  LeanClient(
      EventLoop loop,
      BiFunction<String, Transport.Listener, Transport> transports,
      int feedMs,
      ClientKind kind,
      DoubleSupplier random,
      Account account,
      LongSupplier clock) {
    this.loop = loop;
    this.transports = transports;
    this.query =
        FeedEvents.FEED_MS
            + "="
            + feedMs
            + (kind.aware() ? "&drain=1" : "")
            + (kind.bytes() ? "&" + FeedEvents.BYTES + "=1" : "");
    this.polling = !kind.overWebSocket();
    this.random = random;
    this.backOff = new BackOff(random);
    this.account = account;
    this.clock = clock;
    this.moves = kind.aware() ? new LeanMoves(this, loop, random, account, clock) : null;
    this.recovery = kind.recovering() ? new Recovery() : null;
    this.posts = kind.recovering() ? new PostBox(account, kind.bytes()) : null;
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
          over = true;
          cancelRetry();
          if (moves != null) {
            moves.close();
          }
          if (current != null) {
            current.leave();
            current = null;
          }
        });
  }

  // ---------------------------------------------------------------- connections

  private void open() {
    retry = null;
    if (over || current != null) {
      return;
    }
    account.attempting(clock.getAsLong());
    current = connection("");
    current.open();
  }

  /**
   * A connection that is not yet open.
   *
   * @param more an addition to the query of the handshake
   */
  Connection connection(String more) {
    return new Connection(
        loop, listener -> transports.apply(query + more, listener), polling, this, recovery);
  }

  /** The current connection, or the attempt to make one, or null. */
  @Nullable Connection current() {
    return current;
  }

  /** Makes another connection the current one. */
  void adopt(@Nullable Connection other) {
    cancelRetry();
    current = other;
  }

  @Override
  public void connected(Connection connection, boolean recovered) {
    account.answered(connection.asksForSession(), recovered, connection.answeredAfterMs());
    if (connection != current) {
      if (moves != null) {
        moves.connected(connection);
      }
      return;
    }
    account.connected(connection.sid(), clock.getAsLong());
    if (recovered) {
      account.recovered(String.valueOf(connection.sid()));
    }
    if (moves != null) {
      moves.cameBack();
    }
    connection.emit(
        FeedEvents.WHO_AM_I,
        "{}",
        pod -> account.answeredBy(pod.path("name").asText(), pod.path("generation").asText()));
    sendNow();
  }

  @Override
  public void ended(Connection connection, Connection.End end) {
    if (moves != null && moves.ended(connection, end)) {
      return;
    }
    if (connection != current) {
      return;
    }
    current = null;
    if (end.connected()) {
      account.disconnected(end.reason(), clock.getAsLong());
    } else {
      account.failed(clock.getAsLong());
    }
    if (end.forGood()) {
      stayAway();
      return;
    }
    if (end.opened()) {
      backOff.reset();
    }
    long plannedMs = moves == null || !end.connected() ? 0 : moves.plannedMs(connection);
    reconnectAfter(plannedMs > 0 ? (long) (random.getAsDouble() * plannedMs) : backOff.nextMs());
  }

  /** Like the stock client: the server wants it to stay away. */
  void stayAway() {
    over = true;
  }

  /** Whether it waits to reconnect in the stock way. */
  boolean reconnecting() {
    return retry != null;
  }

  /** Reconnects in the stock way, after the stock wait. */
  void reconnect() {
    backOff.reset();
    reconnectAfter(backOff.nextMs());
  }

  private void reconnectAfter(long ms) {
    cancelRetry();
    retry = loop.schedule(this::open, ms, TimeUnit.MILLISECONDS);
  }

  private void cancelRetry() {
    if (retry != null) {
      retry.cancel(false);
      retry = null;
    }
  }

  // ---------------------------------------------------------------- messages

  @Override
  public void event(
      Connection connection, String name, JsonNode args, @Nullable Integer acknowledgement) {
    JsonNode payload = args.path(1);
    if (moves != null && name.startsWith(LeanMoves.PREFIX)) {
      moves.told(connection, name, payload, acknowledgement);
      return;
    }
    JsonNode n = payload.path("n");
    if (!name.equals(FeedEvents.FEED) || !n.isIntegralNumber()) {
      return;
    }
    if (posts != null && !posts.whole(n.longValue(), args.path(2))) {
      account.damaged();
    }
    if (moves == null) {
      account.heard(n.longValue(), clock.getAsLong());
      if (posts != null) {
        posts.send(clock.getAsLong(), current);
      }
    } else {
      moves.heard(connection, n.longValue(), payload.path("pod").asText(null));
    }
  }

  @Override
  public void acknowledgedUnasked() {
    account.acknowledgedUnasked();
  }

  /** Sends the numbers that are due, if there is a connection or if emits are held for one. */
  void sendNow() {
    if (posts != null) {
      posts.send(clock.getAsLong(), current);
    }
    if (moves != null && moves.holding()) {
      // on: it is held
    } else if (current == null || !current.connected()) {
      return;
    }
    for (long n : account.due(clock.getAsLong())) {
      emit(FeedEvents.UP, "{\"n\":" + n + "}", answer -> answered(n, answer));
    }
    String order = account.dueOrder(clock.getAsLong());
    if (order != null) {
      emit(
          FeedEvents.ORDER,
          "{\"id\":\"" + order + "\"}",
          answer -> account.orderAnswered(order, answer.path("id").textValue()));
    }
  }

  private void answered(long n, JsonNode answer) {
    JsonNode named = answer.path("n");
    account.acknowledged(
        n,
        named.isIntegralNumber() ? named.longValue() : null,
        answer.path("pod").textValue(),
        clock.getAsLong());
    sendNow();
  }

  private void emit(String event, String payload, Consumer<JsonNode> answer) {
    if (moves != null && moves.holding()) {
      moves.hold(() -> emit(event, payload, answer));
    } else if (current != null) {
      current.emit(event, payload, answer);
    }
  }
}
