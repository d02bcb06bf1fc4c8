package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSessions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers other pods that ask for sessions, for the endpoints. A request must be marked with a key,
 * be from about now, and be the first of its mark: nobody else can ask, and nobody can ask again
 * with what others have asked. Thread-safe; no method blocks.
 */
public final class HandOverDesk {
  /** How far the clocks of two pods may differ. */
  static final long SKEW_MILLIS = TimeUnit.SECONDS.toMillis(60);

  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  /**
   * An answer.
   *
   * @param status the status of HTTP
   * @param text the session in base64, or what is wrong
   * @param reason a word, or null if nothing is wrong
   * @param headers more headers of the answer
   */
  public record Reply(
      int status, String text, @Nullable String reason, Map<String, String> headers) {}

  private record Checked(PeerRequest request, String mark, int key) {}

  private final KeptSessions kept;
  private final String process;
  private final TokenKeys keys;
  private final Time time;
  private final Sparse told;

  /** The desk of a coordinator whose policy hands sessions over. */
  public static HandOverDesk of(DrainCoordinator coordinator) {
    return new HandOverDesk(coordinator, Time.SYSTEM);
  }

  HandOverDesk(DrainCoordinator coordinator, Time time) {
    this.kept = coordinator.keptSessions();
    this.process = coordinator.processEpoch();
    this.keys = new TokenKeys(coordinator.policy().ticketKeys());
    this.time = time;
    this.told = new Sparse(time);
  }

  /** The paths of its endpoints; all are asked by POST, without a body. */
  public static List<String> paths() {
    return List.of(PeerRequest.PREPARE, PeerRequest.TAKE, PeerRequest.DONE);
  }

  /**
   * Answers a request.
   *
   * @param path one of {@link #paths}
   * @param header gives the first value of a header, or null
   * @return completes with the answer, never with an exception: at once, or for a session that has
   *     landed when it has ended, some seconds later at most
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  public CompletableFuture<Reply> answer(String path, Function<String, @Nullable String> header) {
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    try {
      Checked checked = checked(path, header);
      PodToken token = read(checked.request().token());
      if (token.session().isEmpty()) { // this pod itself, which warms up
        throw new HandOverRefusal("unknown", "no session is named");
      }
      checkFresh(checked, token);
      content(checked, token.session())
          .whenComplete(
              (content, failure) ->
                  answer.complete(
                      failure == null
                          ? reply(checked, content)
                          : reply(checked, Live.refusal(failure))));
    } catch (HandOverRefusal e) {
      answer.complete(reply(e, Map.of()));
    }
    return answer;
  }

  private CompletionStage<byte[]> content(Checked checked, String session) {
    PeerRequest request = checked.request();
    try {
      return switch (request.path()) {
        case PeerRequest.PREPARE ->
            CompletableFuture.completedFuture(kept.state(session, question(request)));
        case PeerRequest.TAKE ->
            CompletableFuture.completedFuture(kept.take(session, request.request()));
        default -> kept.landed(session, request.request(), request.pod());
      };
    } catch (HandOverRefusal e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Reply reply(Checked checked, byte[] content) {
    String body = Base64.getEncoder().encodeToString(content);
    return new Reply(200, body, null, mark(checked, body));
  }

  private Reply reply(Checked checked, HandOverRefusal refusal) {
    String reason = refusal.reason();
    return reply(refusal, PeerRequest.marked(reason) ? mark(checked, reason) : Map.of());
  }

  private Map<String, String> mark(Checked checked, String said) {
    return Map.of(
        PeerRequest.MARK, keys.mark(checked.key(), PeerRequest.answered(checked.mark(), said)));
  }

  private static Reply reply(HandOverRefusal refusal, Map<String, String> headers) {
    int status =
        switch (refusal.reason()) {
          case "malformed" -> 400;
          case "mac", "time", "replayed", "token", "identity" -> 403;
          case "taken", "expired", HandOverRefusal.THROWN_OUT -> 410;
          case "busy" -> 429;
          case "failed" -> 500;
          default -> 404;
        };
    return new Reply(status, String.valueOf(refusal.getMessage()), refusal.reason(), headers);
  }

  private static byte[] question(PeerRequest request) throws HandOverRefusal {
    try {
      return Base64.getUrlDecoder().decode(request.question());
    } catch (IllegalArgumentException e) {
      throw new HandOverRefusal("malformed", "Drain-Question: malformed (expected: base64url)");
    }
  }

  private Checked checked(String path, Function<String, @Nullable String> header)
      throws HandOverRefusal {
    PeerRequest request;
    String mark;
    try {
      request = PeerRequest.read(path, header);
      mark = PeerRequest.mark(header);
    } catch (IllegalArgumentException e) {
      throw refused("malformed", String.valueOf(e.getMessage()));
    }
    int key = keys.marked(request.text(), mark);
    if (key < 0) {
      throw refused("mac", "Drain-Mac: wrong (expected: made with a key of DRAIN_TICKET_KEY)");
    }
    long now = time.millis();
    if (Math.abs(now - Long.parseLong(request.time())) > SKEW_MILLIS) {
      throw refused(
          "time",
          "Drain-Time: "
              + request.time()
              + " (expected: within "
              + SKEW_MILLIS / 1000
              + " s of "
              + now
              + "): the clocks of the two pods differ");
    }
    return new Checked(request, mark, key);
  }

  /**
   * Refuses a request that has come before, for as long as its time is good. One for a session that
   * is not here is not remembered: clients with old tokens must not fill the memory.
   */
  private void checkFresh(Checked checked, PodToken token) throws HandOverRefusal {
    long now = time.millis();
    switch (kept.seen(token.session(), checked.mark(), now, now + 2 * SKEW_MILLIS)) {
      case FIRST -> {}
      case REPLAYED -> throw refused("replayed", "Drain-Mac: has come before (expected: once)");
      case TOO_OFTEN ->
          throw refused("busy", "too many requests for one session (expected: fewer)");
      case UNKNOWN -> throw refused("unknown", "no such session is kept here");
    }
  }

  private PodToken read(String text) throws HandOverRefusal {
    TokenKeys.Read read = keys.read(text);
    if (read == null || !read.token().valid(time.millis())) {
      throw refused("token", "Drain-Token: invalid, or it has expired (expected: a valid one)");
    } else if (!read.token().process().equals(process)) {
      throw refused("unknown", "the process of the session has ended");
    }
    return read.token();
  }

  private HandOverRefusal refused(String reason, String message) {
    kept.refused(reason);
    long times = reason.equals("unknown") ? 0 : told.count(reason);
    if (times > 0) {
      LOG.warn(
          "DRAIN-072 a request for a session was refused, {} in all of this kind: {}",
          times,
          message);
    }
    return new HandOverRefusal(reason, message);
  }
}
