package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.messages.OutPacketMessage;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What stands in for a session's head and channel. */
class StandInTest {
  private final ClientHead head = TestHeads.head();
  private final AtomicInteger sent = new AtomicInteger();

  @Test
  void head_hasTheIdAndTheVersion_andQueuesOfItsOwn() {
    ClientHead standIn = StandInHead.of(head);

    standIn.getPacketsQueue(Transport.WEBSOCKET).add(new Packet(PacketType.NOOP));

    assertThat(standIn.getSessionId()).isEqualTo(head.getSessionId());
    assertThat(standIn.getEngineIOVersion()).isEqualTo(EngineIOVersion.V4);
    assertThat(standIn.getHandshakeData()).isSameAs(head.getHandshakeData());
    assertThat(head.getPacketsQueue(Transport.WEBSOCKET)).isEmpty();
  }

  @Test
  void channel_hearsOfEachMessage_onTheSendersThread() {
    head.bindChannel(new StandInChannel(sent::incrementAndGet), Transport.WEBSOCKET);
    assertThat(sent).hasValue(1);

    assertThat(head.send(new Packet(PacketType.NOOP)).isSuccess()).isTrue();

    assertThat(sent).hasValue(2);
    assertThat(head.isChannelOpen()).isTrue();
    assertThat(head.isWritable()).isTrue();
  }

  @Test
  void diversion_keepsTheSessionsQueueFromTheChannel_andLetsOthersPass() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Diversion.of(channel, head, sent::incrementAndGet);
    OutPacketMessage standIns = new OutPacketMessage(StandInHead.of(head), Transport.WEBSOCKET);

    assertThat(channel.writeOutbound(new OutPacketMessage(head, Transport.WEBSOCKET))).isFalse();
    assertThat(channel.writeOutbound(standIns, "text")).isTrue();

    assertThat(sent).hasValue(1);
    assertThat(channel.<Object>readOutbound()).isSameAs(standIns);
    assertThat(channel.<Object>readOutbound()).isEqualTo("text");
  }
}
