package io.gracefuldrain.handover;

import io.gracefuldrain.AddressRanges;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.HandOverRefusal;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Asks other pods, by HTTP. It connects to the addresses within the policy's ranges alone, and
 * follows no redirect and no proxy. What it reads is bounded, and so is its time. Its threads end
 * some seconds after their last use. Thread-safe.
 */
final class PeerClient {
  private static final int THREADS = 4;
  private static final int MOST = 1_000;
  private static final int MOST_TO_ONE_POD = 8;
  private static final int MOST_NOTES_TO_ONE_POD = 4;
  private static final int LONGEST_REFUSAL = 4_096;
  private static final Pattern REASON = Pattern.compile("\"reason\":\"([a-z_]{1,32})\"");

  private final AddressRanges allowed;
  private final Duration timeout;
  private final int longest;
  private final Time time;
  private final DeadPods dead;
  private final ThreadPoolExecutor threads;
  private final ScheduledThreadPoolExecutor timer;
  private final Map<Manner, Turns> turns;
  private final long keptNanos;
  private final AtomicInteger open = new AtomicInteger();

  // Guarded by this.
  private @Nullable HttpClient http;
  private long lastUse;

  /** How a pod is asked. */
  enum Manner {
    /** A client waits: not at all if the pod is thought dead. */
    ASK,
    /** A client waits, and the pod has done its part already: whatever is thought of it. */
    INSIST,
    /** Nobody waits: it does not take the turns of clients. */
    NOTE
  }

