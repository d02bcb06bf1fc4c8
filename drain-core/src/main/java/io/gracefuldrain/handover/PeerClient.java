package io.gracefuldrain.handover;

import io.gracefuldrain.AddressRanges;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverRefusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks other pods, by HTTP. It connects to the addresses within the policy's ranges alone, and
 * follows no redirect and no proxy. What it reads is bounded, and so is its time. Its threads end
 * some seconds after their last use. Thread-safe.
 */
final class PeerClient {
  // Each waits for one answer. Those who note wait for longer, and have threads of their own.
  private static final int THREADS = 64;
  private static final int NOTE_THREADS = 16;
  private static final int MOST = 1_000;
  private static final int MOST_NOTES = 10_000;
  private static final int MOST_TO_ONE_POD = 8;
  private static final int MOST_NOTES_TO_ONE_POD = 4;
  private static final int LONGEST_REFUSAL = 4_096;
  // A silence ends a request on its own if the timer that closes it should not.
  private static final Duration NET = Duration.ofSeconds(5);
  private static final String MARK = PeerRequest.MARK.toLowerCase(Locale.ROOT);
  private static final Pattern REASON = Pattern.compile("\"reason\":\"([a-z_]{1,32})\"");

  private final AddressRanges allowed;
  private final Duration timeout;
  private final int longest;
  private final Time time;
  private final DeadPods dead;
  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Manner, Lane> lanes;

  /** How a pod is asked. */
  enum Manner {
    /** A client waits: not at all if the pod is thought dead. */
    ASK,
    /** A client waits, and the pod has done its part already: whatever is thought of it. */
    INSIST,
    /** Nobody waits: it does not take the turns of clients. */
    NOTE
  }

  /** What those that are asked in one manner have in common, and share with no others. */
  private record Lane(Semaphore room, Turns turns, Executor threads) {}

