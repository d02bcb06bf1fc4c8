package io.gracefuldrain;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The sessions that a pod keeps for those pods where their clients turn up, as the hand-over asks
 * for them. A user needs none of it: the {@code handover} and {@code http} packages do.
 * Thread-safe; no method blocks.
 */
public interface KeptSessions {
  /** Whether there is a session of this name, or there was one a moment ago. */
  boolean keeps(String session);

  /**
   * What the next pod needs before it lets the client in.
   *
   * @param session its name in tokens
   * @param question what that pod knows of the client, in a form of the adapter's
   * @throws HandOverRefusal if it is not to be had: it is not kept, or not for this client
   */
  byte[] state(String session, byte[] question) throws HandOverRefusal;

  /**
   * Ends a session here, and gives all that was kept of it. The first request gets it, and gets the
   * same again for some seconds, since its answer may have been lost. No other one does.
   *
   * @param session its name in tokens
   * @param request the name of the request
   * @param pod the name of the pod that takes it
   * @throws HandOverRefusal if it is not to be had
   */
  CompletionStage<byte[]> take(String session, String request, String pod) throws HandOverRefusal;

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
