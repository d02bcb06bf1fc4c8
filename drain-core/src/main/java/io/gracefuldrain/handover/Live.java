package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.KeptSessions;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hand-over of a coordinator whose policy has a key. */
final class Live implements HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  // The coordinators whose log says already whether it is on.
  private static final Set<DrainCoordinator> TOLD =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private static final int WARM_UPS = 50;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final DrainPolicy policy;
  private final @Nullable InetAddress own;
  private final String process;
  private final KeptSessions kept;
  private final TokenKeys keys;
  private final Time time;
  private final PeerClient client;
  private final Sparse told;
  private final AtomicBoolean toldNoAddress = new AtomicBoolean();
  private final AtomicLong lastTime = new AtomicLong();

  /** The hand-over of a coordinator, which may be off. */
  static HandOver of(DrainCoordinator coordinator) {
    boolean on = coordinator.policy().handsOver();
    boolean first = TOLD.add(coordinator);
    if (first) {
      LOG.info(
          "DRAIN-070 hand-over of sessions is {}",
          on
              ? "on"
              : coordinator.policy().ticketKeys().isEmpty()
                  ? "off: there is no DRAIN_TICKET_KEY"
                  : "off, as DRAIN_HANDOVER says");
    }
    if (!on) {
      return new Off();
    }
    Live live = new Live(coordinator, Time.SYSTEM);
    if (first) {
      coordinator.whenStarted().thenRun(live::warmUp);
    }
    return live;
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
    this.client = new PeerClient(policy, time, keptThreads);
    this.told = new Sparse(time);
  }

  /**
   * Asks this pod itself for something, so that the first clients need not wait while classes are
   * loaded and compiled: that takes a third of a second. And looks whether its address is one that
   * pods may ask.
   */
  private void warmUp() {
    if (own == null || kept.port() == 0) {
      return; // the first token says so
    } else if (!policy.peers().contains(own)) {
      LOG.warn(
          "DRAIN-071 other pods cannot ask this one for sessions: its address {} is outside of"
              + " DRAIN_PEERS (expected: a range that has the addresses of all pods)",
          own.getHostAddress());
      return;
    }
    warmUp(new PodToken(own, kept.port(), kept.basePath(), process, "", 0), WARM_UPS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private void warmUp(PodToken self, int left) {
    String token = keys.token(self);
    keys.read(token.substring(1)); // it is none of ours: it is known by no other way
    PeerRequest asked =
        new PeerRequest(
            PeerRequest.PREPARE, token, random(), "", policy.pod(), Long.toString(freshTime()));
    client
        .ask(
            self,
            asked.path(),
            asked.headers(keys.mark(0, asked.text())),
            (body, mark) -> false,
            policy.handoverTimeout().toNanos())
        .whenComplete(
            (none, failure) -> {
              if (left > 1 && failure != null && refusal(failure).reason().equals("unknown")) {
                warmUp(self, left - 1); // it has answered
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
    return token(session, time.millis() + validFor.toMillis());
  }

  private String token(String session, long expires) {
    int port = own == null ? 0 : kept.port();
    if (port == 0 && toldNoAddress.compareAndSet(false, true)) {
      LOG.warn(
          "DRAIN-071 other pods cannot ask this one for sessions: {} (expected: {})",
          own == null ? "it does not know its address" : "the port is not known",
          own == null
              ? "DRAIN_POD_IP to be set"
              : "a DrainHttpServer, DrainEndpoints.servedOn, or DRAIN_HANDOVER_PORT to be set");
    }
    return keys.token(
        new PodToken(port == 0 ? null : own, port, kept.basePath(), process, session, expires));
  }

  @Override
  public boolean valid(String token) {
    TokenKeys.Read read = keys.read(token);
    return read != null && read.token().valid(time.millis());
  }

  @Override
  public CompletionStage<Prepared> prepare(String token, byte[] question) {
    TokenKeys.Read read = keys.read(token);
    if (read == null || !read.token().valid(time.millis())) {
      return refused("token", "the token is none of ours, or has expired");
    } else if (question.length > PeerRequest.LONGEST_QUESTION / 4 * 3) {
      return refused("malformed", "the question has " + question.length + " bytes");
    }
    return new Fetch(read, token).prepare(question);
  }

  private static <T> CompletionStage<T> refused(String reason, String message) {
    return CompletableFuture.failedFuture(new HandOverRefusal(reason, message));
  }

  private static String random() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return encoded(random);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private interface Question {
    CompletionStage<byte[]> answer() throws HandOverRefusal;
  }

  /** Asks this pod itself, and not on the caller's thread: it is answered by an adapter. */
  private CompletableFuture<byte[]> here(Question question) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return question.answer();
              } catch (HandOverRefusal e) {
                return CompletableFuture.<byte[]>failedFuture(e);
              }
            },
            client.threads())
        .thenCompose(answer -> answer);
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

  private static HandOverResult result(String reason) {
    return switch (reason) {
      case "late", "busy" -> HandOverResult.LATE;
      case "unreachable", "lost" -> HandOverResult.UNREACHABLE;
      case "address" -> HandOverResult.FORBIDDEN;
      case "garbage" -> HandOverResult.GARBAGE;
      default -> HandOverResult.REFUSED;
    };
  }

  /** A time that no other request of this pod has. */
  private long freshTime() {
    return lastTime.accumulateAndGet(time.millis(), (last, now) -> Math.max(last + 1, now));
  }

  /** One session on its way from its old pod to this one. */
  private final class Fetch {
    private final PodToken named;
    private final int key;
    private final String token;
    private final String request = random();
    private final boolean local;
    private final long began = time.nanos();
    private final AtomicLong spent = new AtomicLong();

    Fetch(TokenKeys.Read read, String token) {
      this.named = read.token();
      this.key = read.key();
      this.token = token;
      this.local = named.process().equals(process);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    CompletionStage<Prepared> prepare(byte[] question) {
      CompletableFuture<Prepared> prepared = new CompletableFuture<>();
      (local
              ? here(() -> CompletableFuture.completedStage(kept.state(named.session(), question)))
              : asked(question))
          .whenComplete(
              (state, failure) -> {
                if (failure == null) {
                  prepared.complete(new Waiting(this, state));
                } else {
                  prepared.completeExceptionally(failed(refusal(failure)));
                }
              });
      return prepared;
    }

    private CompletableFuture<byte[]> asked(byte[] question) {
      if (own != null && own.equals(named.address()) && named.port() == kept.port()) {
        // Its process was here before this one: nobody has it any more.
        return CompletableFuture.failedFuture(
            new HandOverRefusal("unknown", "the process of the session has ended"));
      }
      CompletableFuture<byte[]> state = new CompletableFuture<>();
      ask(PeerRequest.PREPARE, encoded(question), left(), Set.of("lost"), state);
      return state;
    }

    CompletionStage<byte[]> take() {
      CompletableFuture<byte[]> taken = new CompletableFuture<>();
      if (local) {
        finish(here(() -> kept.take(named.session(), request, policy.pod())), taken);
      } else {
        CompletableFuture<byte[]> mail = new CompletableFuture<>();
        ask(PeerRequest.TAKE, "", left() / 2, Set.of("lost", "late"), mail);
        finish(mail, taken);
      }
      return taken;
    }

    /**
     * Asks, and once more if the answer is lost: in the time that is left.
     *
     * @param again the reasons for which it is asked once more
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    private void ask(
        String path,
        String question,
        long within,
        Set<String> again,
        CompletableFuture<byte[]> answer) {
      long from = time.nanos();
      ask(path, question, within)
          .whenComplete(
              (content, failure) -> {
                spent.addAndGet(time.nanos() - from);
                if (failure == null) {
                  answer.complete(content);
                } else if (again.contains(refusal(failure).reason())) {
                  ask(path, question, left(), Set.of(), answer);
                } else {
                  answer.completeExceptionally(failure);
                }
              });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    private void finish(CompletableFuture<byte[]> answer, CompletableFuture<byte[]> taken) {
      answer.whenComplete(
          (session, failure) -> {
            if (failure == null) {
              kept.fetched(HandOverResult.TAKEN, took());
              taken.complete(session);
            } else {
              taken.completeExceptionally(failed(refusal(failure)));
            }
          });
    }

    private CompletableFuture<byte[]> ask(String path, String question, long within) {
      PeerRequest asked =
          new PeerRequest(path, token, request, question, policy.pod(), Long.toString(freshTime()));
      String mark = keys.mark(key, asked.text());
      return client.ask(
          named,
          asked.path(),
          asked.headers(mark),
          (body, theirs) -> keys.marked(PeerRequest.answered(mark, body), theirs) == key,
          within);
    }

    /** What is left of the time; that of the application between the two requests is its own. */
    private long left() {
      return policy.handoverTimeout().toNanos() - spent.get();
    }

    private Duration took() {
      return Duration.ofNanos(local ? time.nanos() - began : spent.get());
    }

    private HandOverRefusal failed(HandOverRefusal refusal) {
      HandOverResult result = result(refusal.reason());
      kept.fetched(result, took());
      long times = result == HandOverResult.REFUSED ? 0 : told.count(refusal.reason());
      if (times > 0) {
        LOG.warn(
            "DRAIN-073 a session of another pod was not fetched, {} in all of this kind: {}",
            times,
            refusal.getMessage());
      }
      return refusal;
    }
  }

  /** It waits at its old pod. */
  private static final class Waiting implements Prepared {
    private final Fetch fetch;
    private final byte[] state;

    Waiting(Fetch fetch, byte[] state) {
      this.fetch = fetch;
      this.state = state;
    }

    @Override
    public byte[] state() {
      return state.clone();
    }

    @Override
    public CompletionStage<byte[]> take() {
      return fetch.take();
    }
  }
}
