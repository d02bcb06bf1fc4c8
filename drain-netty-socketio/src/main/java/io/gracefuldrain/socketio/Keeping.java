package io.gracefuldrain.socketio;

import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSession;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

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
    /** Its client has it on another pod, or nobody has it. */
    OVER
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

  private final KeptSession kept;
  private final Belongings belongings;
  private final Mailbox mailbox;
  private final Consumer<List<WirePacket>> end;
  private Stage stage = Stage.FILLING;

  /**
   * A session that is kept from now on.
   *
   * @param mailbox makes its mailbox
   * @param end ends the session for the application, which hears before that what the client has
   *     sent and no pod was given; called on any thread, returns at once
   */
  Keeping(
      KeptSession kept,
      Belongings belongings,
      Function<Mailbox.Reactions, Mailbox> mailbox,
      Consumer<List<WirePacket>> end) {
    this.kept = kept;
    this.belongings = belongings;
    this.end = end;
    this.mailbox = mailbox.apply(new Losses());
  }

  Mailbox mailbox() {
    return mailbox;
  }

  synchronized boolean over() {
    return stage == Stage.OVER;
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
    if (finish()) {
      kept.drop(reason);
      end.accept(mailbox.close());
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

  private synchronized boolean finish() {
    boolean first = stage != Stage.OVER;
    stage = Stage.OVER;
    return first;
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
    Mail mail = mailbox.soFar();
    if (mail == null) {
      throw new HandOverRefusal("expired", "the session has just ended");
    }
    return HandOverCodec.mail(mail);
  }

  @Override
  public void landed(String pod) {
    end();
  }

  @Override
  public void expired() {
    end();
  }

  private void end() {
    if (finish()) {
      end.accept(mailbox.close());
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
      }
    }

    @Override
    public void disconnected() {
      lost("disconnected");
    }
  }
}
