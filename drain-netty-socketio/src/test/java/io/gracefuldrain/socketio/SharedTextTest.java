package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedTextTest {
  private final SharedText texts = new SharedText(new JacksonJsonSupport());
  private final ClientHead one = TestHeads.head();
  private final ClientHead two = TestHeads.head();

  private static Packet event(String namespace, String name, List<Object> arguments) {
    Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    packet.setSubType(PacketType.EVENT);
    packet.setName(name);
    packet.setNsp(namespace);
    packet.setData(arguments);
    return packet;
  }

  @Test
  void of_aBroadcast_isOneTextForAll() throws Exception {
    List<Object> arguments = List.of("hi");
    WirePacket first = texts.of(one, event("", "said", arguments));

    assertThat(first).isEqualTo(WirePacket.of("42[\"said\",\"hi\"]"));
    assertThat(texts.of(two, event("", "said", arguments))).isSameAs(first);
  }

  @Test
  void of_anythingElse_isEncodedAnew() throws Exception {
    List<Object> arguments = Arrays.asList("hi");
    WirePacket first = texts.of(one, event("", "said", arguments));

    assertThat(texts.of(two, event("", "said", Arrays.asList("hi")))).isNotSameAs(first);
    texts.of(one, event("", "said", arguments));
    assertThat(texts.of(two, event("/chat", "said", arguments)).text())
        .isEqualTo("42/chat,[\"said\",\"hi\"]");
    texts.of(one, event("", "said", arguments));
    assertThat(texts.of(two, event("", "told", arguments)).text()).isEqualTo("42[\"told\",\"hi\"]");
  }

  @Test
  void of_thePacketThatComesToAClientAgain_isAsItIsNow() throws Exception {
    List<Object> arguments = Arrays.asList("hi");
    texts.of(one, event("", "said", arguments));
    arguments.set(0, "ho");

    assertThat(texts.of(one, event("", "said", arguments)).text()).isEqualTo("42[\"said\",\"ho\"]");
  }

  @Test
  void of_whatIsForOneClientAlone_isNeverShared() throws Exception {
    List<Object> arguments = List.of(1);
    Packet asked = event("", "asked", arguments);
    asked.setAckId(3L);
    Packet other = event("", "asked", arguments);
    other.setAckId(4L);

    assertThat(texts.of(one, asked).text()).isEqualTo("423[\"asked\",1]");
    assertThat(texts.of(two, other).text()).isEqualTo("424[\"asked\",1]");
  }
}
