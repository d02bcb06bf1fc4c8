package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.socketio.LandedPackets.Landed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LandedPacketsTest {
  private static final String SAYS = "[\"drain:landed\",{\"pod\":\"b\",\"connectMs\":7}]";

  /** In order: packets of the application, and what is said of the move. */
  private static List<Object> parts(ByteBuf content) {
    List<Object> parts = new ArrayList<>();
    LandedPackets.dispatch(
        content,
        () -> parts.add(content.toString(StandardCharsets.UTF_8)),
        part -> parts.add(part.toString(StandardCharsets.UTF_8)),
        parts::add);
    return parts;
  }

  private static List<Object> parts(String text) {
    return parts(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
  }

  @Test
  void aFrame_ofTheMove_isTakenOutWithItsNamespaceAndNumber() {
    assertThat(parts("42" + SAYS)).containsExactly(new Landed("", -1, SAYS));
    assertThat(parts("4217" + SAYS)).containsExactly(new Landed("", 17, SAYS));
    assertThat(parts("42/chat,0" + SAYS)).containsExactly(new Landed("/chat", 0, SAYS));
    assertThat(parts("42/chat," + SAYS)).containsExactly(new Landed("/chat", -1, SAYS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2",
        "40",
        "42",
        "42[",
        "42/chat",
        "42[\"chat\",\"drain:landed\"]",
        "42[\"chat\",\"\\\"drain:landed\\\"\"]",
        "42[\"drain:landed2\",1]",
        "43[\"drain:landed\",1]",
        "451-[\"drain:landed\",{\"_placeholder\":true,\"num\":0}]",
        "42[\"чат\",\"42[\"]\u001e40/chat,\u001e41",
        "3:40 5:42[]"
      })
  void aMessage_ofTheApplication_passesAsItCame(String text) {
    assertThat(parts(text)).containsExactly(text);
  }

  @Test
  void anUpload_withTheMoveInIt_isDispatchedInOrder() {
    assertThat(parts("42[\"a\"]\u001e42[\"b\"]\u001e425" + SAYS + "\u001e42[\"c\"]\u001e43[]"))
        .containsExactly(
            "42[\"a\"]\u001e42[\"b\"]\u001e", new Landed("", 5, SAYS), "42[\"c\"]\u001e43[]");
    assertThat(parts("425" + SAYS + "\u001e42[\"c\"]"))
        .containsExactly(new Landed("", 5, SAYS), "42[\"c\"]");
    assertThat(parts("425" + SAYS + "\u001e426" + SAYS))
        .containsExactly(new Landed("", 5, SAYS), new Landed("", 6, SAYS));
  }

  @Test
  void anUpload_ofProtocol3_isDispatchedInOrder() {
    String before = "42[\"чат\"]";
    String landed = "425" + SAYS;
    assertThat(
            parts(
                before.length() + ":" + before + landed.length() + ":" + landed + "8:42[\"abc\"]"))
        .containsExactly(before.length() + ":" + before, new Landed("", 5, SAYS), "8:42[\"abc\"]");
    ByteBuf binary = Unpooled.buffer();
    int length = landed.length();
    binary.writeBytes(new byte[] {0, (byte) (length / 10), (byte) (length % 10), (byte) 0xff});
    binary.writeBytes(landed.getBytes(StandardCharsets.UTF_8));
    assertThat(parts(binary)).containsExactly(new Landed("", 5, SAYS));
  }

  @Test
  void anUpload_whoseLengthIsTooLong_isLeftToTheServer() {
    assertThat(parts("99:42[]")).containsExactly("99:42[]");
  }
}
