package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeepingTest {
  private final ClientHead head = TestHeads.head();
  private final List<String> told = new ArrayList<>();
  private final List<List<WirePacket>> ends = new ArrayList<>();
  private HandedState state = state();
  private Runnable atTheEnd = () -> {};
  private boolean joined = true;
  private final Keeping keeping =
      new Keeping(
          new Core(),
          () -> state,
          reactions ->
              new Mailbox(
                  head,
                  Transport.WEBSOCKET,
                  namespace -> joined,
                  new SharedText(new JacksonJsonSupport()),
                  new Core(),
                  reactions),
          (unheard, last, over) -> {
            ends.add(unheard);
            last.run();
            atTheEnd.run();
            over.run();
          });

  /** Has room for anything. */
  private final class Core implements KeptSession {
    @Override
    public boolean reserve(int bytes) {
      return true;
    }

    @Override
    public void offer(Source source) {
      told.add("offered");
    }

    @Override
    public void drop(String reason) {
      told.add(reason);
    }

    @Override
    public void leftOut() {
      told.add("left out");
    }
  }

  @Test
  void take_inTheMomentOfTheEnd_isARefusal_andTheEndComesOnce() {
    keeping.proven();
    keeping.lost("disconnected"); // the core has asked it already, and comes too late

    assertThat(catchThrowableOfType(HandOverRefusal.class, keeping::take).reason())
        .isEqualTo("expired");
    keeping.expired();
    assertThat(keeping.landed("pod-b").toCompletableFuture()).isCompletedExceptionally();
    assertThat(told).containsExactly("offered", "disconnected");
    assertThat(ends).containsExactly(List.of());
  }

  @Test
  void end_afterATake_leavesWhatHasComeSince() throws Exception {
    keeping.mailbox().receive(WirePacket.of("42[\"given\"]"));
    byte[] unused = keeping.take();
    keeping.mailbox().receive(WirePacket.of("42[\"left\"]"));

    var unusedRest = keeping.landed("pod-b");

    assertThat(ends).containsExactly(List.of(WirePacket.of("42[\"left\"]")));
  }

  private static HandedState state(String... rooms) {
    return new HandedState(OldPod.SESSION, "pid", 0, Map.of("", Set.of(rooms)), Map.of(), Map.of());
  }

  private static void send(ClientHead head, String name) {
    Packet packet = new Packet(PacketType.MESSAGE, EngineIOVersion.V4);
    packet.setSubType(PacketType.EVENT);
    packet.setNsp("");
    packet.setName(name);
    packet.setData(List.of());
    head.getPacketsQueue(Transport.WEBSOCKET).add(packet);
  }

  @Test
  void landed_givesWhatHasComeUntilTheEnd_andTheRoomsOfThen() throws Exception {
    state = state("red");
    send(head, "given");
    assertThat(HandOverCodec.readParcel(keeping.take()).mail().missed()).hasSize(1);
    send(head, "left");
    state = state("blue");
    atTheEnd =
        () -> {
          send(head, "last"); // its sender has seen the session before
          joined = false;
        };

    Parcel rest = HandOverCodec.readParcel(keeping.landed("pod-b").toCompletableFuture().get());

    assertThat(rest.mail().missed())
        .containsExactly(WirePacket.of("42[\"left\"]"), WirePacket.of("42[\"last\"]"));
    assertThat(rest.mail().overlap()).isEqualTo(2);
    assertThat(rest.state().rooms()).isEqualTo(Map.of("", Set.of("blue")));
  }

  @Test
  void landed_withoutAnythingNew_givesNothing() throws Exception {
    send(head, "given");
    byte[] unused = keeping.take();

    assertThat(keeping.landed("pod-b").toCompletableFuture().get()).isEmpty();
  }
}
