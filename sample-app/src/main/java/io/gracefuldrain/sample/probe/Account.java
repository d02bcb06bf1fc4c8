package io.gracefuldrain.sample.probe;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The account of one client: told what happens to it and when, it counts. It knows neither sockets
 * nor clocks; all times are milliseconds since the epoch. Thread-safe.
 */
final class Account {
  /** What is due this shortly before the end may still be on its way. */
  static final long ON_ITS_WAY_MS = 2_000;

  private static final long NOT_WAITING = -1;
  private static final long NEVER = -1;

  private final int client;
  private final ClientKind kind;
  private final String source;
  private final int feedMs;

  // All below is guarded by this.
  private final FeedCount feed = new FeedCount();
  private final Uploads uploads;
  private final OrderBook orders;
  private final IntCountsHistogram feedLatency = new IntCountsHistogram(2);
  private final IntCountsHistogram ackLatency = new IntCountsHistogram(2);
  private final List<Stay> stays = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private @Nullable OpenStay stay;
  private @Nullable OpenGap gap;
  private long firstConnectedMs = NEVER;
  private boolean attempting;
  private long waitingSince = NOT_WAITING;
  private int firstConnectFailures;
  private int gapFailures;
  private long wrongAcknowledgements;

  /** A client at a moment, for whoever watches. */
  record Glance(
      boolean connected,
      boolean named,
      int stays,
      int gaps,
      int failedConnects,
      FeedFigures feed) {}

  /** Its feed at a moment. */
  record FeedFigures(long received, long missingConnected, long missingAway) {}

  /** All there is to say of a client, with what its kind's totals are made from. */
  record Closing(
      ClientLedger ledger, AbstractHistogram feedLatency, AbstractHistogram ackLatency) {}

  Account(
      int client, ClientKind kind, String source, int feedMs, Uploads uploads, OrderBook orders) {
    this.client = client;
    this.kind = kind;
    this.source = source;
    this.feedMs = feedMs;
    this.uploads = uploads;
    this.orders = orders;
  }

  // ---------------------------------------------------------------- connections

  /** It tries to connect. What it waited before is its own choice. */
  synchronized void attempting(long nowMs) {
    attempting = true;
    if (gap != null && waitingSince != NOT_WAITING) {
      gap.backoffMs += nowMs - waitingSince;
    }
    waitingSince = NOT_WAITING;
  }

  /** The attempt has failed; told more than once, it counts once. */
  synchronized void failed(long nowMs) {
    if (!attempting) {
      return;
    }
    attempting = false;
    waitingSince = nowMs;
    if (gap == null) {
      firstConnectFailures++;
    } else {
      gap.failedConnects++;
      gapFailures++;
    }
  }

  synchronized void connected(@Nullable String sid, long nowMs) {
    attempting = false;
    waitingSince = NOT_WAITING;
    stay = new OpenStay(sid, nowMs);
    if (gap == null) {
      firstConnectedMs = nowMs;
      uploads.begin(nowMs);
    } else {
      gaps.add(gap.ended(nowMs));
      gap = null;
      feed.moved();
    }
  }

  /** The pod that the connection leads to has said its name. */
  synchronized void answeredBy(String pod, String generation) {
    if (stay != null) {
      stay.pod = pod;
      stay.generation = generation;
    }
  }

  /** The connection has ended; without one it was an attempt that failed. */
  synchronized void disconnected(String reason, long nowMs) {
    if (stay == null) {
      failed(nowMs);
      return;
    }
    if (orders.disconnected()) {
      stay.ordersCut++;
    }
    stays.add(stay.ended(nowMs, reason));
    stay = null;
    gap = new OpenGap(nowMs);
    waitingSince = nowMs;
    uploads.disconnected();
  }

  // ---------------------------------------------------------------- streams

