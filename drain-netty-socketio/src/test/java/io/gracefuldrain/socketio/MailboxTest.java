package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.KeptSession;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final ClientHead head = TestHeads.head();
  private final List<String> told = new ArrayList<>();
  private final Kept kept = new Kept();
  private final Mailbox mailbox =
      new Mailbox(
          head,
          Transport.WEBSOCKET,
          namespace -> !namespace.equals("/other"),
          new SharedText(new JacksonJsonSupport()),
          kept,
          new Mailbox.Reactions() {
            @Override
            public void full() {
              told.add("full");
            }

            @Override
            public void disconnected() {
              told.add("disconnected");
            }
          });

  /** Has room for a number of bytes. */
  private static final class Kept implements KeptSession {
    private int room = 1000;

    @Override
    public boolean reserve(int bytes) {
      room -= bytes;
      return room >= 0;
    }

    @Override
    public void offer(Source source) {}

    @Override
    public void leftOut() {}

    @Override
    public void drop(String reason) {}
  }

  private static Packet event(String namespace, Object... data) {
    Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    packet.setSubType(PacketType.EVENT);
    packet.setName("said");
    packet.setNsp(namespace);
    packet.setData(List.of(data));
    return packet;
  }

  private void send(Packet packet) {
    head.getPacketsQueue(Transport.WEBSOCKET).add(packet);
    mailbox.collect();
  }

  @Test
  void soFar_hasWhatWasSent_inItsOrder() {
    send(event("", 1));
    send(event("/chat", 2));
    head.getPacketsQueue(Transport.WEBSOCKET).add(event("", 3)); // its sender has not said so yet
    mailbox.receive(WirePacket.of("42[\"up\"]"));

    Mail mail = mailbox.soFar();

    assertThat(mail.missed())
        .extracting(WirePacket::text)
        .containsExactly("42[\"said\",1]", "42/chat,[\"said\",2]", "42[\"said\",3]");
    assertThat(mail.upstream()).containsExactly(WirePacket.of("42[\"up\"]"));
  }

  /** Another pod may have to ask, too. */
  @Test
  void soFar_takesNothingAway() {
    send(event("", 1));
    mailbox.receive(WirePacket.of("42[\"up\"]"));
    Mail first = mailbox.soFar();
    head.getPacketsQueue(Transport.WEBSOCKET).add(event("", 2)); // its sender has not said so yet

    assertThat(first)
        .isEqualTo(
            new Mail(
                List.of(WirePacket.of("42[\"said\",1]")), List.of(WirePacket.of("42[\"up\"]"))));
    assertThat(mailbox.soFar().missed())
        .extracting(WirePacket::text)
        .containsExactly("42[\"said\",1]", "42[\"said\",2]");
    assertThat(mailbox.close()).isEmpty();
    assertThat(mailbox.soFar()).as("it is over").isNull();
  }

  @Test
  void collect_onlyEventsAndAcknowledgementsOfJoinedNamespacesAreMail() {
    Packet hint = event("", 1);
    hint.setName("drain:reconnect");
    Packet connect = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    connect.setSubType(PacketType.CONNECT);
    Packet acknowledgement = event("");
    acknowledgement.setName(null);
    acknowledgement.setSubType(PacketType.ACK);
    acknowledgement.setAckId(5L);
    send(hint);
    send(connect);
    send(new Packet(PacketType.PING, EngineIOVersion.V4));
    send(event("/other", 1));
    send(acknowledgement);

    assertThat(mailbox.soFar().missed()).containsExactly(WirePacket.of("435[]"));
    assertThat(told).isEmpty();
  }

  @Test
  void collect_packetThatWasEncodedForAnotherClient_isWhole() {
    Packet shared = event("", new byte[] {1, 2});
    shared.setSubType(PacketType.BINARY_EVENT); // as the encoder leaves it
    shared.initAttachments(1);
    shared.addAttachment(Unpooled.EMPTY_BUFFER);
    send(shared);

    WirePacket packet = mailbox.soFar().missed().get(0);

    assertThat(packet.text()).startsWith("451-[\"said\",{");
    assertThat(packet.attachments()).containsExactly(new byte[] {1, 2});
  }

  @Test
  void collect_whatIsSent_isAsItWasThen() {
    Packet shared = event("", 1);
    shared.setAckId(1L);
    send(shared);
    shared.setAckId(2L); // for the next client
    shared.setName("changed");
    send(event("", 2));

    assertThat(mailbox.soFar().missed().get(0).text()).isEqualTo("421[\"said\",1]");
  }

  @Test
  void collect_moreThanThereIsRoomFor_isSaid() {
    kept.room = 20;
    send(event("", 1));
    assertThat(told).isEmpty();
    send(event("", "x".repeat(20)));
    assertThat(told).containsExactly("full");
  }

  @Test
  void receive_moreThanThereIsRoomFor_isSaid() {
    kept.room = 10;
    mailbox.receive(WirePacket.of("42[\"much too long\"]"));
    assertThat(told).containsExactly("full");
  }

  @Test
  void asked_onlyWhatComesLaterCanBeADouble() {
    send(event("", 1));
    mailbox.asked();
    send(event("", 2));
    head.getPacketsQueue(Transport.WEBSOCKET).add(event("", 3));
    mailbox.asked(); // another time: only what comes after that
    send(event("", new Unwritable()));
    send(event("", 4));

    Mail mail = mailbox.soFar();

    assertThat(mail.missed()).hasSize(4);
    assertThat(mail.overlapping()).containsExactly(WirePacket.of("42[\"said\",4]"));
  }

  /** It contains itself. */
  public static final class Unwritable {
    public Unwritable getValue() {
      return this;
    }
  }

  @Test
  void soFar_ofAMailboxThatNobodyHasAskedFor_hasNoOverlap() {
    send(event("", 1));

    assertThat(mailbox.soFar().overlap()).isZero();
  }

  @Test
  void collect_aDisconnectOfTheApplication_isSaid() {
    Packet disconnect = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    disconnect.setSubType(PacketType.DISCONNECT);
    send(disconnect);
    assertThat(told).containsExactly("disconnected");
  }

  @Test
  void unheard_isWhatTheClientHasSent_andNoPodWasGiven() {
    mailbox.receive(WirePacket.of("42[\"given\"]"));
    mailbox.soFar();
    mailbox.receive(WirePacket.of("42[\"left\"]"));

    assertThat(mailbox.unheard()).containsExactly(WirePacket.of("42[\"left\"]"));
    mailbox.receive(WirePacket.of("42[\"too late\"]"));
    assertThat(mailbox.unheard()).isEmpty();
  }

  @Test
  void close_returnsWhatNoPodWasGiven_untilThereIsNoRoom() {
    send(event("", 1));
    mailbox.soFar();
    send(event("", 2));
    mailbox.full();
    send(event("", 3));

    assertThat(mailbox.close()).hasSize(1);
  }

  @Test
  void close_whatComesLaterGoesNowhere_andDoesNotPileUp() {
    assertThat(mailbox.close()).isEmpty();
    send(event("", 1));
    mailbox.receive(WirePacket.of("42[\"up\"]"));

    assertThat(head.getPacketsQueue(Transport.WEBSOCKET)).isEmpty();
    assertThat(mailbox.close()).isEmpty();
    assertThat(told).isEmpty();
  }
}
