package io.gracefuldrain.lab.ledger;

import io.gracefuldrain.lab.results.Answer;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Recovered;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The account of one client. The client tells it what happens and when, and the account counts. It
 * knows neither sockets nor clocks: all times are milliseconds since the epoch. Thread-safe.
 */
public final class Account {
  private final int client;
  private final ClientKind kind;
  private final String source;

  // All below is guarded by this.
  private final Stays stays = new Stays();
  private final MoveBook moves;
  private final Streams streams;
  private final Posts posts;
  private final List<String> recovered = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private long damaged;

  /** A client at a moment. */
  record Glance(
      boolean connected,
      boolean named,
      int stays,
      int gaps,
      int failedConnects,
      Streams.FeedFigures feed) {}

  /** Everything about a client, with the histograms for its kind's totals. */
  record Closing(
      ClientLedger ledger, AbstractHistogram feedLatency, AbstractHistogram ackLatency) {}

  /**
   * @param peers the clients whose moves are compared with its own; it is one of them
   */
  Account(
      int client,
      ClientKind kind,
      String source,
      int feedMs,
      Uploads uploads,
      OrderBook orders,
      Peers peers) {
    this.client = client;
    this.kind = kind;
    this.source = source;
    this.moves = new MoveBook(peers);
    this.streams = new Streams(feedMs, uploads, orders);
    this.posts = new Posts(feedMs);
  }

  // ---------------------------------------------------------------- connections

  /** It tries to connect. Any wait before that was its own choice. */
  public synchronized void attempting(long nowMs) {
    stays.attempting(nowMs);
  }

  /** The attempt has failed. Told more than once, it counts once. */
  public synchronized void failed(long nowMs) {
    stays.failed(nowMs);
  }

  /** An attempt has failed, of a client that does not say when it tries. */
  public synchronized void failedUntold(long nowMs) {
    stays.failedUntold(nowMs);
  }

  /** It has a Socket.IO connection. */
  public synchronized void connected(@Nullable String sid, long nowMs) {
    if (stays.never()) {
      streams.begin(nowMs);
      posts.begin(nowMs);
    } else {
      streams.moved();
      streams.ended(stays.current()); // the next of a move that was not ready in time
    }
    stays.connected(sid, nowMs);
  }

  /** The session that has just been connected goes on with the one before. */
  public synchronized void recovered(String sid) {
    recovered.add(sid);
  }

  /**
   * A CONNECT was answered.
   *
   * @param asked whether it asked for an earlier session
   * @param went whether that session goes on
   * @param waitedMs how long the client waited, in milliseconds
   */
  public synchronized void answered(boolean asked, boolean went, double waitedMs) {
    Answer.Kind kind =
        went
            ? Answer.Kind.RECOVERED
            : asked ? Answer.Kind.ANEW : answers.isEmpty() ? Answer.Kind.FIRST : Answer.Kind.AGAIN;
    answers.add(new Answer(kind, waitedMs));
  }

  /** The pod at the other end of the connection has said its name. */
  public synchronized void answeredBy(String pod, String generation) {
    stays.answeredBy(pod, generation);
  }

  /** The connection has ended. Without one, it was an attempt that failed. */
  public synchronized void disconnected(String reason, long nowMs) {
    OpenStay ended = stays.current();
    if (ended == null) {
      failed(nowMs);
      return;
    }
    streams.ended(ended);
    stays.lost(reason, nowMs);
  }

  /** The client has been hinted and begins to move; its current connection goes on. */
  public synchronized MoveAccount moving(long nowMs) {
    return new MoveAccount(this, stays, moves, streams, nowMs);
  }

  // ---------------------------------------------------------------- streams

  /** A message of the feed has come to a client that knows no hints. */
  public synchronized void heard(long n, long nowMs) {
    if (delivered(n, nowMs)) {
      arrived(n, null);
    }
  }

  /**
   * A message of the feed has come over a connection; the application sees it later, or never.
   *
   * @param pod the pod that sent it, or null if that is not known
   */
  public synchronized void arrived(long n, @Nullable String pod) {
    streams.arrived(n, stays.to(pod));
  }

  /** The application sees a message of the feed; returns whether for the first time. */
  public synchronized boolean delivered(long n, long nowMs) {
    boolean first = streams.delivered(n, nowMs);
    if (first) {
      moves.took(n, streams.feedDueMs(n), nowMs);
    }
    return first;
  }

  /** The client has dropped messages that it had already seen. */
  public synchronized void dropped(long count) {
    streams.dropped(count);
  }

  /** The numbers to send now; none without a connection. */
  public synchronized List<Long> due(long nowMs) {
    return streams.due(nowMs, stays.out());
  }

  /**
   * An acknowledgement has come.
   *
   * @param n the number that was sent
   * @param answered the number that the answer names, or null if none
   * @param pod the pod that answered, or null if that is not known
   */
  public synchronized void acknowledged(
      long n, @Nullable Long answered, @Nullable String pod, long nowMs) {
    streams.acknowledged(n, answered, stays.to(pod), nowMs);
  }

  /** A message has come whose attachment is missing, or is another one. */
  public synchronized void damaged() {
    damaged++;
  }

  /**
   * The numbers to send now, or once there is a connection, without asking for acknowledgements.
   */
  public synchronized List<Long> toPost(long nowMs) {
    return posts.take(nowMs);
  }

  /** The id of an order to place now; null if none is due, or without a connection. */
  public synchronized @Nullable String dueOrder(long nowMs) {
    return streams.dueOrder(nowMs, stays.out());
  }

  /**
   * The answer to an order has come.
   *
   * @param id the order
   * @param answered the id that the answer names as done, or null if none
   */
  public synchronized void orderAnswered(String id, @Nullable String answered) {
    streams.orderAnswered(id, answered);
  }

  /** An acknowledgement has come, and nothing was sent for it. */
  public synchronized void acknowledgedUnasked() {
    streams.acknowledgedUnasked();
  }

  // ---------------------------------------------------------------- the end

  /** Nothing new is sent from now on. Numbers already sent may still be acknowledged. */
  synchronized void endSending(long nowMs) {
    streams.endSending(nowMs);
    posts.end(nowMs);
  }

  /**
   * Whether an acknowledgement of a number may still come. Orders take too long, so they do not
   * count.
   */
  synchronized boolean owed() {
    return stays.current() != null && streams.owed();
  }

  synchronized Glance glance() {
    OpenStay current = stays.current();
    return new Glance(
        current != null,
        current != null && current.pod != null,
        stays.stayCount(),
        stays.gapCount(),
        stays.failures(),
        streams.feed());
  }

  /** Closes the account. To be called once; nothing counts after it. */
  synchronized Closing close(long nowMs) {
    if (!stays.never()) {
      streams.endFeed(stays.firstConnectedMs(), nowMs, stays.current() == null);
    }
    ClientLedger ledger =
        new ClientLedger(
            client,
            kind,
            source,
            stays.stays(),
            stays.gaps(),
            moves.moves(),
            stays.firstConnectFailures(),
            streams.counts(),
            Spreads.of(streams.feedLatency()),
            Spreads.of(streams.ackLatency()),
            moves.whileMoving(),
            moves.atPeers(),
            new Recovered(recovered, posts.posted(), damaged),
            answers);
    return new Closing(ledger, streams.feedLatency().copy(), streams.ackLatency().copy());
  }
}
