package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeptSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeepingTest {
  private final ClientHead head = TestHeads.head();
  private final List<String> told = new ArrayList<>();
  private final List<List<WirePacket>> ends = new ArrayList<>();
  private final Keeping keeping =
      new Keeping(
          new Core(),
          () -> {
            throw new HandOverRefusal("none", "not asked here");
          },
          reactions ->
              new Mailbox(
                  head,
                  Transport.WEBSOCKET,
                  namespace -> true,
                  new SharedText(new JacksonJsonSupport()),
                  new Core(),
                  reactions),
          ends::add);

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
    keeping.landed("pod-b");
    assertThat(told).containsExactly("offered", "disconnected");
    assertThat(ends).containsExactly(List.of());
  }

  @Test
  void end_afterATake_leavesWhatHasComeSince() throws Exception {
    keeping.mailbox().receive(WirePacket.of("42[\"given\"]"));
    byte[] unused = keeping.take();
    keeping.mailbox().receive(WirePacket.of("42[\"left\"]"));

    keeping.landed("pod-b");

    assertThat(ends).containsExactly(List.of(WirePacket.of("42[\"left\"]")));
  }
}
