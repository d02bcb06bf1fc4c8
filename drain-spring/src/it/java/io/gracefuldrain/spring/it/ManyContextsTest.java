package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.WorkLease;
import io.gracefuldrain.signal.DrainSignals;
import io.gracefuldrain.spring.SocketIoDrains;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Contexts that come and go in one JVM leave nothing behind. */
@Isolated
class ManyContextsTest {
  /** With a server, if there is a configuration for it. */
  private static ConfigurableApplicationContext run(@Nullable Configuration configuration) {
    return builder(
            beans -> {
              if (configuration != null) {
                beans.registerBean(Configuration.class, () -> configuration);
              }
            })
        .run();
  }

  private static SpringApplicationBuilder builder(Consumer<GenericApplicationContext> beans) {
    return new SpringApplicationBuilder(EndTest.App.class)
        .web(WebApplicationType.NONE)
        .registerShutdownHook(false)
        .properties(
            "drain.termination-log=",
            "drain.readiness-delay-max=0s",
            "drain.move-window=0s",
            "spring.main.banner-mode=off")
        .initializers(context -> beans.accept((GenericApplicationContext) context));
  }

  @Test
  void contexts_ten_leaveNoThreadSignalOrPort() throws Exception {
    Set<String> before = threads();
    List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    List<Configuration> configurations = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Configuration configuration = Contexts.configuration();
      configurations.add(configuration);
      contexts.add(run(configuration));
    }
    Set<DrainCoordinator> coordinators =
        contexts.stream()
            .map(each -> each.getBean(DrainCoordinator.class))
            .collect(Collectors.toSet());
    assertThat(coordinators).hasSize(10);
    assertThat(contexts).allMatch(each -> each.getBean(SocketIoDrains.class).all().size() == 1);

    List<CompletableFuture<Void>> closings = new ArrayList<>();
    for (ConfigurableApplicationContext context : contexts) {
      closings.add(CompletableFuture.runAsync(context::close, task -> new Thread(task).start()));
    }
    closings.forEach(each -> each.orTimeout(60, TimeUnit.SECONDS).join());

    assertThat(coordinators).noneMatch(DrainCoordinator::alive);
    for (Configuration configuration : configurations) {
      try (ServerSocket free = new ServerSocket()) {
        free.setReuseAddress(true); // those that were connected may linger in the kernel
        free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), configuration.getPort()));
      }
    }
    Await.until(
        () -> "left behind: " + left(before),
        Await.SOON.multipliedBy(3),
        () -> left(before).isEmpty());
    signalsAreFree();
  }

  @Test
  void contexts_two_theFirstHasTheSignals_andTheOtherDrainsAllTheSame() {
    ConfigurableApplicationContext first = run(null);
    ConfigurableApplicationContext second = run(null);
    DrainCoordinator coordinator = second.getBean(DrainCoordinator.class);
    WorkLease order = coordinator.work().begin("order");

    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(second::close, task -> new Thread(task).start());
    Await.until("the drain waits", () -> coordinator.phase() == DrainPhase.SETTLING);
    assertThat(first.getBean(DrainCoordinator.class).phase()).isEqualTo(DrainPhase.SERVING);
    order.close();
    closed.orTimeout(30, TimeUnit.SECONDS).join();

    assertThat(coordinator.report().workAbandoned()).isZero();
    first.close();
    signalsAreFree();
  }

  @Test
  void context_thatHasTheSignals_drainsAndGivesThemBackWhenItCloses() {
    ConfigurableApplicationContext context = run(null);
    DrainCoordinator coordinator = context.getBean(DrainCoordinator.class);
    WorkLease order = coordinator.work().begin("order");

    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(context::close, task -> new Thread(task).start());
    Await.until("the drain waits", () -> coordinator.phase() == DrainPhase.SETTLING);
    assertThat(context.isRunning()).isTrue();
    order.close();
    closed.orTimeout(30, TimeUnit.SECONDS).join();

    assertThat(coordinator.report().workAbandoned()).isZero();
    signalsAreFree();
  }

  @Test
  void context_thatCannotStart_drainsWhatItBegan_andLeavesTheSignals() {
    AtomicReference<DrainCoordinator> coordinator = new AtomicReference<>();
    AtomicReference<WorkLease> order = new AtomicReference<>();
    CompletableFuture<Throwable> failed =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowable(
                    () ->
                        builder(
                                beans ->
                                    beans.registerBean(
                                        SmartInitializingSingleton.class,
                                        () ->
                                            () -> {
                                              coordinator.set(
                                                  beans.getBean(DrainCoordinator.class));
                                              order.set(coordinator.get().work().begin("order"));
                                              throw new IllegalStateException("no database");
                                            }))
                            .run()),
            task -> new Thread(task).start());
    Await.until(
        "the drain waits",
        () -> order.get() != null && coordinator.get().phase() == DrainPhase.SETTLING);
    order.get().close();

    assertThat(failed.orTimeout(30, TimeUnit.SECONDS).join())
        .hasStackTraceContaining("no database");
    assertThat(coordinator.get().report().workAbandoned()).isZero();
    assertThat(coordinator.get().alive()).isFalse();
    signalsAreFree();
  }

  /** An application that starts while its JVM shuts down. */
  static final class TooLate {
    private TooLate() {}

    public static void main(String[] args) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> run(null).close()));
      System.exit(0);
    }
  }

  @Test
  void start_whileTheProcessEnds_saysSoAndNothingOfOtherApplications() throws Exception {
    try (JvmProcess process = JvmProcess.of(TooLate.class).start()) {
      assertThat(process.awaitLine("DRAIN-081 signals do not drain pod "))
          .endsWith(
              ": the process was asked to end in the middle of its start. It drains when its context"
                  + " closes");
      assertThat(process.awaitExit(JvmProcess.PATIENCE)).isZero();
    }
  }

  /** Nobody else could install a coordinator. */
  private static void signalsAreFree() {
    try (DrainCoordinator next = DrainCoordinator.create(DrainPolicy.defaults());
        DrainSignals signals = DrainSignals.install(next)) {
      assertThat(signals).isNotNull();
    }
  }

  private static Set<String> left(Set<String> before) {
    Set<String> now = threads();
    now.removeAll(before);
    return now;
  }

  /** The threads of ours, and of netty-socketio. */
  private static Set<String> threads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (name.startsWith("drain-")
          || name.startsWith("nioEventLoop")
          || name.startsWith("multiThreadIoEventLoop")
          || name.startsWith("hashed-wheel-timer")) {
        names.add(name + " " + thread.getId());
      }
    }
    return names;
  }
}
