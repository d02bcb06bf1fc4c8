package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.HandOverRefusal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The hand-over of sessions, as an adapter uses it: it makes the tokens that its clients bring
 * along, and fetches the session that such a token names. Thread-safe; no method blocks.
 */
public interface HandOver {
  /**
   * How each token begins: a pod tells it from an application's own text, even if it does not have
   * the key that has made it.
   */
  String PREFIX = "drain_";

  /** The hand-over of a coordinator, as its policy says. */
  static HandOver of(DrainCoordinator coordinator) {
    return Live.of(coordinator);
  }

  /** Whether sessions are handed over: there is a key, and it is not switched off. */
  boolean on();

  /**
   * A token for a session of this process, of letters, digits, {@code -}, {@code _} and {@code .}.
   * Whoever has it may ask for that session alone; it is for its client.
   *
   * @throws IllegalStateException if hand-over is off
   */
  String token(String session);

  /**
   * The same, for a limited time. It is as long by the clock of each pod, also of one that is a
   * minute ahead: by this pod's clock it is a minute more.
   */
  String token(String session, Duration validFor);

  /** Whether a text is a token that one of the keys has made, and has not expired. Dials nobody. */
  boolean valid(String token);

  /** Whether two tokens are for the same session. Dials nobody. */
  boolean same(String token, String other);

  /**
   * A client has brought a text that looks like a token, and none of its texts is {@linkplain
   * #valid valid}. If no key of this pod has made it, that is counted, and told now and then: the
   * pods may have different keys.
   */
  void unreadable(String token);

  /**
   * Asks the pod of a token for its session. A token of this process is answered here. Bounded in
   * time by the policy.
   *
   * @param question what this pod knows of the client, in a form of the adapter's
   * @return fails with a {@link HandOverRefusal}, in bounded time, if there is none to be had. It
   *     completes on a thread of this library's, which must not be blocked
   */
  CompletionStage<Prepared> prepare(String token, byte[] question);

  /** A session that waits at its old pod. */
  interface Prepared {
    /** For how long nobody else is given a session that was taken, by this pod's clock. */
    Duration LEASE = Duration.ofMillis(400);

    /** What the old pod's adapter gave. */
    byte[] state();

    /**
     * Takes the session: it waits on at its old pod until that is {@linkplain #landed told} that it
     * has landed, but is not given to anybody else before the client may have come elsewhere. So
     * the answer is waited for longer than for others: some seconds. Completes as {@link
     * HandOver#prepare} does.
     *
     * <p>It is left alone for {@link #LEASE} from the call on. Called again, it is so once more,
     * unless somebody else has it by then, and gives all that has come until then.
     */
    CompletionStage<byte[]> take();

    /**
     * The client has been answered that it has its session: the old pod is told, in the background
     * and in bounded time. Called once, after the session was taken, and only if that is so.
     *
     * @return what has come at the old pod since the take, until the session has ended there: it is
     *     for the client, too. Fails with a {@link HandOverRefusal} if that is not to be had, which
     *     is told and counted. If its reason is {@link HandOverRefusal#THROWN_OUT}, the client must
     *     be disconnected: the application has done so at the old pod. It completes on a thread of
     *     this library's, which must not be blocked
     */
    CompletionStage<byte[]> landed();
  }
}
