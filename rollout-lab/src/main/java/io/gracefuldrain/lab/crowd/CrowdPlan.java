package io.gracefuldrain.lab.crowd;

import io.gracefuldrain.lab.FeedEvents;
import io.gracefuldrain.lab.results.ClientKind;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The plan of a crowd.
 *
 * @param url the server: {@code http://host[:port]}
 * @param clients how many of each kind
 * @param feedMs the interval of the feed that each client requests, in milliseconds
 * @param upMs the interval of the numbers that each client sends, in milliseconds
 * @param orderEvery the interval of each client's orders; zero for none
 * @param sources the addresses of this machine that clients use in turn; if empty, the system
 *     chooses
 * @param ramp how long it takes to start all clients, evenly spread
 * @param most the longest time that the crowd runs
 * @param seed the seed of all random choices, except the back-off of the Java client
 * @param cookies whether clients keep cookies, each its own, and use a connection for each request;
 *     lean clients cannot
 */
public record CrowdPlan(
    URI url,
    Map<ClientKind, Integer> clients,
    int feedMs,
    int upMs,
    Duration orderEvery,
    List<InetAddress> sources,
    Duration ramp,
    Duration most,
    long seed,
    boolean cookies) {
  /** How many Java clients one process carries: each has its own threads. */
  public static final int MOST_JAVA = 500;

  /** How many lean clients one process carries. */
  public static final int MOST_LEAN = 2_000;

  /** The longest time that a crowd may run. */
  public static final Duration LONGEST = Duration.ofMinutes(30);

  private static final int UP_MS_MAX = 60_000;
  private static final Duration MOST_OFTEN_ORDERS = Duration.ofSeconds(1);
  private static final Duration RAREST_ORDERS = Duration.ofMinutes(10);
  private static final Duration LONGEST_RAMP = Duration.ofMinutes(5);

  /**
   * Checks the plan.
   *
   * @throws IllegalArgumentException if the plan is impossible; the message says what was expected
   */
  public CrowdPlan {
    check(isServer(url), "url", url, "http://host[:port]");
    EnumMap<ClientKind, Integer> counts = new EnumMap<>(ClientKind.class);
    clients.forEach(
        (kind, count) -> {
          check(count >= 0, "clients", kind.text() + "=" + count, "0 or more");
          if (count > 0) {
            counts.put(kind, count);
          }
        });
    clients = Map.copyOf(counts);
    check(!clients.isEmpty(), "clients", "none", "at least one");
    int lean = count(clients, true);
    int java = count(clients, false);
    check(lean <= MOST_LEAN, "clients", lean + " lean ones", "at most " + MOST_LEAN);
    check(java <= MOST_JAVA, "clients", java + " Java ones", "at most " + MOST_JAVA);
    check(!cookies || lean == 0, "clients", lean + " lean ones", "none: they keep no cookies");
    check(
        canFeed(feedMs),
        "feedMs",
        feedMs,
        FeedEvents.FEED_MS_MIN + " to " + FeedEvents.FEED_MS_MAX);
    check(
        upMs >= FeedEvents.FEED_MS_MIN && upMs <= UP_MS_MAX,
        "upMs",
        upMs,
        FeedEvents.FEED_MS_MIN + " to " + UP_MS_MAX);
    check(
        canOrder(orderEvery),
        "orderEvery",
        orderEvery,
        "0 for none, or " + MOST_OFTEN_ORDERS + " to " + RAREST_ORDERS);
    sources = List.copyOf(sources);
    check(
        !ramp.isNegative() && ramp.compareTo(LONGEST_RAMP) <= 0,
        "ramp",
        ramp,
        "0 to " + LONGEST_RAMP);
    check(
        !most.isNegative() && !most.isZero() && most.compareTo(LONGEST) <= 0,
        "most",
        most,
        "more than 0, at most " + LONGEST);
  }

  /** 8 of each kind of Java client, 10 messages a second down, 2 up, no orders. */
  public static CrowdPlan defaults(URI url) {
    return new CrowdPlan(
        url,
        Map.of(
            ClientKind.JAVA_WEBSOCKET, 8, ClientKind.JAVA_POLLING, 8, ClientKind.JAVA_UPGRADE, 8),
        100,
        500,
        Duration.ZERO,
        List.of(),
        Duration.ofSeconds(1),
        LONGEST,
        1,
        false);
  }

  /** Returns the same plan with other clients. */
  public CrowdPlan withClients(Map<ClientKind, Integer> other) {
    return new CrowdPlan(url, other, feedMs, upMs, orderEvery, sources, ramp, most, seed, cookies);
  }

  /** Returns the same plan with another interval of the feed. */
  public CrowdPlan withFeedMs(int other) {
    return new CrowdPlan(url, clients, other, upMs, orderEvery, sources, ramp, most, seed, cookies);
  }

  /** Returns the same plan with another interval of the clients' numbers. */
  public CrowdPlan withUpMs(int other) {
    return new CrowdPlan(
        url, clients, feedMs, other, orderEvery, sources, ramp, most, seed, cookies);
  }

  /** Returns the same plan with another interval of orders, or without orders. */
  public CrowdPlan withOrderEvery(Duration other) {
    return new CrowdPlan(url, clients, feedMs, upMs, other, sources, ramp, most, seed, cookies);
  }

  /** Returns the same plan with other addresses. */
  public CrowdPlan withSources(List<InetAddress> other) {
    return new CrowdPlan(url, clients, feedMs, upMs, orderEvery, other, ramp, most, seed, cookies);
  }

  /** Returns the same plan with another ramp. */
  public CrowdPlan withRamp(Duration other) {
    return new CrowdPlan(
        url, clients, feedMs, upMs, orderEvery, sources, other, most, seed, cookies);
  }

  /** Returns the same plan with another end. */
  public CrowdPlan withMost(Duration other) {
    return new CrowdPlan(
        url, clients, feedMs, upMs, orderEvery, sources, ramp, other, seed, cookies);
  }

  /** Returns the same plan with another seed. */
  public CrowdPlan withSeed(long other) {
    return new CrowdPlan(
        url, clients, feedMs, upMs, orderEvery, sources, ramp, most, other, cookies);
  }

  /** Returns the same plan with clients that keep cookies, or with clients that do not. */
  public CrowdPlan withCookies(boolean other) {
    return new CrowdPlan(url, clients, feedMs, upMs, orderEvery, sources, ramp, most, seed, other);
  }

  int count() {
    return count(clients, true) + count(clients, false);
  }

  /** The port of the clients' connections. */
  int port() {
    return url.getPort() == -1 ? 80 : url.getPort();
  }

  static int count(Map<ClientKind, Integer> clients, boolean lean) {
    return clients.entrySet().stream()
        .filter(each -> each.getKey().lean() == lean)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static boolean isServer(URI url) {
    return "http".equals(url.getScheme())
        && url.getHost() != null
        && url.getUserInfo() == null
        && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }

  static boolean canFeed(int everyMs) {
    return everyMs >= FeedEvents.FEED_MS_MIN && everyMs <= FeedEvents.FEED_MS_MAX;
  }

  static boolean canOrder(Duration every) {
    return every.isZero()
        || (every.compareTo(MOST_OFTEN_ORDERS) >= 0 && every.compareTo(RAREST_ORDERS) <= 0);
  }

  private static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
