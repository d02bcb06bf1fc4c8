package io.gracefuldrain.socketio;

import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.handover.HandOver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a {@link Recovery}: once the client has its answers, its session ends at its old
 * pod. What that has got since the session was taken comes behind. A client whom the application
 * has disconnected there meanwhile is disconnected here. Nothing blocks.
 */
final class RecoveryEnd {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryEnd.class);

  private final HeldConnect first;
  private final List<HeldConnect> joined;
  private final TakenSession old;
  private final HandOver.Prepared prepared;
  private final Session session;

  /**
   * The end of a recovery that has answered.
   *
   * @param joined those in whose namespaces the client was let in
   */
  RecoveryEnd(
      HeldConnect first, List<HeldConnect> joined, TakenSession old, HandOver.Prepared prepared) {
    this.first = first;
    this.joined = joined;
    this.old = old;
    this.prepared = prepared;
    this.session = first.asked().session();
  }

  /**
   * Goes on when the client has been answered. One that goes before comes again, to another pod.
   *
   * @param answers one for each that has recovered
   */
  void onceAnswered(List<HeldConnect> recovered, List<CompletableFuture<Void>> answers) {
    var unused =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
            .whenComplete(
                (all, failure) -> {
                  if (failure == null && !session.ended()) {
                    land(recovered);
                  } else {
                    LOG.debug("session {}: has not landed", session.id(), failure);
                  }
                });
  }

  private void land(List<HeldConnect> recovered) {
    var unused =
        prepared
            .landed()
            .whenComplete(
                (rest, failure) ->
                    first.onEventLoop(
                        () -> {
                          if (failure != null && thrownOut(failure)) {
                            joined.forEach(HeldConnect::throwOut);
                          } else {
                            recovered.forEach(last(rest));
                          }
                        },
                        () -> LOG.debug("session {}: has ended", session.id())));
  }

  private Consumer<HeldConnect> last(byte @Nullable [] rest) {
    if (rest == null || rest.length == 0) { // or it is not to be had, which was told
      return held -> held.last(null);
    }
    try {
      old.keepLast(HandOverCodec.readParcel(rest));
      return held -> held.last(old);
    } catch (HandOverRefusal e) {
      LOG.warn("DRAIN-076 session {}: the last of it cannot be read", session.id(), e);
      return held -> held.last(null);
    }
  }

  /** Whether the application has disconnected the client at its old pod. */
  static boolean thrownOut(Throwable why) {
    Throwable cause = why;
    while (!(cause instanceof HandOverRefusal) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof HandOverRefusal refusal
        && refusal.reason().equals(HandOverRefusal.THROWN_OUT);
  }
}
