package io.gracefuldrain;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a pod keeps for those pods where their clients turn up, as the hand-over asks
 * for them. A user needs none of it: the {@code handover} and {@code http} packages do.
 * Thread-safe; no method blocks.
 */
public interface KeptSessions {
  /** Whether a request may be answered. */
  enum Seen {
    /** It may: it has not come before. */
    FIRST,
    /** It has come before. */
    REPLAYED,
    /** So many have come for its session that another one cannot be remembered. */
    TOO_OFTEN,
    /** There is no session of this name, and nothing is remembered for it. */
    UNKNOWN
  }

  /**
   * Remembers a request, to tell if it comes again. It is forgotten with its session.
   *
   * @param session its name in tokens
   * @param mark what no other request has
   * @param now in milliseconds of the epoch
   * @param until how long it is remembered, in milliseconds of the epoch
   */
  Seen seen(String session, String mark, long now, long until);

  /**
   * What the next pod needs before it lets the client in.
   *
   * @param session its name in tokens
   * @param question what that pod knows of the client, in a form of the adapter's
   * @throws HandOverRefusal if it is not to be had: it is not kept, or not for this client
   */
  byte[] state(String session, byte[] question) throws HandOverRefusal;

  /**
   * Gives all that was kept of a session. It goes on here until it has {@linkplain #landed landed}.
   * The first request gets it, and may ask again, since its answer may have been lost. Half a
   * second later another one may have it instead, with what has come since: the pod of the first
   * one may have died.
   *
   * @param session its name in tokens
   * @param request the name of the request
   * @throws HandOverRefusal if it is not to be had
   */
  byte[] take(String session, String request) throws HandOverRefusal;

  /**
   * Ends a session here: its client has it, on the pod that took it. It may be said again for some
   * seconds: the answer may have been lost.
   *
   * @param session its name in tokens
   * @param request the name of the request that took it last
   * @param pod the name of that pod; null if it is this very process, which is no landing
   * @return completes when it has ended, with what has come since the take; or fails in bounded
   *     time with a {@link HandOverRefusal}
   * @throws HandOverRefusal if this request does not have it
   */
  CompletionStage<byte[]> landed(String session, String request, @Nullable String pod)
      throws HandOverRefusal;

  /** Counts a request of another pod that was refused before anybody was asked. */
  void refused(String reason);

  /**
   * Counts a session that this pod has asked another one for.
   *
   * @param took from the question to the session, or to the refusal
   */
  void fetched(HandOverResult result, Duration took);

  /** Notes where other pods reach this one's endpoints; the policy's port comes before it. */
  void servedOn(int port, String basePath);

  /** The port where other pods reach this one; 0 if it is not known. */
  int port();

  /** The path below which the endpoints are, without a slash at its end. */
  String basePath();
}
