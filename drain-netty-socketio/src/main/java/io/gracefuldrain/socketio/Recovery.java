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

  /** How often it is taken, before the client begins anew. */
  private static final int MOST_TAKES = 4;

  private static final long LOOK_AGAIN_MILLIS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final ConnectRequest asked;
  private final Arrival arrival;
  private final HeldConnect first;
  // Those that have joined, in order. Seen by one event loop after the other.
  private final List<HeldConnect> joined = new ArrayList<>();
  private final Set<String> expected = new HashSet<>();
  private long gatheredUntil;
  private long leasedUntil;
  private int takes = 1;

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
        why -> ask(which + 1));
  }

  /** What is done with an answer. */
  private interface Answered<T> {
    void accept(T answer) throws HandOverRefusal;
  }

  private <T> void later(
      CompletionStage<T> stage, Answered<T> then, Consumer<Throwable> otherwise) {
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

  private void refused(Throwable why, Consumer<Throwable> otherwise) {
    LOG.debug("session {}: not handed over", asked.session().id(), why);
    otherwise.accept(why);
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
            take(
                old,
                prepared,
                again -> first.on(again, () -> welcome(old, prepared, again), this::nothingIsTaken),
                why -> nothingIsTaken()));
  }

  /** Takes it, for the first time or once more. */
  private void take(
      TakenSession old,
      HandOver.Prepared prepared,
      Consumer<ChannelHandlerContext> then,
      Consumer<Throwable> otherwise) {
    leasedUntil = System.nanoTime() + HandOver.Prepared.LEASE.toNanos();
    later(
        prepared.take(),
        mail -> {
          old.keep(HandOverCodec.readParcel(mail));
          onceThereIsAWay(System.nanoTime() + LONGEST.toNanos(), then);
        },
        otherwise);
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

  /** The application hears that the client is back. That may take time. */
  private void welcome(TakenSession old, HandOver.Prepared prepared, ChannelHandlerContext way) {
    joined.forEach(held -> guarded(() -> held.welcome(old, way)));
    if (old.hasUpstream()) {
      onceCertain(old, prepared, way, System.nanoTime() + LONGEST.toNanos());
    } else {
      recover(old, prepared, way);
    }
  }

  /**
   * What the client has sent is to be heard by one pod alone. A client that has left may be on
   * another pod by now, which is given the session a while after this one has asked for it.
   */
  private void onceCertain(
      TakenSession old, HandOver.Prepared prepared, ChannelHandlerContext way, long until) {
    Runnable look =
        () -> {
          if (!way.channel().isActive() || way.isRemoved()) {
            onceThereIsAWay(until, again -> onceCertain(old, prepared, again, until));
          } else if (System.nanoTime() - leasedUntil < 0) {
            recover(old, prepared, way);
          } else {
            takeOnceMore(old, prepared);
          }
        };
    var unused =
        way.executor()
            .schedule(
                () -> first.on(way, look, this::nothingIsTaken),
                AnswerWatch.ONE_READ.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void takeOnceMore(TakenSession old, HandOver.Prepared prepared) {
    if (++takes > MOST_TAKES) {
      nothingIsTaken(); // its answers come too late, each time
      return;
    }
    take(
        old,
        prepared,
        way -> onceCertain(old, prepared, way, System.nanoTime() + LONGEST.toNanos()),
        why -> {
          nothingIsTaken();
          if (RecoveryEnd.thrownOut(why)) {
            joined.forEach(HeldConnect::throwOut);
          }
        });
  }

  /** One that fails does not fail the others. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      LOG.warn("DRAIN-076 session {}: a hand-over failed", asked.session().id(), e);
    }
  }

  private void recover(TakenSession old, HandOver.Prepared prepared, ChannelHandlerContext way) {
    List<HeldConnect> recovered = new ArrayList<>();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (HeldConnect held : joined) {
      CompletableFuture<Void> answered = recovered(held, old, way);
      if (answered != null) {
        recovered.add(held);
        answers.add(answered);
      }
    }
    if (!answers.isEmpty()) { // else the old pod goes on to wait: nobody has it
      joined.stream()
          .filter(held -> !recovered.contains(held))
          .forEach(held -> guarded(() -> held.hear(old, way)));
      new RecoveryEnd(first, joined, old, prepared).onceAnswered(recovered, answers);
    }
    joined.stream().filter(held -> held != first).forEach(HeldConnect::end);
    done();
  }

  private @Nullable CompletableFuture<Void> recovered(
      HeldConnect held, TakenSession old, ChannelHandlerContext way) {
    try {
      return held.recover(old, way);
    } catch (Throwable e) { // the others have theirs
      LOG.warn("DRAIN-076 session {}: a hand-over failed", asked.session().id(), e);
      held.refuse();
      return null;
    }
  }
}
