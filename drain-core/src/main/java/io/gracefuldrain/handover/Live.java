package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.KeptSessions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hand-over of a coordinator whose policy has a key. */
final class Live implements HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  // The coordinators whose log says already whether it is on.
  private static final Set<DrainCoordinator> TOLD =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  // A method is compiled when it was called 200 times.
  private static final int WARM_UPS = 250;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final DrainPolicy policy;
  private final @Nullable InetAddress own;
  private final String process;
  private final KeptSessions kept;
  private final TokenKeys keys;
  private final Time time;
  private final PeerCalls calls;
  private final Sparse told;
  private final Fetch.Pod pod;
  private final AtomicBoolean toldNoAddress = new AtomicBoolean();

  /** The hand-over of a coordinator, which may be off. */
  static HandOver of(DrainCoordinator coordinator) {
    boolean on = coordinator.policy().handsOver();
    boolean first = TOLD.add(coordinator);
    if (first) {
      LOG.info("DRAIN-070 hand-over of sessions is {}", state(coordinator.policy()));
    }
    if (!on) {
      return new Off();
    }
    Live live = new Live(coordinator, Time.SYSTEM);
    if (first) {
      coordinator.whenStarted().thenCompose(started -> live.warmUp());
    }
    return live;
  }

  private static String state(DrainPolicy policy) {
    if (policy.ticketKeys().isEmpty()) {
      return "off: there is no DRAIN_TICKET_KEY";
    } else if (!policy.handsOver()) {
      return "off, as DRAIN_HANDOVER says";
    }
    List<String> keys = policy.ticketKeyNames();
    return "on, with key "
        + keys.get(0)
        + (keys.size() > 1
            ? "; also valid: " + String.join(", ", keys.subList(1, keys.size()))
            : "");
  }

  Live(DrainCoordinator coordinator, Time time) {
    this(coordinator, time, Duration.ofSeconds(10));
  }

  Live(DrainCoordinator coordinator, Time time, Duration keptThreads) {
    this.policy = coordinator.policy();
    this.own = policy.podIp().orElse(null);
    this.process = coordinator.processEpoch();
    this.kept = coordinator.keptSessions();
    this.keys = new TokenKeys(policy.ticketKeys());
    this.time = time;
    this.calls = new PeerCalls(policy, keys, time, keptThreads);
    this.told = new Sparse(time);
    this.pod = new Fetch.Pod(policy, own, process, kept, calls, time, told);
  }

  /**
   * Asks this pod itself for something, so that the first clients need not wait while classes are
   * loaded and compiled: that takes a third of a second. And looks whether its address is one that
   * pods may ask.
   *
   * @return completes when it has asked for the last time, never with an exception
   */
  CompletionStage<@Nullable Void> warmUp() {
    CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    if (own == null) {
      tellNoAddress();
      end.complete(null);
    } else if (kept.port() == 0) {
      end.complete(null); // it may be said later; the first token says if not
    } else if (!policy.peers().contains(own)) {
      LOG.warn(
          "DRAIN-071 other pods cannot ask this one for sessions: its address {} is outside of"
              + " DRAIN_PEERS (expected: a range that has the addresses of all pods)",
          own.getHostAddress());
      end.complete(null);
    } else {
      PodToken self = new PodToken(own, kept.port(), kept.basePath(), process, "", 0);
      warmUp(self, WARM_UPS, time.nanos() + WARM_UP_NANOS, end);
    }
    return end;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private void warmUp(PodToken self, int left, long until, CompletableFuture<@Nullable Void> end) {
    String token = keys.token(self);
    keys.read(token.substring(1)); // it is none of ours: it is known by no other way
    calls
        .ask(
            new TokenKeys.Read(self, 0),
            token,
            left % 2 == 0 ? PeerRequest.PREPARE : PeerRequest.TAKE,
            PeerCalls.freshName(),
            "",
            PeerClient.Manner.ASK,
            policy.handoverTimeout().toNanos())
        .whenComplete(
            (none, failure) -> {
              boolean answered = failure != null && refusal(failure).reason().equals("unknown");
              if (answered && left > 1 && time.nanos() - until < 0) {
                warmUp(self, left - 1, until, end);
              } else {
                end.complete(null);
              }
            });
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public String token(String session) {
    return token(session, 0);
  }

  @Override
  public String token(String session, Duration validFor) {
    return token(session, time.millis() + validFor.toMillis() + HandOverDesk.SKEW_MILLIS);
  }

  private String token(String session, long expires) {
    int port = own == null ? 0 : kept.port();
    if (port == 0) {
      tellNoAddress();
    }
    return keys.token(
        new PodToken(port == 0 ? null : own, port, kept.basePath(), process, session, expires));
  }

  private void tellNoAddress() {
    if (toldNoAddress.compareAndSet(false, true)) {
      LOG.warn(
          "DRAIN-071 other pods cannot ask this one for sessions: {} (expected: {})",
          own == null ? "it does not know its address" : "the port is not known",
          own == null
              ? "DRAIN_POD_IP to be set"
              : "a DrainHttpServer, DrainEndpoints.servedOn, or DRAIN_HANDOVER_PORT to be set");
    }
  }

  @Override
  public boolean valid(String token) {
    TokenKeys.Read read = keys.read(token);
    return read != null && read.token().valid(time.millis());
  }

  @Override
  public boolean same(String token, String other) {
    TokenKeys.Read one = keys.read(token);
    TokenKeys.Read two = keys.read(other);
    return one != null
        && two != null
        && one.token().process().equals(two.token().process())
        && one.token().session().equals(two.token().session());
  }

  @Override
  public void unreadable(String token) {
    if (!token.startsWith(PREFIX) || keys.read(token) != null) {
      return; // the application's own, or it has expired
    }
    kept.fetched(HandOverResult.UNREADABLE, Duration.ZERO);
    long times = told.count("unreadable");
    if (times > 0) {
      LOG.warn(
          "DRAIN-078 clients bring tokens that this pod cannot read, {} in all; the last one names"
              + " key {} (expected: {}, as DRAIN_TICKET_KEY has it here)",
          times,
          TokenKeys.keyOf(token),
          String.join(" or ", policy.ticketKeyNames()));
    }
  }

  @Override
  public CompletionStage<Prepared> prepare(String token, byte[] question) {
    TokenKeys.Read read = keys.read(token);
    if (read == null || !read.token().valid(time.millis())) {
      return refused("token", "the token is none of ours, or has expired");
    } else if (question.length > PeerRequest.LONGEST_QUESTION / 4 * 3) {
      return refused("malformed", "the question has " + question.length + " bytes");
    }
    return new Fetch(pod, read, token).prepare(question);
  }

  private static <T> CompletionStage<T> refused(String reason, String message) {
    return CompletableFuture.failedFuture(new HandOverRefusal(reason, message));
  }

  static HandOverRefusal refusal(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof HandOverRefusal refusal
        ? refusal
        : new HandOverRefusal("failed", cause.toString());
  }
}
