package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.HandshakeData;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.ack.AckManager;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.handler.ClientsBox;
import com.corundumstudio.socketio.scheduler.HashedWheelScheduler;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import io.gracefuldrain.ConnectionHandle;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a session that meets what it dispatches. */
class SessionTest {
  private final HashedWheelScheduler scheduler = new HashedWheelScheduler();
  private final DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());
  private final List<String> told = new ArrayList<>();
  private Runnable inTryEnter = () -> {};
  private final ClientHead head = head();
  private final Session session =
      new Session(
          new ServerContext(coordinator, true),
          head,
          new EmbeddedChannel(),
          handle(),
          over -> told.add("over"));

  private ClientHead head() {
    InetSocketAddress address = InetSocketAddress.createUnresolved("localhost", 1);
    return new ClientHead(
        UUID.randomUUID(),
        new AckManager(scheduler),
        gone -> {},
        new MemoryStoreFactory(),
        new HandshakeData(new DefaultHttpHeaders(), Map.of(), address, "/", false),
        new ClientsBox(),
        Transport.POLLING,
        scheduler,
        new Configuration(),
        Map.of("EIO", List.of("4")));
  }

  /** Notes what it is told, and lets all in. */
  private ConnectionHandle handle() {
    return (ConnectionHandle)
        Proxy.newProxyInstance(
            SessionTest.class.getClassLoader(),
            new Class<?>[] {ConnectionHandle.class},
            (proxy, method, arguments) -> {
              told.add(method.getName());
              if (method.getName().equals("tryEnter")) {
                inTryEnter.run();
                return true;
              }
              return null;
            });
  }

  @AfterEach
  void close() {
    coordinator.close();
    scheduler.shutdown();
  }

  @Test
  void enter_whileItEnds_keepsItFindableUntilItsExit() {
    inTryEnter =
        () -> {
          head.onChannelDisconnect();
          session.disconnected(); // as if by another thread
        };

    assertThat(session.enter()).isTrue();
    assertThat(told).containsExactly("tryEnter", "left");
    session.exit();

    assertThat(told).containsExactly("tryEnter", "left", "over", "exit");
  }

  @Test
  void endIfOver_runsTheListenersAsWorkInFlight() {
    head.onChannelDisconnect();

    session.endIfOver();

    assertThat(told).containsExactly("tryEnter", "left", "over", "exit");
    session.endIfOver();
    assertThat(told).hasSize(4);
  }
}
