package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.Transport;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.handover.HandOver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the session of a client that was let go by another pod. The client's CONNECT waits
 * until that pod has said what it knows. It is dispatched then, and the application decides as
 * ever. If it lets the client in, the client is in its rooms again before the session is taken:
 * what both pods send in between comes twice, and nothing is lost. Output waits meanwhile. Last
 * come the answer, what the client has missed, and what has waited.
 *
 * <p>The session ends at its old pod for all namespaces at once. So the CONNECTs of all of them
 * come first, as far as they come soon. A namespace that comes later begins anew. Nothing blocks.
 */
final class Recovery {
  /** How long a CONNECT waits for those of the session's other namespaces. */
  private static final Duration GATHERING = Duration.ofMillis(200);

  /** How long a session without a channel is waited for. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private static final long LOOK_AGAIN_MILLIS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final ConnectRequest asked;
  private final Arrival arrival;
  private final HeldConnect first;
  // Those that have joined, in order. Seen by one event loop after the other.
  private final List<HeldConnect> joined = new ArrayList<>();
  private final Set<String> expected = new HashSet<>();
  private long gatheredUntil;

  private Recovery(ConnectRequest asked, HeldConnect first) {
    this.asked = asked;
    this.arrival = asked.arrival();
    this.first = first;
  }

  /**
   * Begins, once the session's CONNECTs before this one are done. See {@link HeldConnect#await}.
   */
  static void await(ConnectRequest asked) {
    HeldConnect.await(asked, held -> new Recovery(asked, held).begin());
  }

  private void done() {
    first.end();
    arrival.connects().done();
  }

  // ---------------------------------------------------------------- 1. whose session it is

  private void begin() {
    if (asked.tokens().isEmpty() || !first.keep()) {
      plainly();
    } else {
      ask(0);
    }
  }

  private void plainly() {
    first.plainly();
    done();
  }

  /** Asks the pod of one of its tokens. */
  private void ask(int which) {
    if (which == asked.tokens().size()) {
      plainly();
      return;
    }
    String token = asked.tokens().get(which);
    later(
        asked.context().handOver().prepare(token, first.question()),
        prepared -> {
          TakenSession old =
              new TakenSession(asked.context(), token, HandOverCodec.readState(prepared.state()));
          if (first.isFor(old)) {
            join(old, prepared);
          } else {
            LOG.debug("session {}: the token is another client's", asked.session().id());
            ask(which + 1);
          }
        },
        () -> ask(which + 1));
  }

  /** What is done with an answer. */
  private interface Answered<T> {
    void accept(T answer) throws HandOverRefusal;
  }

  private <T> void later(CompletionStage<T> stage, Answered<T> then, Runnable otherwise) {
    var unused =
        stage.whenComplete(
            (answer, failure) ->
                first.onEventLoop(
                    () -> {
                      if (failure != null) {
                        refused(failure, otherwise);
                        return;
                      }
                      try {
                        then.accept(answer);
                      } catch (HandOverRefusal e) {
                        refused(e, otherwise);
                      }
                    },
                    this::failed));
  }

  private void refused(Throwable why, Runnable otherwise) {
    LOG.debug("session {}: not handed over", asked.session().id(), why);
    otherwise.run();
  }

  private void failed() {
    if (joined.isEmpty()) {
      first.refuse();
      done();
    } else {
      nothingIsTaken();
    }
  }

  // ---------------------------------------------------------------- 2. joining, then taking

  private void join(TakenSession old, HandOver.Prepared prepared) throws HandOverRefusal {
    old.read(); // before anything is done that would have to be undone
    old.seedAcknowledgements(asked.session().head());
    if (!first.join(old)) {
      done();
      return;
    }
    joined.add(first);
    expected.addAll(old.state().identities().keySet());
    expected.remove(asked.namespace());
    if (!expected.isEmpty() && asked.transport() == Transport.POLLING) {
      first.answerUpload(); // the client uploads nothing more until then
    }
    gatheredUntil = System.nanoTime() + GATHERING.toNanos();
    gather(old, prepared);
  }

  /** Those of the session's other namespaces join, too. */
  private void gather(TakenSession old, HandOver.Prepared prepared) {
    ConnectQueue.Waiting next =
        expected.isEmpty()
            ? null
            : arrival
                .connects()
                .pull(
                    waiting ->
                        waiting instanceof HeldConnect held
                            && expected.contains(held.asked().namespace())
                            && held.isFor(old));
    if (next instanceof HeldConnect held) {
      expected.remove(held.asked().namespace());
      Runnable onwards = () -> first.onEventLoop(() -> gather(old, prepared), this::failed);
      held.onEventLoop(
          () -> {
            if (held.keep() && held.join(old)) {
              joined.add(held);
              if (!expected.isEmpty() && held.asked().transport() == Transport.POLLING) {
                held.answerUpload();
              }
            } else {
              held.end();
            }
            onwards.run();
          },
          () -> {
            held.refuse();
            held.end();
            onwards.run();
          });
    } else if (expected.isEmpty() || System.nanoTime() - gatheredUntil >= 0) {
      take(old, prepared);
    } else {
      soon(() -> gather(old, prepared));
    }
  }

