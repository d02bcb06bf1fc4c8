package io.gracefuldrain.handover;

import io.gracefuldrain.DrainPolicy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks other pods in this one's name, each time with a mark that was never used. Thread-safe. */
final class PeerCalls {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final DrainPolicy policy;
  private final TokenKeys keys;
  private final Time time;
  private final PeerClient client;

  PeerCalls(DrainPolicy policy, TokenKeys keys, Time time, Duration keptThreads) {
    this.policy = policy;
    this.keys = keys;
    this.time = time;
    this.client = new PeerClient(policy, time, keptThreads);
  }

  /** The threads on which answers come. */
  Executor threads() {
    return client.threads();
  }

  /** A name that nothing else has. */
  static String freshName() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return encoded(random);
  }

  static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Runs something a little later. */
  void later(Runnable step, Duration delay) {
    client.later(step, delay);
  }

  /**
   * Asks the pod of a token.
   *
   * @param path of the endpoint
   * @param request the name of the request
   * @param question in base64url, or empty
   * @param within how long it takes at most, in nanoseconds
   * @return completes as {@link PeerClient#ask} says
   */
  CompletableFuture<byte[]> ask(
      TokenKeys.Read named,
      String token,
      String path,
      String request,
      String question,
      PeerClient.Manner manner,
      long within) {
    PeerRequest asked =
        new PeerRequest(
            path,
            token,
            request,
            question,
            policy.pod(),
            Long.toString(time.millis()),
            freshName());
    String mark = keys.mark(named.key(), asked.text());
    return client.ask(
        named.token(),
        asked.path(),
        asked.headers(mark),
        (body, theirs) -> keys.marked(PeerRequest.answered(mark, body), theirs) == named.key(),
        manner,
        within);
  }
}
