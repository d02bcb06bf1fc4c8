package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainListener;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every wrong way to attach is refused at once. */
class AttachIT {
  private DrainCoordinator coordinator;

  @BeforeEach
  void create() {
    coordinator = DrainCoordinator.create(FeedServer.POLICY);
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  @Test
  void attach_sameServerTwice_isRefused() {
    SocketIOServer server = server(true);
    SocketIoDrain.attach(server, coordinator);

    assertThatThrownBy(() -> SocketIoDrain.attach(server, coordinator))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("attached already")
        .hasMessageContaining("expected");
  }

  @Test
  void attach_afterStart_isRefused() {
    SocketIOServer server = server(true);
    server.start();
    try {
      assertThatThrownBy(() -> SocketIoDrain.attach(server, coordinator))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("started before")
          .hasMessageContaining("expected");
    } finally {
      stop(server);
    }
  }

  @Test
  void started_withAServerThatNeverStarted_isLoggedOnce_forItHasNoClients() {
    try (LogTap log = LogTap.of(StartCheck.class)) {
      SocketIOServer server = server(true);
      SocketIoDrain.attach(server, coordinator);

      coordinator.started();
      Await.until("a line", () -> log.lines().size() == 1);
      assertThat(coordinator.drain(DrainReason.MANUAL).within(Duration.ZERO).done())
          .succeedsWithin(Await.SOON);

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("DRAIN-062 pod ")
          .contains("has not started: nobody can connect");
      assertThat(log.levels()).containsExactly("WARN");
    }
  }

  @Test
  void started_withAServerWhoseStateCannotBeRead_isAnErrorAndAgainInADrain() {
    try (LogTap log = LogTap.of(StartCheck.class)) {
      coordinator.addListener(new StartCheck(new ServerContext(coordinator, false)));

      coordinator.started();
      Await.until("a line", () -> log.lines().size() == 1);
      coordinator.drain(DrainReason.MANUAL);
      Await.until("another", () -> log.lines().size() == 2);

      assertThat(log.lines()).allMatch(line -> line.contains("its clients are not tracked"));
      assertThat(log.levels()).containsExactly("ERROR", "ERROR");
    }
  }

  @Test
  void started_withAServerThatRuns_saysNothing() {
    try (LogTap log = LogTap.of(StartCheck.class)) {
      SocketIOServer server = server(true);
      SocketIoDrain.attach(server, coordinator);
      server.start();
      try {
        CompletableFuture<DrainPhase> told = new CompletableFuture<>();
        coordinator.addListener(
            new DrainListener() {
              @Override
              public void phaseChanged(DrainPhase from, DrainPhase to, DrainReport report) {
                told.complete(to);
              }
            });
        coordinator.started();

        assertThat(told.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(DrainPhase.SERVING);
        assertThat(log.lines()).isEmpty();
      } finally {
        stop(server);
      }
    }
  }

  @Test
  void attach_oneInitializerForTwoServers_isRefused() {
    DrainChannelInitializer initializer = new DrainChannelInitializer();
    SocketIOServer second = server(true);
    SocketIoDrain.attach(server(true), coordinator, initializer);

    assertThatThrownBy(() -> SocketIoDrain.attach(second, coordinator, initializer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("initializer")
        .hasMessageContaining("expected");
    // The failed attempt has not used up the server.
    assertThat(SocketIoDrain.attach(second, coordinator)).isNotNull();
  }

  @Test
  void attach_withRandomSessionOff_isRefused() {
    SocketIOServer server = server(false);

    assertThatThrownBy(() -> SocketIoDrain.attach(server, coordinator))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("randomSession: false")
        .hasMessageContaining("expected: true");
  }

  @Test
  void attach_withAPipelineFactoryOfTheApplication_isRefusedWithItNamed() {
    SocketIOServer server = server(true);
    server.setPipelineFactory(new AddressFilter());

    assertThatThrownBy(() -> SocketIoDrain.attach(server, coordinator))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(AddressFilter.class.getName())
        .hasMessageContaining("expected: one that extends DrainChannelInitializer");
  }

  private static final class AddressFilter extends SocketIOChannelInitializer {}

  @Test
  void attach_withAnInitializerThatIsSetAlready_isTheSame() {
    SocketIOServer server = server(true);
    DrainChannelInitializer mine = new DrainChannelInitializer();
    server.setPipelineFactory(mine);

    assertThat(SocketIoDrain.attach(server, coordinator, mine)).isNotNull();
  }

  @Test
  void attach_aServerWithADrainChannelInitializer_keepsIt() {
    SocketIOServer server = server(true);
    DrainChannelInitializer mine = new DrainChannelInitializer();
    server.setPipelineFactory(mine);

    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);

    assertThat(ServerInternals.pipelineFactory(server)).isSameAs(mine);
    server.start();
    assertThat(drain.running()).isTrue();
    stop(server);
  }

  @Test
  void attach_thatIsRefused_saysWhyToCodeToo() {
    assertThatThrownBy(() -> SocketIoDrain.attach(server(false), coordinator))
        .isInstanceOfSatisfying(
            AttachException.class,
            e -> assertThat(e.reason()).isEqualTo(AttachException.Reason.RANDOM_SESSION));
  }

  @Test
  void stop_beforeTheStart_leavesNoServerThatStarts() {
    SocketIOServer server = server(true);
    SocketIoDrain.attach(server, coordinator).stop();

    try {
      assertThatThrownBy(server::start).hasMessageContaining("the server was stopped");
    } finally {
      stop(server);
    }
  }

  @Test
  void stop_twiceAndByTheApplicationToo_doesNoHarm() {
    SocketIOServer server = server(true);
    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);

    server.start();
    assertThat(drain.running()).isTrue();
    drain.stop();
    assertThat(drain.running()).isFalse();
    drain.stop();
    server.stop(); // the application's own, which knows nothing of ours
  }

  @Test
  void stop_ofADrainedServer_doesNotWaitForWorkThatNobodyBrings() throws Exception {
    SocketIOServer server = server(true);
    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
    server.start();
    coordinator.started();
    coordinator
        .drain(DrainReason.MANUAL)
        .within(Duration.ZERO)
        .done()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);

    drain.stop();

    for (String name : List.of("bossGroup", "workerGroup")) {
      for (EventExecutor loop : loops(server, name)) {
        // What was asked of it first: Netty's own is two seconds.
        assertThatObject(loop).extracting("gracefulShutdownQuietPeriod").as(name).isEqualTo(0L);
        assertThat(loop.isTerminated()).isTrue();
      }
    }
    assertThat(drain.running()).isFalse();
    server.stop(); // the application's own
  }

  @Test
  void stop_ofAServerThatServes_isTheServersOwn() throws Exception {
    SocketIOServer server = server(true);
    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
    server.start();

    drain.stop();

    assertThat(loops(server, "workerGroup"))
        .first()
        .extracting("gracefulShutdownQuietPeriod")
        .isEqualTo(TimeUnit.SECONDS.toNanos(2));
  }

  private static EventLoopGroup loops(SocketIOServer server, String name) throws Exception {
    Field group = SocketIOServer.class.getDeclaredField(name);
    group.setAccessible(true);
    return (EventLoopGroup) group.get(server);
  }

  @Test
  void detach_beforeTheStart_letsItBeAttachedAgain() {
    SocketIOServer server = server(true);
    SocketIoDrain first = SocketIoDrain.attach(server, coordinator);
    first.detach();

    SocketIoDrain second = SocketIoDrain.attach(server, coordinator);

    first.detach(); // the second time: nothing
    assertThatThrownBy(() -> SocketIoDrain.attach(server, coordinator))
        .hasMessageContaining("attached already");
    assertThat(second).isNotNull();
  }

  @Test
  void start_withAnInitializerThatWasNotAttached_isRefused() {
    SocketIOServer server = server(true);
    server.setPipelineFactory(new DrainChannelInitializer());

    try {
      assertThatThrownBy(server::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not attached")
          .hasMessageContaining("SocketIoDrain.attach");
    } finally {
      stop(server);
    }
  }

  @Test
  void attach_nothing_namesWhatIsMissing() {
    SocketIOServer server = server(true);

    assertThatThrownBy(() -> SocketIoDrain.attach(server, null))
        .hasMessageContaining("coordinator");
    assertThatThrownBy(() -> SocketIoDrain.attach(null, coordinator))
        .hasMessageContaining("server");
  }

  private static SocketIOServer server(boolean randomSession) {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Ports.free());
    configuration.setRandomSession(randomSession);
    return new SocketIOServer(configuration);
  }

  /** Stops in the background, since that takes seconds. */
  private static void stop(SocketIOServer server) {
    Thread stopping = new Thread(server::stop, "stop");
    stopping.setDaemon(true);
    stopping.start();
  }
}