  /** A message of the feed. */
  synchronized void heard(long n, long nowMs) {
    FeedCount.Kind what = feed.take(n);
    if (what == FeedCount.Kind.DUPLICATE) {
      return;
    }
    feedLatency.recordValue(Math.max(0, nowMs - n * feedMs));
    if (stay != null) {
      stay.received++;
      stay.lastReceived = n;
    }
  }

  /** What to send now; nothing without a connection. */
  synchronized List<Long> due(long nowMs) {
    return stay == null ? List.of() : uploads.take(nowMs);
  }

  /**
   * An acknowledgement.
   *
   * @param n the number it was asked for
   * @param answered the number it names, or null if none
   */
  synchronized void acknowledged(long n, @Nullable Long answered, long nowMs) {
    if (answered == null || answered != n || stay == null || !uploads.acknowledge(n)) {
      wrongAcknowledgements++;
      return;
    }
    stay.acknowledged++;
    ackLatency.recordValue(Math.max(0, nowMs - uploads.dueMs(n)));
  }

  /** The id of an order to place now; null if none is due, or without a connection. */
  synchronized @Nullable String dueOrder(long nowMs) {
    String id = stay == null ? null : orders.take(nowMs);
    if (stay != null && id != null) {
      stay.ordersPlaced++;
    }
    return id;
  }

  /**
   * The answer to an order.
   *
   * @param id which one
   * @param answered the id that the answer says is done, or null if none
   */
  synchronized void orderAnswered(String id, @Nullable String answered) {
    if (!orders.answered(id, answered)) {
      wrongAcknowledgements++;
    }
  }

  /** An acknowledgement that nothing was sent for. */
  synchronized void acknowledgedUnasked() {
    wrongAcknowledgements++;
  }

  // ---------------------------------------------------------------- the end

  /** Nothing new is sent from now on; what is under way may be acknowledged. */
  synchronized void endSending(long nowMs) {
    uploads.end(nowMs);
    orders.end(nowMs);
  }

  /** Whether an acknowledgement of a number may still come; orders take too long to be awaited. */
  synchronized boolean owed() {
    return stay != null && uploads.inFlight() > 0;
  }

  synchronized Glance glance() {
    return new Glance(
        stay != null,
        stay != null && stay.pod != null,
        stays.size() + (stay == null ? 0 : 1),
        gaps.size() + (gap == null ? 0 : 1),
        firstConnectFailures + gapFailures,
        new FeedFigures(feed.received(), feed.missingConnected(), feed.missingAway()));
  }

  /** Closes the account; to be called once, and nothing after it counts. */
  synchronized Closing close(long nowMs) {
    boolean away = stay == null;
    if (firstConnectedMs != NEVER) {
      // A connection that has fallen silent must show, although no later number ever came.
      long last = numberAt(away ? nowMs : nowMs - ON_ITS_WAY_MS - feedMs);
      feed.end(numberAt(firstConnectedMs + ON_ITS_WAY_MS), last, away);
    }
    List<Stay> allStays = new ArrayList<>(stays);
    if (stay != null) {
      allStays.add(stay.ended(null, null));
    }
    List<Gap> allGaps = new ArrayList<>(gaps);
    if (gap != null) {
      allGaps.add(gap.ended(null));
    }
    ClientLedger ledger =
        new ClientLedger(
            client,
            kind,
            source,
            List.copyOf(allStays),
            List.copyOf(allGaps),
            firstConnectFailures,
            counts(),
            Spreads.of(feedLatency),
            Spreads.of(ackLatency));
    return new Closing(ledger, feedLatency.copy(), ackLatency.copy());
  }

  private Counts counts() {
    return new Counts(
        feed.received(),
        feed.missingConnected(),
        feed.missingAway(),
        feed.duplicated(),
        feed.reordered(),
        uploads.sent(),
        uploads.acknowledged(),
        uploads.unanswered(),
        wrongAcknowledgements,
        orders.placed(),
        orders.done(),
        orders.cut());
  }

  private long numberAt(long nowMs) {
    return Math.floorDiv(nowMs, feedMs);
  }
}
