package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.HandshakeData;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectPacketTest {
  private final DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());

  @AfterEach
  void close() {
    coordinator.close();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private byte[] identity(String connect) {
    return Identity.of(
        new ServerContext(coordinator, true), new HandshakeData(), ConnectPacket.of(connect));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\'',
      value = {
        "40 '' 40",
        "40{} '' 40{}",
        "40{\"pid\":\"drain_p\"} '' 40",
        "40{\"pid\":\"drain_p\",\"offset\":\"a[b],c?\"} '' 40",
        "40{\"pid\":\"drain_p\",\"a\":{\"b\":[1,2]}} '' 40{\"a\":{\"b\":[1,2]}}",
        "40{\"pid\":\"drain_p\",\"offset\":3} '' 40{\"offset\":3}",
        "40{\"pid\":\"player-7\",\"offset\":\"x\"} '' 40{\"pid\":\"player-7\",\"offset\":\"x\"}",
        "40{\"pid\":7} '' 40{\"pid\":7}",
        "40{\"offset\":\"x\"} '' 40{\"offset\":\"x\"}",
        "40/chat, /chat 40/chat,",
        "40/chat /chat 40/chat",
        "40/chat?a=1,{\"pid\":\"drain_p\",\"u\":\"\\u00e9\"} /chat 40/chat?a=1,{\"u\":\"\\u00e9\"}",
        "40{\"a\":1,\"pid\":\"drain_p\",\"a\":2} '' 40{\"a\":2}",
        "40{\"broken\":[ '' 40{\"broken\":[",
        "40[] '' 40[]"
      })
  void aConnect_isDispatchedWithoutWhatTheLibraryOfTheClientAdds(
      String text, String namespace, String clean) {
    ConnectPacket packet = ConnectPacket.of(text);

    assertThat(packet.namespace()).isEqualTo(namespace);
    assertThat(packet.clean().toString(StandardCharsets.UTF_8)).isEqualTo(clean);
  }

  @Test
  void tokens_areTheOffsetAndThePid() {
    assertThat(ConnectPacket.of("40{\"pid\":\"p\",\"offset\":\"o\"}").tokens())
        .containsExactly("o", "p");
    assertThat(ConnectPacket.of("40{\"pid\":\"p\",\"offset\":\"p\"}").tokens())
        .containsExactly("p");
    assertThat(ConnectPacket.of("40{\"pid\":7,\"offset\":{}}").tokens()).isEmpty();
    assertThat(ConnectPacket.of("40{\"auth\":{\"pid\":\"p\"}}").tokens()).isEmpty();
  }

  @Test
  void packets_ofAnUpload_areSplitAndJoined() {
    String upload = "2\u001e40{\"pid\":\"drain_p\"}\u001e42[\"40\"]\u001e40/chat,\u001e3";
    List<Object> split = ConnectPacket.split(bytes(upload));

    assertThat(split).hasSize(5);
    assertThat(split.get(1)).isEqualTo(ConnectPacket.of("40{\"pid\":\"drain_p\"}"));
    assertThat(split.get(3)).isEqualTo(ConnectPacket.of("40/chat,"));
    assertThat(ConnectPacket.joined(split).toString(StandardCharsets.UTF_8))
        .isEqualTo("2\u001e40\u001e42[\"40\"]\u001e40/chat,\u001e3");
    assertThat(ConnectPacket.any(bytes(upload))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "2", "42[\"40\"]", "2\u001e3", "140", "42[\"\"]\u001e4"})
  void packets_withoutAConnect_areFoundToHaveNone(String packets) {
    assertThat(ConnectPacket.any(bytes(packets))).isFalse();
  }

  @Test
  void identity_withoutAuth_isTheSameHoweverThatIsSaid() {
    assertThat(identity("40")).isEmpty();
    assertThat(identity("40{}")).isEmpty();
    assertThat(identity("40{\"pid\":\"drain_p\",\"offset\":\"o\"}")).isEmpty();
    assertThat(identity("40{\"offset\":7}")).as("a place in a stream").isEmpty();
    assertThat(identity("40/chat,")).isEmpty();
  }

  @Test
  void identity_isThatOfTheAuthInAnyOrder() {
    byte[] one = identity("40{\"user\":\"u\",\"at\":1}");

    assertThat(one).hasSize(HandOverCodec.FINGERPRINT);
    assertThat(identity("40/chat,{\"at\":1,\"pid\":\"drain_p\",\"user\":\"u\"}")).isEqualTo(one);
    assertThat(identity("40{\"user\":\"v\",\"at\":1}")).isNotEqualTo(one);
    assertThat(identity("40{\"user\":\"u\",\"at\":1,\"pid\":\"its own\"}")).isNotEqualTo(one);
    assertThat(identity("40{\"user\":\"u\",\"at\":12345678901234567890}"))
        .isNotEqualTo(identity("40{\"user\":\"u\",\"at\":12345678901234567891}"));
    assertThat(identity("40{\"a\":\"x\\\",\\\"b\\\":\\\"y\"}"))
        .isNotEqualTo(identity("40{\"a\":\"x\",\"b\":\"y\"}"));
  }

  @Test
  void identity_thatCannotBeRead_equalsNoOther() {
    String deep = "40{\"a\":" + "[".repeat(50) + "]".repeat(50) + "}";

    assertThat(identity(deep)).hasSize(HandOverCodec.FINGERPRINT).isNotEqualTo(identity(deep));
  }
}