  /**
   * A client without threads, until it is used.
   *
   * @param kept how long they are kept after their last use
   */
  PeerClient(DrainPolicy policy, Time time, Duration kept) {
    this.allowed = policy.peers();
    this.timeout = policy.handoverTimeout();
    this.longest = longestAnswer(policy);
    this.time = time;
    this.dead = new DeadPods(time);
    threads = IdleFirst.pool("drain-handover-", THREADS, kept);
    Lane ofClients = new Lane(new Semaphore(MOST), new Turns(MOST_TO_ONE_POD), threads);
    Lane ofNotes =
        new Lane(
            new Semaphore(MOST_NOTES),
            new Turns(MOST_NOTES_TO_ONE_POD),
            IdleFirst.pool("drain-handover-note-", NOTE_THREADS, kept));
    lanes = Map.of(Manner.ASK, ofClients, Manner.INSIST, ofClients, Manner.NOTE, ofNotes);
    timer =
        new ScheduledThreadPoolExecutor(1, task -> IdleFirst.daemon("drain-handover-timer", task));
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(kept.toNanos(), TimeUnit.NANOSECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** In base64, with room for what is not counted: rooms and data. */
  private static int longestAnswer(DrainPolicy policy) {
    long bytes = 2L * policy.handoverSessionBytes() + 65_536;
    return (int) Math.min(Integer.MAX_VALUE / 2, bytes / 3 * 4);
  }

  /** Its threads, for what is answered without another pod. */
  Executor threads() {
    return threads;
  }

  /** Runs something a little later. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callers' steps do not throw
  void later(Runnable step, Duration delay) {
    timer.schedule(step, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Asks a pod.
   *
   * @param path the path of the endpoint, without what is before it
   * @param ours whether a body and a mark are an answer of a pod that has the key: an address may
   *     belong to somebody else by now
   * @param manner how it is asked
   * @param within how long it takes at most, in nanoseconds
   * @return the content of the answer; or fails with a {@link HandOverRefusal} whose reason is
   *     {@code address}, {@code unreachable}, {@code late}, {@code lost}, {@code garbage}, {@code
   *     busy}, or the other pod's own
   */
  CompletableFuture<byte[]> ask(
      PodToken pod,
      String path,
      Map<String, String> headers,
      BiPredicate<String, String> ours,
      Manner manner,
      long within) {
    InetAddress address = pod.address();
    if (address == null || pod.port() == 0) {
      return refused("address", "the token has no address: its pod cannot be asked");
    } else if (!allowed.contains(address)) {
      return refused("address", address.getHostAddress() + " (expected: one within DRAIN_PEERS)");
    }
    InetSocketAddress at = new InetSocketAddress(address, pod.port());
    if (manner == Manner.ASK && dead.dead(at)) {
      return refused("unreachable", at + " has not answered a moment ago");
    } else if (within <= 0) {
      return refused("late", "no time is left");
    }
    Lane lane = Objects.requireNonNull(lanes.get(manner));
    if (!lane.room.tryAcquire()) {
      return refused("busy", "too many other pods are being asked (expected: fewer)");
    }
    Exchange exchange =
        new Exchange(at, pod.basePath() + path, headers, ours, lane, Duration.ofNanos(within));
    exchange.endWithin();
    lane.turns.begin(at, () -> exchange.begin(lane.threads));
    return exchange.answer;
  }

  private static CompletableFuture<byte[]> refused(String reason, String message) {
    return CompletableFuture.failedFuture(new HandOverRefusal(reason, message));
  }

  /** One request, which may have to wait for its turn. */
  private final class Exchange {
    final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private final InetSocketAddress at;
    private final String path;
    private final Map<String, String> headers;
    private final BiPredicate<String, String> ours;
    private final Lane lane;
    private final Duration within;
    private volatile long sentAt;
    private volatile @Nullable PeerConnection connection;

    Exchange(
        InetSocketAddress at,
        String path,
        Map<String, String> headers,
        BiPredicate<String, String> ours,
        Lane lane,
        Duration within) {
      this.at = at;
      this.path = path;
      this.headers = headers;
      this.ours = ours;
      this.lane = lane;
      this.within = within;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    void endWithin() {
      ScheduledFuture<?> bound = timer.schedule(this::late, within.toNanos(), TimeUnit.NANOSECONDS);
      answer.whenComplete(
          (content, failure) -> {
            lane.room.release();
            bound.cancel(false);
          });
    }

    private void late() {
      if (answer.completeExceptionally(
          new HandOverRefusal("late", at + " has not answered in time"))) {
        PeerConnection asked = connection;
        if (asked != null) { // else it has waited for its turn, and the pod is not to blame
          dead.late(at, sentAt);
          asked.close();
        }
      }
    }

    /** Says whether it has begun: when its time is over it need not. */
    boolean begin(Executor thread) {
      if (answer.isDone()) {
        return false;
      }
      try {
        thread.execute(this::run);
        return true;
      } catch (RuntimeException | Error e) { // such as no more threads
        answer.completeExceptionally(new HandOverRefusal("failed", e.toString()));
        return false;
      }
    }

    private void run() {
      try (PeerConnection asked = new PeerConnection(at)) {
        sentAt = time.nanos();
        connection = asked;
        if (!answer.isDone()) { // else its time is over
          ask(asked);
        }
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(new HandOverRefusal("failed", e.toString()));
      } finally {
        lane.turns.over(at);
      }
    }

    private void ask(PeerConnection asked) {
      PeerConnection.Answer response;
      try {
        response = asked.post(path, headers, timeout, within.plus(NET), longest, LONGEST_REFUSAL);
      } catch (IOException e) {
        if (!answer.isDone()) { // else it was ended
          failed(at, e, answer);
        }
        return;
      }
      dead.answered(at);
      read(at, response, ours, answer);
    }
  }

  private void failed(InetSocketAddress at, IOException cause, CompletableFuture<byte[]> answer) {
    String reason;
    if (cause instanceof PeerConnection.TooLong) {
      reason = "garbage";
    } else if (cause instanceof PeerConnection.Unreachable) {
      reason = "unreachable";
      dead.unreachable(at);
    } else {
      reason = "lost";
    }
    answer.completeExceptionally(new HandOverRefusal(reason, at + ": " + cause));
  }

  private static void read(
      InetSocketAddress at,
      PeerConnection.Answer response,
      BiPredicate<String, String> ours,
      CompletableFuture<byte[]> answer) {
    String body = response.body().trim();
    String mark = response.headers().getOrDefault(MARK, "");
    if (response.status() == 200) {
      if (!ours.test(body, mark)) {
        answer.completeExceptionally(
            new HandOverRefusal("garbage", at + " answers without our mark"));
        return;
      }
      try {
        answer.complete(Base64.getDecoder().decode(body));
      } catch (IllegalArgumentException e) {
        answer.completeExceptionally(new HandOverRefusal("garbage", at + " answers no base64"));
      }
      return;
    }
    Matcher reason = REASON.matcher(body);
    boolean known = reason.find();
    boolean certain =
        known && (!PeerRequest.marked(reason.group(1)) || ours.test(reason.group(1), mark));
    answer.completeExceptionally(
        certain
            ? new HandOverRefusal(reason.group(1), at + " refuses: " + reason.group(1))
            : new HandOverRefusal("garbage", at + " answers with status " + response.status()));
  }
}
