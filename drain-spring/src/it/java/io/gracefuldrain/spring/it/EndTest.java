package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.spring.DrainAutoConfiguration;
import io.gracefuldrain.spring.DrainSocketIoAutoConfiguration;
import io.gracefuldrain.testing.Await;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** However a context ends, it drains first, and whatever it has is alive until that is done. */
class EndTest {
  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({DrainAutoConfiguration.class, DrainSocketIoAutoConfiguration.class})
  static class App {}

  private static ConfigurableApplicationContext run(
      Consumer<GenericApplicationContext> beans, String... properties) {
    return builder(beans, properties).run();
  }

  private static SpringApplicationBuilder builder(
      Consumer<GenericApplicationContext> beans, String... properties) {
    return new SpringApplicationBuilder(App.class)
        .web(WebApplicationType.NONE)
        .registerShutdownHook(false)
        .properties(
            "drain.signals.enabled=false",
            "drain.termination-log=",
            "drain.readiness-delay-max=0s",
            "drain.move-window=0s",
            "spring.main.banner-mode=off")
        .properties(properties)
        .initializers(context -> beans.accept((GenericApplicationContext) context));
  }

  private static DrainCoordinator coordinator(ConfigurableApplicationContext context) {
    return context.getBean(DrainCoordinator.class);
  }

  /** Work in flight, and another thread that closes the context meanwhile. */
  private static CompletableFuture<Void> closing(Runnable close) {
    return CompletableFuture.runAsync(
        close,
        task -> {
          Thread thread = new Thread(task, "closing");
          thread.setDaemon(true);
          thread.start();
        });
  }

