package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which namespaces a text lets its client into. */
class ConnectRepliesTest {
  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "40; ''",
        "40{\"sid\":\"1\"}; ''",
        "40/chat; /chat",
        "40/chat,{\"sid\":\"1\"}; /chat",
        "40/чат,{\"sid\":\"1\"}; /чат"
      })
  void namespace_ofAConnectPacket_isItsName(String packet, String name) {
    assertThat(ConnectReplies.namespace(text(packet), 0)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "4", "0{\"sid\":1}", "42[\"40\"]", "44/secret,{}", "41", "6", "430[]"})
  void namespace_ofAnotherPacket_isNull(String packet) {
    assertThat(ConnectReplies.namespace(text(packet), 0)).isNull();
  }

  @Test
  void inPoll_findsEachConnectPacket() {
    assertThat(
            ConnectReplies.inPoll(
                text("0{\"sid\":1}\u001e40{}\u001e42[\"40\"]\u001e40/chat,{}\u001e44/no,{}")))
        .containsExactly("", "/chat");
    assertThat(ConnectReplies.inPoll(text(""))).isEmpty();
  }

  @Test
  void inPoll_inTheFramingOfProtocol3_findsEachConnectPacket() {
    ByteBuf body = Unpooled.buffer();
    for (String packet : new String[] {"0{\"sid\":\"12\"}", "40", "40/chat"}) {
      if (body.isReadable()) {
        body.writeByte(0x1e);
      }
      body.writeByte(0);
      for (char digit : Integer.toString(packet.length()).toCharArray()) {
        body.writeByte(digit - '0');
      }
      body.writeByte(0xff).writeBytes(packet.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(ConnectReplies.inPoll(body)).containsExactly("", "/chat");
  }
}
