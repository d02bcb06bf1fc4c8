package io.gracefuldrain.handover;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.HandOverResult;
import io.gracefuldrain.KeptSessions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session on its way from its old pod to this one: prepared, taken, landed. Each of these may
 * be asked more than once, under the same name: an answer may be late or lost. Thread-safe.
 */
final class Fetch {
  /**
   * How long the answer to a take is waited for: the old pod may have given the session, and a
   * client that has waited so long loses more by beginning anew.
   */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * How a question is asked.
   *
   * @param again the reasons for which it is asked again
   * @param tries how often at most
   * @param twice whether it is asked once more when half of the time is over: the connection may
   *     have failed without a word. Whichever answer comes first counts
   */
  private record Effort(PeerClient.Manner manner, Set<String> again, int tries, boolean twice) {}

  private static final Effort PREPARE = new Effort(PeerClient.Manner.ASK, Set.of("lost"), 2, false);
  private static final Effort TAKE =
      new Effort(PeerClient.Manner.INSIST, Set.of("lost", "unreachable"), 3, true);
  private static final Effort DONE =
      new Effort(PeerClient.Manner.NOTE, Set.of("lost", "unreachable", "busy"), 3, true);

  /** How long after an answer that was lost it is asked again. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** The reason of a session that is not proven yet: it is asked for again while there is time. */
  private static final String EARLY = "unproven";

  /**
   * How long after a question that came too early, if that is not too often. As long again must be
   * left for the answer.
   */
  private static final Duration EARLY_PAUSE = Duration.ofMillis(100);

  private static final int MOST_EARLY = 16;

  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  /** What all that is fetched by one pod shares. */
  record Pod(
      DrainPolicy policy,
      @Nullable InetAddress own,
      String process,
      KeptSessions kept,
      PeerCalls calls,
      Time time,
      Sparse told) {}

  private final Pod pod;
  private final TokenKeys.Read named;
  private final String token;
  private final String request = PeerCalls.freshName();
  private final boolean local;
  private final long began;
  private final AtomicLong spent = new AtomicLong();
  private final AtomicBoolean counted = new AtomicBoolean();

  Fetch(Pod pod, TokenKeys.Read named, String token) {
    this.pod = pod;
    this.named = named;
    this.token = token;
    this.local = named.token().process().equals(pod.process());
    this.began = pod.time().nanos();
  }

  private String session() {
    return named.token().session();
  }

  // ---------------------------------------------------------------- 1. prepared

  CompletionStage<HandOver.Prepared> prepare(byte[] question) {
    return judged(
        local
            ? here(() -> pod.kept().state(session(), question))
            : asked(PeerCalls.encoded(question)),
        Waiting::new);
  }

  private CompletableFuture<byte[]> asked(String question) {
    PodToken there = named.token();
    if (pod.own() != null
        && pod.own().equals(there.address())
        && there.port() == pod.kept().port()) {
      // Its process was here before this one: nobody has it any more.
      return CompletableFuture.failedFuture(
          new HandOverRefusal("unknown", "the process of the session has ended"));
    }
    return new Asking(PeerRequest.PREPARE, question, PREPARE, left()).begin();
  }

  /** What is left of the time; that of the application between two requests is its own. */
  private long left() {
    return pod.policy().handoverTimeout().toNanos() - spent.get();
  }

  // ---------------------------------------------------------------- 2. taken

  private CompletionStage<byte[]> take() {
    return judged(
        local ? here(() -> pod.kept().take(session(), request)) : taken(),
        session -> {
          if (counted.compareAndSet(false, true)) {
            pod.kept().fetched(HandOverResult.TAKEN, took());
          }
          return session;
        });
  }

  private CompletableFuture<byte[]> taken() {
    long within = Math.max(PATIENCE.toNanos(), left());
    return new Asking(PeerRequest.TAKE, "", TAKE, within).begin();
  }

  private Duration took() {
    return Duration.ofNanos(local ? pod.time().nanos() - began : spent.get());
  }

  // ---------------------------------------------------------------- 3. landed

  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private CompletionStage<byte[]> landed() {
    CompletableFuture<byte[]> rest = new CompletableFuture<>();
    (local
            ? here(() -> pod.kept().landed(session(), request, null)).thenCompose(comes -> comes)
            : new Asking(PeerRequest.DONE, "", DONE, PATIENCE.toNanos()).begin())
        .whenComplete(
            (given, failure) -> {
              if (failure == null) {
                rest.complete(given);
              } else {
                rest.completeExceptionally(notLanded(Live.refusal(failure)));
              }
            });
    return rest;
  }

  private HandOverRefusal notLanded(HandOverRefusal refusal) {
    return refusal.reason().equals(HandOverRefusal.THROWN_OUT)
        ? thrownOut(refusal)
        : unheard(refusal);
  }

  /** The client must not stay, since the application has disconnected it at its old pod. */
  private HandOverRefusal thrownOut(HandOverRefusal refusal) {
    pod.kept().fetched(HandOverResult.THROWN_OUT, took());
    long times = pod.told().count(refusal.reason());
    if (times > 0) {
      LOG.info(
          "DRAIN-084 a client is disconnected, since it was disconnected at its old pod while its"
              + " session came here, {} in all",
          times);
    }
    return refusal;
  }