  @Test
  void close_withWorkInFlight_waitsForItWithEverythingAlive() {
    ConfigurableApplicationContext context =
        run(beans -> beans.registerBean(ThreadPoolTaskExecutor.class));
    DrainCoordinator coordinator = coordinator(context);
    WorkLease order = coordinator.work().begin("order");

    CompletableFuture<Void> closed = closing(context::close);
    Await.until("the drain waits", () -> coordinator.phase() == DrainPhase.SETTLING);

    assertThat(context.isRunning()).isTrue();
    assertThat(context.getBean(ThreadPoolTaskExecutor.class).submit(() -> {}))
        .succeedsWithin(Await.SOON);
    order.close();
    closed.orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(coordinator.report().workAbandoned()).isZero();
    assertThat(coordinator.report().reasons()).containsExactly(DrainReason.SHUTDOWN);
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.DRAINED);
    assertThat(coordinator.alive()).isFalse();
  }

  @Test
  void exit_bySpringApplication_drainsToo() {
    ConfigurableApplicationContext context = run(beans -> {});
    DrainCoordinator coordinator = coordinator(context);
    WorkLease order = coordinator.work().begin("order");

    CompletableFuture<Void> closed = closing(() -> SpringApplication.exit(context, () -> 3));
    Await.until("the drain waits", () -> coordinator.phase() == DrainPhase.SETTLING);
    order.close();

    closed.orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(coordinator.report().workAbandoned()).isZero();
  }

  @Test
  void close_withNothingToWaitFor_beginsNoDrain() {
    ConfigurableApplicationContext context =
        run(beans -> {}, "drain.readiness-delay-max=5s", "drain.move-window=10s");
    DrainCoordinator coordinator = coordinator(context);

    context.close();

    assertThat(coordinator.report().epoch()).isZero();
    assertThat(coordinator.alive()).isFalse();
  }

  @Test
  void close_inKubernetes_drainsAlsoWhenNobodyIsConnected() {
    ConfigurableApplicationContext context = run(beans -> {}, "KUBERNETES_SERVICE_HOST=10.0.0.1");
    DrainCoordinator coordinator = coordinator(context);

    context.close();

    assertThat(coordinator.report().epoch()).isEqualTo(1);
    assertThat(coordinator.phase()).isEqualTo(DrainPhase.DRAINED);
  }

  /** Never says that it has stopped. */
  private record Hangs(int phase, AtomicReference<Boolean> running) implements SmartLifecycle {
    Hangs(int phase) {
      this(phase, new AtomicReference<>(false));
    }

    @Override
    public int getPhase() {
      return phase;
    }

    @Override
    public void start() {
      running.set(true);
    }

    @Override
    public void stop(Runnable callback) {
      running.set(false);
    }

    @Override
    public void stop() {}

    @Override
    public boolean isRunning() {
      return running.get();
    }
  }

  @Test
  void close_withPhasesThatHang_goesOnAfterOneStopBudgetForAll() {
    ConfigurableApplicationContext context =
        run(
            beans -> {
              for (int phase = 0; phase < 20; phase++) {
                Hangs hangs = new Hangs(phase);
                beans.registerBean("hangs" + phase, SmartLifecycle.class, () -> hangs);
              }
            },
            "KUBERNETES_SERVICE_HOST=10.0.0.1",
            "drain.settle-grace=1s",
            "drain.stop-margin=2s",
            "drain.grace-period=4s");

    // each for itself would take nearly four seconds
    assertThat(closing(context::close)).succeedsWithin(Duration.ofSeconds(40));
  }

  @Test
  void signal_outsideKubernetes_withNothingToWaitFor_skipsTheLameDuck() {
    ConfigurableApplicationContext context =
        run(beans -> {}, "drain.readiness-delay-max=8s", "drain.move-window=8s");

    assertThat(coordinator(context).drain(DrainReason.SIGINT).done().toCompletableFuture())
        .succeedsWithin(Duration.ofSeconds(30))
        .matches(DrainReport::compressed);
    context.close();
  }

  @Test
  void close_byDevtools_waitsForWorkForAMomentOnly() {
    ConfigurableApplicationContext context =
        run(
            beans ->
                beans.setClassLoader(
                    new RestartClassLoader(EndTest.class.getClassLoader(), new URL[0])),
            "drain.settle-grace=15s");
    DrainCoordinator coordinator = coordinator(context);
    try (WorkLease order = coordinator.work().begin("order")) {
      context.close();
      assertThat(order).isNotNull();
    }

    assertThat(coordinator.report().compressed()).isTrue();
    assertThat(coordinator.report().workAbandoned()).isEqualTo(1);
  }

  @Test
  void runner_thatFails_endsWithADrainOfWhatItBegan() {
    AtomicReference<DrainCoordinator> coordinator = new AtomicReference<>();
    AtomicReference<WorkLease> order = new AtomicReference<>();
    CompletableFuture<Void> ended =
        closing(
            () ->
                assertThatThrownBy(
                        () ->
                            run(
                                beans ->
                                    beans.registerBean(
                                        CommandLineRunner.class,
                                        () ->
                                            arguments -> {
                                              coordinator.set(
                                                  beans.getBean(DrainCoordinator.class));
                                              order.set(coordinator.get().work().begin("order"));
                                              throw new IllegalStateException("no database");
                                            })))
                    .hasStackTraceContaining("no database"));
    Await.until(
        "the drain waits",
        () -> order.get() != null && coordinator.get().phase() == DrainPhase.SETTLING);
    order.get().close();

    ended.orTimeout(30, TimeUnit.SECONDS).join();
    assertThat(coordinator.get().report().workAbandoned()).isZero();
  }

  /** A usual place to start a server in. */
  static final class StartsWhenReady {
    private final DrainCoordinator coordinator;
    private final AtomicReference<DrainPhase> seen = new AtomicReference<>();

    StartsWhenReady(DrainCoordinator coordinator) {
      this.coordinator = coordinator;
    }

    @EventListener(ApplicationReadyEvent.class)
    public void ready() {
      seen.set(coordinator.phase());
    }
  }

  @Test
  void application_isStartedAfterItsOwnListenersOfThat() {
    ConfigurableApplicationContext context =
        run(beans -> beans.registerBean(StartsWhenReady.class));

    assertThat(context.getBean(StartsWhenReady.class).seen).hasValue(DrainPhase.STARTING);
    assertThat(coordinator(context).phase()).isEqualTo(DrainPhase.SERVING);
    context.close();
  }

  @Test
  void application_isStartedAfterItsRunners() {
    AtomicReference<DrainPhase> inRunner = new AtomicReference<>();
    ConfigurableApplicationContext context =
        run(
            beans ->
                beans.registerBean(
                    CommandLineRunner.class,
                    () ->
                        arguments -> inRunner.set(beans.getBean(DrainCoordinator.class).phase())));

    assertThat(inRunner.get()).isEqualTo(DrainPhase.STARTING);
    assertThat(coordinator(context).phase()).isEqualTo(DrainPhase.SERVING);
    context.close();
  }

  // ---------------------------------------------------------------- several contexts

  @Test
  void child_usesTheCoordinatorOfItsParent_andLeavesItServing() {
    ConfigurableApplicationContext parent = run(beans -> {});
    ConfigurableApplicationContext child = builder(beans -> {}).parent(parent).run();
    DrainCoordinator coordinator = coordinator(parent);
    assertThat(coordinator(child)).isSameAs(coordinator);
    try (WorkLease order = coordinator.work().begin("order")) {
      child.close();
      assertThat(coordinator.phase()).isEqualTo(DrainPhase.SERVING);
      assertThat(coordinator.alive()).isTrue();
      assertThat(order).isNotNull();
    }
    parent.close();
    assertThat(coordinator.alive()).isFalse();
  }

  @Test
  void child_whoseServerHasRun_drainsBeforeItEnds() {
    ConfigurableApplicationContext parent = run(beans -> {});
    ConfigurableApplicationContext child =
        builder(beans -> beans.registerBean("server", SocketIOServer.class, Contexts::server))
            .parent(parent)
            .run();
    DrainCoordinator coordinator = coordinator(parent);
    child.getBean(SocketIOServer.class).start();
    WorkLease order = coordinator.work().begin("order");

    CompletableFuture<Void> closed = closing(child::close);
    Await.until("the drain waits", () -> coordinator.phase() == DrainPhase.SETTLING);
    order.close();
    closed.orTimeout(30, TimeUnit.SECONDS).join();

    assertThat(coordinator.report().workAbandoned()).isZero();
    assertThat(coordinator.alive()).as("it is its parent's").isTrue();
    parent.close();
  }
}
