package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketEncoder;
import com.corundumstudio.socketio.protocol.PacketType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WirePacketsTest {
  private final OwnJson json = new OwnJson(new JacksonJsonSupport(), none -> null);
  private final PacketEncoder encoder = new PacketEncoder(new Configuration(), json);

  private static Packet event(String namespace, Long number, Object... arguments) {
    Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    packet.setSubType(PacketType.EVENT);
    packet.setName("say");
    packet.setNsp(namespace);
    packet.setAckId(number);
    packet.setData(List.of(arguments));
    return packet;
  }

  /** As netty-socketio writes it. */
  private WirePacket encoded(Packet packet) throws IOException {
    ByteBuf out = Unpooled.buffer();
    encoder.encodePacket(packet, out, UnpooledByteBufAllocator.DEFAULT, true);
    List<byte[]> attachments = new ArrayList<>();
    for (ByteBuf attachment : packet.getAttachments()) {
      byte[] bytes = new byte[attachment.readableBytes()];
      attachment.readBytes(bytes);
      attachments.add(bytes);
    }
    return new WirePacket(out.toString(StandardCharsets.UTF_8), attachments);
  }

  private static void areEqual(WirePacket one, WirePacket other) {
    assertThat(one.text()).isEqualTo(other.text());
    assertThat(Arrays.deepEquals(one.attachments().toArray(), other.attachments().toArray()))
        .isTrue();
  }

  @Test
  void anEvent_isWrittenAsNettySocketioWritesIt_andBack() throws Exception {
    for (String namespace : List.of("", "/chat")) {
      for (Long number : new Long[] {null, 0L, 17L}) {
        for (Object argument : List.of("a \"[é", Map.of("a", List.of(1)), new byte[] {1, 2})) {
          WirePacket wire = WirePackets.of(event(namespace, number, "x", argument), json);

          areEqual(wire, encoded(event(namespace, number, "x", argument)));
          areEqual(wire, encoded(WirePackets.packet(wire, WirePackets.parts(wire))));
          assertThat(WirePackets.parts(wire).namespace()).isEqualTo(namespace);
          assertThat(WirePackets.parts(wire).number()).isEqualTo(number);
        }
      }
    }
  }

  @Test
  void aBroadcast_thatWasEncodedForAnotherClient_isWrittenAnew() throws Exception {
    Packet shared = event("", null, (Object) new byte[] {1, 2, 3});
    WirePacket first = encoded(shared); // it is a binary event now, and its bytes are read

    areEqual(WirePackets.of(shared, json), first);
  }

  @Test
  void anAnswer_isWrittenAsOne() throws Exception {
    Packet answer = event("/chat", 3L, "done");
    answer.setSubType(PacketType.ACK);
    WirePacket wire = WirePackets.of(answer, json);

    assertThat(wire.text()).isEqualTo("43/chat,3[\"done\"]");
    areEqual(wire, encoded(WirePackets.packet(wire, WirePackets.parts(wire))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4",
        "42",
        "40{}",
        "41",
        "2",
        "42/chat[1]",
        "42/a[b,c]",
        "42x[]",
        "451-[\"a\"]",
        "45-[\"a\"]",
        "42{}",
        "4299999999999999999999[\"a\"]"
      })
  void aText_thatIsNoEvent_isRefused(String text) {
    assertThatThrownBy(() -> WirePackets.parts(WirePacket.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
