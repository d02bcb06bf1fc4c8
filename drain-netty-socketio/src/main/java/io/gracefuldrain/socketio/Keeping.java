package io.gracefuldrain.socketio;

import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSession;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that is kept while its client is on its way to another pod. For the application here it
 * goes on: its disconnect listeners run at the end, which comes once, whoever asks for it first.
 * Thread-safe.
 */
final class Keeping implements KeptSession.Source {
  private enum Stage {
    /** What was written is on its way to the client. */
    FILLING,
    /** All that was written has arrived. */
    OFFERED,
    /** Its client has it on another pod, and it ends here. */
    LANDED,
    /** It has ended, or it is about to and nobody has it. */
    OVER
  }

  /** Ends the session for the application. */
  interface End {
    /**
     * Called once, on any thread; returns at once.
     *
     * @param unheard what the client has sent and no pod was given: the application hears it before
     * @param last runs between that and the end, on the thread of the end
     * @param over runs when the session has ended
     */
    void come(List<WirePacket> unheard, Runnable last, Runnable over);
  }

  /** What the session has, for the next pod. */
  interface Belongings {
    /**
     * All but its mail.
     *
     * @throws HandOverRefusal if that cannot be said
     */
    HandedState state() throws HandOverRefusal;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);

  private final KeptSession kept;
  private final Belongings belongings;
  private final Mailbox mailbox;
  private final End end;
  private Stage stage = Stage.FILLING;
  private volatile @Nullable HandedState given;
  private final AtomicBoolean toldFull = new AtomicBoolean();

  /**
   * A session that is kept from now on.
   *
   * @param mailbox makes its mailbox
   */
  Keeping(
      KeptSession kept,
      Belongings belongings,
      Function<Mailbox.Reactions, Mailbox> mailbox,
      End end) {
    this.kept = kept;
    this.belongings = belongings;
    this.end = end;
    this.mailbox = mailbox.apply(new Losses());
  }

  Mailbox mailbox() {
    return mailbox;
  }

  /** Whether nothing of it goes to another pod any more that its client sends. */
  synchronized boolean over() {
    return stage == Stage.LANDED || stage == Stage.OVER;
  }

  /** All that was written to the client has arrived. */
  void proven() {
    synchronized (this) {
      if (stage != Stage.FILLING) {
        return;
      }
      stage = Stage.OFFERED;
    }
    kept.offer(this);
  }

  /** An event of the client does not go along: it asks for an acknowledgement. */
  void leftOut() {
    kept.leftOut();
  }

  /** It cannot be handed over any more. */
  void lost(String reason) {
    if (finish(Stage.OVER)) {
      kept.drop(reason);
      end.come(mailbox.unheard(), () -> {}, mailbox::close);
    }
  }

  /** It has not been shown that all has arrived, and will not be. */
  void unproven() {
    if (filling()) {
      lost("unproven");
    }
  }

  private synchronized boolean filling() {
    return stage == Stage.FILLING;
  }

  private synchronized boolean finish(Stage how) {
    if (stage == Stage.LANDED || stage == Stage.OVER) {
      return false;
    }
    stage = how;
    return true;
  }

  // ---------------------------------------------------------------- what other pods ask

  @Override
  public byte[] state(byte[] question) throws HandOverRefusal {
    Map<String, byte[]> asked = HandOverCodec.readQuestion(question);
    HandedState state = belongings.state();
    boolean same = !asked.isEmpty();
    for (Map.Entry<String, byte[]> entry : asked.entrySet()) {
      byte[] known = state.identities().get(entry.getKey());
      same &= known != null && MessageDigest.isEqual(known, entry.getValue());
    }
    if (!same) {
      throw new HandOverRefusal(
          "identity",
          "somebody else asks (expected: the identity with which the client had joined)");
    }
    mailbox.asked();
    try {
      return HandOverCodec.state(state);
    } catch (IllegalArgumentException e) {
      throw new HandOverRefusal("state", "the session cannot be said: " + e.getMessage());
    }
  }

  /** It goes on here until it is known that its client has it: another pod may have to ask, too. */
  @Override
  public byte[] take() throws HandOverRefusal {
    HandedState state = belongings.state();
    Mail mail = mailbox.soFar();
    if (mail == null || over()) {
      throw new HandOverRefusal("expired", "the session has just ended");
    }
    given = state;
    return HandOverCodec.parcel(new Parcel(state, mail));
  }

  /**
   * It ends for the application before its mailbox is closed: what is sent to it until then goes
   * along.
   */
  @Override
  public CompletionStage<byte[]> landed(String pod) {
    CompletableFuture<byte[]> rest = new CompletableFuture<>();
    if (!finish(Stage.LANDED)) {
      rest.completeExceptionally(new HandOverRefusal("expired", "the session has just ended"));
      return rest;
    }
    AtomicReference<@Nullable HandedState> last = new AtomicReference<>();
    end.come(
        mailbox.unheard(),
        () -> last.set(ending(lastState())),
        () -> {
          try {
            rest.complete(rest(last.get()));
          } catch (RuntimeException e) { // it cannot be said
            rest.completeExceptionally(e);
          }
        });
    return rest;
  }

  private @Nullable HandedState ending(@Nullable HandedState state) {
    if (state != null) {
      mailbox.endsIn(state.rooms().keySet());
    }
    return state;
  }

  private @Nullable HandedState lastState() {
    try {
      return belongings.state();
    } catch (HandOverRefusal | RuntimeException e) {
      return given; // the next pod has it as it was
    }
  }

  /** What has come since the last take; nothing, if the state has not changed either. */
  private byte[] rest(@Nullable HandedState last) {
    List<WirePacket> packets = mailbox.close();
    HandedState before = given;
    if (last == null || (packets.isEmpty() && before != null && last.saysTheSame(before))) {
      return new byte[0];
    }
    return HandOverCodec.parcel(new Parcel(last, new Mail(packets, packets.size(), List.of())));
  }

  @Override
  public void expired() {
    if (finish(Stage.OVER)) {
      end.come(mailbox.unheard(), () -> {}, mailbox::close);
    }
  }

  /** Why its mailbox is not whole. */
  private final class Losses implements Mailbox.Reactions {
    /**
     * Once it is offered, it is for the core to say how it ends: there is no room in it either when
     * it has just landed.
     */
    @Override
    public void full() {
      if (filling()) {
        lost("too_big");
      } else if (landed() && toldFull.compareAndSet(false, true)) {
        mailbox.full();
        LOG.warn("DRAIN-079 what was sent last to a session that has landed is more than is kept");
      }
    }

    private boolean landed() {
      synchronized (Keeping.this) {
        return stage == Stage.LANDED;
      }
    }

    @Override
    public void disconnected() {
      lost("disconnected");
    }
  }
}