  /**
   * A client without threads, until it is used.
   *
   * @param kept how long they are kept after their last use
   */
  PeerClient(DrainPolicy policy, Time time, Duration kept) {
    this.keptNanos = kept.toNanos();
    this.allowed = policy.peers();
    this.timeout = policy.handoverTimeout();
    this.longest = longestAnswer(policy);
    this.time = time;
    this.dead = new DeadPods(time);
    Turns ofClients = new Turns(MOST_TO_ONE_POD);
    this.turns =
        Map.of(
            Manner.ASK, ofClients,
            Manner.INSIST, ofClients,
            Manner.NOTE, new Turns(MOST_NOTES_TO_ONE_POD));
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            keptNanos,
            TimeUnit.NANOSECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon("drain-handover-" + number.incrementAndGet(), task));
    threads.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, task -> daemon("drain-handover-timer", task));
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(keptNanos, TimeUnit.NANOSECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
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
    } else if (open.incrementAndGet() > MOST) {
      open.decrementAndGet();
      return refused("busy", MOST + " sessions are being fetched (expected: fewer)");
    }
    Turns line = Objects.requireNonNull(turns.get(manner));
    Exchange exchange = new Exchange(at, pod.basePath() + path, headers, ours, line);
    exchange.endWithin(within);
    threads.execute(() -> line.begin(at, exchange::begin)); // the JDK's client takes its time
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
    private final Turns line;
    private volatile long sentAt;
    private volatile @Nullable CompletableFuture<HttpResponse<byte[]>> sent;

    Exchange(
        InetSocketAddress at,
        String path,
        Map<String, String> headers,
        BiPredicate<String, String> ours,
        Turns line) {
      this.at = at;
      this.path = path;
      this.headers = headers;
      this.ours = ours;
      this.line = line;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    void endWithin(long nanos) {
      ScheduledFuture<?> bound = timer.schedule(this::late, nanos, TimeUnit.NANOSECONDS);
      answer.whenComplete(
          (content, failure) -> {
            open.decrementAndGet();
            bound.cancel(false);
          });
    }

    private void late() {
      if (answer.completeExceptionally(
          new HandOverRefusal("late", at + " has not answered in time"))) {
        CompletableFuture<?> request = sent;
        if (request != null) { // else it has waited for its turn, and the pod is not to blame
          dead.late(at, sentAt);
          request.cancel(true);
        }
      }
    }

    /** Says whether it has begun: when its time is over it need not. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    boolean begin() {
      if (answer.isDone()) {
        return false;
      }
      CompletableFuture<HttpResponse<byte[]>> request;
      try {
        HttpRequest.Builder asked =
            HttpRequest.newBuilder(uri(at, path)).POST(HttpRequest.BodyPublishers.noBody());
        headers.forEach(asked::header);
        request = http().sendAsync(asked.build(), PeerClient.this::body);
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(new HandOverRefusal("failed", e.toString()));
        return false;
      }
      sentAt = time.nanos();
      sent = request;
      request.whenComplete(
          (response, failure) -> {
            line.over(at);
            if (failure == null) {
              dead.answered(at);
              read(response, ours, answer);
            } else {
              failed(at, cause(failure), answer);
            }
          });
      if (answer.isDone()) { // meanwhile
        request.cancel(true);
      }
      return true;
    }
  }

  private static URI uri(InetSocketAddress at, String path) {
    String host = at.getAddress().getHostAddress();
    try {
      return new URI(
          "http",
          null,
          host.contains(":") ? "[" + host + "]" : host,
          at.getPort(),
          path,
          null,
          null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
    return new BoundedBody(info.statusCode() == 200 ? longest : LONGEST_REFUSAL);
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private void failed(InetSocketAddress at, Throwable cause, CompletableFuture<byte[]> answer) {
    String reason;
    if (cause instanceof BoundedBody.TooLong || cause.getCause() instanceof BoundedBody.TooLong) {
      reason = "garbage";
    } else if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      reason = "unreachable";
      dead.unreachable(at);
    } else {
      reason = "lost";
    }
    answer.completeExceptionally(new HandOverRefusal(reason, at + ": " + cause));
  }

  private static void read(
      HttpResponse<byte[]> response,
      BiPredicate<String, String> ours,
      CompletableFuture<byte[]> answer) {
    String body = new String(response.body(), StandardCharsets.ISO_8859_1).trim();
    String mark = response.headers().firstValue(PeerRequest.MARK).orElse("");
    if (response.statusCode() == 200) {
      if (!ours.test(body, mark)) {
        answer.completeExceptionally(
            new HandOverRefusal("garbage", response.uri() + " answers without our mark"));
        return;
      }
      try {
        answer.complete(Base64.getDecoder().decode(body));
      } catch (IllegalArgumentException e) {
        answer.completeExceptionally(
            new HandOverRefusal("garbage", response.uri() + " answers no base64"));
      }
      return;
    }
    Matcher reason = REASON.matcher(body);
    boolean known = reason.find();
    boolean certain =
        known && (!PeerRequest.marked(reason.group(1)) || ours.test(reason.group(1), mark));
    answer.completeExceptionally(
        certain
            ? new HandOverRefusal(reason.group(1), response.uri() + " refuses: " + reason.group(1))
            : new HandOverRefusal(
                "garbage", response.uri() + " answers with status " + response.statusCode()));
  }

  // ---------------------------------------------------------------- the JDK's client

  private synchronized HttpClient http() {
    lastUse = time.nanos();
    if (http == null) {
      http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .connectTimeout(timeout)
              .sslContext(withoutCertificates())
              .executor(threads)
              .build();
      lookAgain();
    }
    return http;
  }

  /** The JDK's client would read all certificates of the system, which takes long. */
  private static SSLContext withoutCertificates() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it does not throw
  private void lookAgain() {
    timer.schedule(this::closeUnused, keptNanos, TimeUnit.NANOSECONDS);
  }

  /** The client has a thread of its own, which ends with it. */
  private void closeUnused() {
    Object unused;
    synchronized (this) {
      if (open.get() > 0 || time.nanos() - lastUse < keptNanos) {
        lookAgain();
        return;
      }
      unused = http;
      http = null;
    }
    if (unused instanceof AutoCloseable closeable) { // from JDK 21 on; before, it ends as garbage
      try {
        closeable.close();
      } catch (Exception e) { // it throws none
        throw new IllegalStateException(e);
      }
    }
  }
}