  /**
   * The old pod's last word has not come. Perhaps it was told, and has ended with its last session:
   * nobody knows whether it had anything more.
   */
  private HandOverRefusal unheard(HandOverRefusal refusal) {
    pod.kept().fetched(HandOverResult.UNHEARD, took());
    long times = pod.told().count("landed");
    if (times > 0) {
      LOG.warn(
          "DRAIN-074 a session has landed here, and its old pod has not answered to that, {} in"
              + " all: {}",
          times,
          refusal.getMessage());
    }
    return refusal;
  }

  // ---------------------------------------------------------------- how it is asked

  private interface Question<T> {
    T answer() throws HandOverRefusal;
  }

  /** Asks this pod itself, and not on the caller's thread: it is answered by an adapter. */
  private <T> CompletableFuture<T> here(Question<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    pod.calls()
        .threads()
        .execute(
            () -> {
              try {
                answer.complete(question.answer());
              } catch (Throwable e) {
                answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  /** A question that is asked again if its answer does not come, in the time that there is. */
  private final class Asking {
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private final String path;
    private final String question;
    private final Effort effort;
    private final long within;
    private final long from = pod.time().nanos();
    private final AtomicInteger open = new AtomicInteger(1);

    /** A question for whose answer there is a time, in nanoseconds. */
    Asking(String path, String question, Effort effort, long within) {
      this.path = path;
      this.question = question;
      this.effort = effort;
      this.within = within;
    }

    CompletableFuture<byte[]> begin() {
      ask(1);
      if (effort.twice()) {
        pod.calls().later(this::askOnceMore, Duration.ofNanos(within / 2));
      }
      return answer;
    }

    private void askOnceMore() {
      if (open.getAndUpdate(now -> now > 0 ? now + 1 : now) > 0) { // else it has its answer
        ask(2);
      }
    }

    /** One of those that are open is asked, for the first time or again. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    private void ask(int which) {
      pod.calls()
          .ask(named, token, path, request, question, effort.manner(), left())
          .whenComplete(
              (content, failure) -> {
                String reason = failure == null ? "" : Live.refusal(failure).reason();
                if (failure == null) {
                  answered(content);
                } else if (reason.equals(EARLY) && left() > 2 * earlyPause().toNanos()) {
                  askLater(which, earlyPause());
                } else if (which < effort.tries()
                    && effort.again().contains(reason)
                    && left() > PAUSE.toNanos()) {
                  askLater(which + 1, PAUSE);
                } else {
                  failed(failure);
                }
              });
    }

    private void askLater(int which, Duration pause) {
      pod.calls()
          .later(
              () -> {
                if (open.get() > 0) { // else another one was answered
                  ask(which);
                }
              },
              pause);
    }

    private Duration earlyPause() {
      return Duration.ofNanos(Math.max(EARLY_PAUSE.toNanos(), within / MOST_EARLY));
    }

    private void answered(byte[] content) {
      if (open.getAndSet(0) > 0) {
        spent.addAndGet(passed());
        answer.complete(content);
      }
    }

    private void failed(Throwable failure) {
      if (open.decrementAndGet() == 0) {
        spent.addAndGet(passed());
        answer.completeExceptionally(failure);
      }
    }

    private long left() {
      return within - passed();
    }

    private long passed() {
      return pod.time().nanos() - from;
    }
  }

  // ---------------------------------------------------------------- what comes of it

  /** What is made of an answer. */
  private interface Result<T> {
    T of(byte[] content);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  private <T> CompletionStage<T> judged(CompletableFuture<byte[]> answer, Result<T> result) {
    CompletableFuture<T> judged = new CompletableFuture<>();
    answer.whenComplete(
        (content, failure) -> {
          if (failure == null) {
            judged.complete(result.of(content));
          } else {
            judged.completeExceptionally(failed(Live.refusal(failure)));
          }
        });
    return judged;
  }

  private HandOverRefusal failed(HandOverRefusal refusal) {
    HandOverResult result = result(refusal.reason());
    pod.kept().fetched(result, took());
    boolean usual = result == HandOverResult.REFUSED && !refusal.reason().equals("failed");
    long times = usual ? 0 : pod.told().count(refusal.reason());
    if (times > 0) {
      LOG.warn(
          "DRAIN-073 a session of another pod was not fetched, {} in all of this kind: {}",
          times,
          refusal.getMessage());
    }
    return refusal;
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

  /** It waits at its old pod. */
  private final class Waiting implements HandOver.Prepared {
    private final byte[] state;

    Waiting(byte[] state) {
      this.state = state;
    }

    @Override
    public byte[] state() {
      return state.clone();
    }

    @Override
    public CompletionStage<byte[]> take() {
      return Fetch.this.take();
    }

    @Override
    public CompletionStage<byte[]> landed() {
      return Fetch.this.landed();
    }
  }
}