  private void take(TakenSession old, HandOver.Prepared prepared) {
    onceThereIsAWay(
        gatheredUntil + LONGEST.toNanos(),
        way ->
            later(
                prepared.take(),
                mail -> {
                  old.keep(HandOverCodec.readParcel(mail));
                  onceThereIsAWay(
                      System.nanoTime() + LONGEST.toNanos(),
                      again -> recover(old, prepared, again));
                },
                this::nothingIsTaken));
  }

  /**
   * Goes on when what the client has sent can be dispatched. A poller has no channel between two
   * requests.
   */
  private void onceThereIsAWay(long until, Consumer<ChannelHandlerContext> then) {
    ChannelHandlerContext way = way();
    if (asked.session().ended() || System.nanoTime() - until > 0) {
      nothingIsTaken();
    } else if (way != null) {
      then.accept(way);
    } else {
      soon(() -> onceThereIsAWay(until, then));
    }
  }

  private @Nullable ChannelHandlerContext way() {
    for (HeldConnect held : joined) {
      if (held.live()) {
        return held.asked().ctx();
      }
    }
    Channel current = arrival.outbox().channel();
    return current == null ? null : current.pipeline().context(DrainChannelInitializer.GATE);
  }

  private void soon(Runnable step) {
    var unused =
        asked
            .ctx()
            .executor()
            .schedule(
                () -> first.onEventLoop(step, this::failed),
                LOOK_AGAIN_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  private void nothingIsTaken() {
    joined.forEach(HeldConnect::refuse);
    joined.stream().filter(held -> held != first).forEach(HeldConnect::end);
    done();
  }

  // ---------------------------------------------------------------- 3. the answers

  private void recover(TakenSession old, HandOver.Prepared prepared, ChannelHandlerContext way) {
    first.on(
        way,
        () -> {
          List<HeldConnect> recovered = new ArrayList<>();
          List<CompletableFuture<Channel>> answers = new ArrayList<>();
          for (HeldConnect held : joined) {
            CompletableFuture<Channel> answered = recovered(held, old, way);
            if (answered != null) {
              recovered.add(held);
              answers.add(answered);
            }
          }
          if (!answers.isEmpty()) { // else the old pod goes on to wait: nobody has it
            onceAnswered(answers, () -> land(recovered, old, prepared));
          }
          joined.stream().filter(held -> held != first).forEach(HeldConnect::end);
          done();
        },
        this::nothingIsTaken);
  }

  private @Nullable CompletableFuture<Channel> recovered(
      HeldConnect held, TakenSession old, ChannelHandlerContext way) {
    try {
      return held.recover(old, way);
    } catch (Throwable e) { // the others have theirs
      LOG.warn("DRAIN-076 session {}: a hand-over failed", asked.session().id(), e);
      held.refuse();
      return null;
    }
  }

  // ---------------------------------------------------------------- 4. landed

  /** A client that goes before it was answered comes again, to another pod. */
  private void onceAnswered(List<CompletableFuture<Channel>> answers, Runnable then) {
    var unused =
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
            .whenComplete(
                (all, failure) -> {
                  if (failure == null && !asked.session().ended()) {
                    then.run();
                  } else {
                    LOG.debug("session {}: has not landed", asked.session().id(), failure);
                  }
                });
  }

  /** The session ends at its old pod: what it has got there since it was taken comes behind. */
  private void land(List<HeldConnect> recovered, TakenSession old, HandOver.Prepared prepared) {
    var unused =
        prepared
            .landed()
            .whenComplete(
                (rest, failure) ->
                    first.onEventLoop(
                        () -> recovered.forEach(last(rest, old)),
                        () -> LOG.debug("session {}: has ended", asked.session().id())));
  }

  private Consumer<HeldConnect> last(byte @Nullable [] rest, TakenSession old) {
    if (rest == null || rest.length == 0) { // or it is not to be had, which was told
      return held -> held.last(null);
    }
    try {
      old.keep(HandOverCodec.readParcel(rest));
      return held -> held.last(old);
    } catch (HandOverRefusal e) {
      LOG.warn("DRAIN-076 session {}: the last of it cannot be read", asked.session().id(), e);
      return held -> held.last(null);
    }
  }
}
