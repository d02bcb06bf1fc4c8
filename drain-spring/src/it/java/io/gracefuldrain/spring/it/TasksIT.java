package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.annotation.SpringAnnotationScanner;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Tasks of executors and schedulers are work in flight. */
class TasksIT {
  private static final String NO_WEB = "spring.main.web-application-type=none";

  @Configuration
  @EnableAutoConfiguration
  @EnableAsync
  static class Asynchronous {
    @Bean
    Latches latches() {
      return new Latches();
    }

    @Bean
    Jobs jobs(Latches latches) {
      return new Jobs(latches);
    }
  }

  /** Its fields are not those of its proxy. */
  static class Latches {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);
  }

  static class Jobs {
    private final Latches latches;

    Jobs(Latches latches) {
      this.latches = latches;
    }

    @Async
    public void job() throws InterruptedException {
      latches.begun.countDown();
      latches.end.await();
    }

    @Async("pool")
    public void pooled() throws InterruptedException {
      job();
    }

    @Async("simple")
    public void simple() throws InterruptedException {
      job();
    }
  }

  @Configuration
  static class Executors {
    final List<String> decorated = new CopyOnWriteArrayList<>();

    /** As many write it: initialized by hand, with a decorator of its own. */
    @Bean
    ThreadPoolTaskExecutor pool() {
      ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
      pool.setCorePoolSize(1);
      pool.setMaxPoolSize(1);
      pool.setQueueCapacity(1);
      pool.setTaskDecorator(
          task -> {
            decorated.add("pool");
            return task;
          });
      pool.initialize();
      return pool;
    }

    @Bean
    SimpleAsyncTaskExecutor simple() {
      SimpleAsyncTaskExecutor simple = new SimpleAsyncTaskExecutor("simple-");
      simple.setTaskDecorator(
          task -> {
            decorated.add("simple");
            return task;
          });
      return simple;
    }
  }

  @Configuration
  @EnableAutoConfiguration
  @EnableScheduling
  static class Timed {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);

    @Scheduled(fixedDelay = 1)
    void tick() throws InterruptedException {
      begun.countDown();
      end.await();
    }
  }

  @Configuration
  static class PlainThreads {
    @Bean
    SimpleAsyncTaskScheduler taskScheduler() {
      return new SimpleAsyncTaskScheduler();
    }
  }

  private static void drainWaitsFor(TestApp app, String name, CountDownLatch end) {
    app.coordinator().drain(DrainReason.MANUAL);
    app.awaitPhase(DrainPhase.SETTLING);
    DrainReport.OldestWork oldest = app.coordinator().report().oldestWork();
    assertThat(oldest).isNotNull();
    assertThat(oldest.work()).isEqualTo(name);
    end.countDown();
    app.awaitPhase(DrainPhase.DRAINED);
    assertThat(app.coordinator().work().inFlight()).isZero();
  }

  @Test
  void async_onBootsExecutor_isWaitedFor() throws Exception {
    try (TestApp app = TestApp.start(Asynchronous.class, NO_WEB)) {
      Jobs jobs = app.bean(Jobs.class);
      jobs.job();
      app.bean(Latches.class).begun.await();
      drainWaitsFor(app, "task of applicationTaskExecutor", app.bean(Latches.class).end);
    }
  }

  /** netty-socketio's own scanner: a bean post-processor that needs the server. */
  @Configuration
  static class Scanning {
    @Bean
    static SocketIOServer server() {
      return Contexts.server();
    }

    @Bean
    static SpringAnnotationScanner scanner(SocketIOServer server) {
      return new SpringAnnotationScanner(server);
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void async_besideAPostProcessorThatMakesTheServerEarly_isWaitedFor(CapturedOutput output)
      throws Exception {
    try (TestApp app = TestApp.start(new Class<?>[] {Asynchronous.class, Scanning.class}, NO_WEB)) {
      app.bean(SocketIOServer.class).start();
      app.bean(Jobs.class).job();
      app.bean(Latches.class).begun.await();
      drainWaitsFor(app, "task of applicationTaskExecutor", app.bean(Latches.class).end);
    }
    assertThat(output).doesNotContainPattern("Bean '.*' of type \\[io.gracefuldrain");
  }

  @Test
  void async_ofAHandler_isTheWorkOfItsClient() throws Exception {
    try (TestApp app = TestApp.start(new Class<?>[] {Asynchronous.class, Serving.class}, NO_WEB)) {
      Jobs jobs = app.bean(Jobs.class);
      SocketIOServer server = app.bean(SocketIOServer.class);
      server.addEventListener("order", String.class, (client, order, ack) -> jobs.job());
      server.start();
      int port = server.getConfiguration().getPort();
      URI address = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
      WebSocket client =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(address, new WebSocket.Listener() {})
              .get();
      client.sendText("40", true).get();
      client.sendText("42[\"order\",\"tea\"]", true).get();
      app.bean(Latches.class).begun.await();

      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.SETTLING);
      assertThat(app.coordinator().report().connections()).isOne();
      app.bean(Latches.class).end.countDown();
      app.awaitPhase(DrainPhase.DRAINED);
      assertThat(app.coordinator().report().count(Outcome.CLOSED)).isOne();
    }
  }

  @Configuration
  static class Serving {
    @Bean
    SocketIOServer server() {
      return Contexts.server();
    }
  }

  @Test
  void async_onAThreadEach_isWaitedForAndKeepsItsDecorator() throws Exception {
    try (TestApp app =
        TestApp.start(new Class<?>[] {Asynchronous.class, Executors.class}, NO_WEB)) {
      Jobs jobs = app.bean(Jobs.class);
      jobs.simple();
      app.bean(Latches.class).begun.await();
      drainWaitsFor(app, "task of simple", app.bean(Latches.class).end);
      assertThat(app.bean(Executors.class).decorated).containsExactly("simple");
    }
  }

  @Test
  void async_inAQueue_isWaitedForAndARejectedTaskIsNot() throws Exception {
    try (TestApp app =
        TestApp.start(new Class<?>[] {Asynchronous.class, Executors.class}, NO_WEB)) {
      Jobs jobs = app.bean(Jobs.class);
      jobs.pooled();
      app.bean(Latches.class).begun.await();
      jobs.pooled(); // queued
      assertThat(app.coordinator().work().inFlight()).isEqualTo(2);
      assertThat(rejected(jobs)).isTrue();
      assertThat(app.coordinator().work().inFlight()).isEqualTo(2);
      drainWaitsFor(app, "task of pool", app.bean(Latches.class).end);
      assertThat(app.bean(Executors.class).decorated).hasSize(3);
    }
  }

  private static boolean rejected(Jobs jobs) throws InterruptedException {
    try {
      jobs.pooled();
      return false;
    } catch (TaskRejectedException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ThreadPoolExecutor.DiscardPolicy.class,
        ThreadPoolExecutor.DiscardOldestPolicy.class
      })
  void pool_thatDiscards_leavesNoLease(Class<?> policy) throws Exception {
    try (TestApp app =
        TestApp.start(
            new Class<?>[] {Asynchronous.class, Discarding.class},
            NO_WEB,
            "policy=" + policy.getName())) {
      ThreadPoolTaskExecutor pool = app.context().getBean("pool", ThreadPoolTaskExecutor.class);
      CountDownLatch end = new CountDownLatch(1);
      pool.execute(
          () -> {
            await(end);
          });
      for (int i = 0; i < 5; i++) {
        pool.execute(() -> {});
      }
      assertThat(app.coordinator().work().inFlight()).isEqualTo(2);
      end.countDown();
      Await.until("no work", TestApp.BOUND, () -> app.coordinator().work().inFlight() == 0);
    }
  }

  @Test
  void pool_thatIsShutDownBeforeTheApplication_leavesNoLease() throws Exception {
    String policy = "policy=" + ThreadPoolExecutor.AbortPolicy.class.getName();
    try (TestApp app =
        TestApp.start(new Class<?>[] {Asynchronous.class, Discarding.class}, NO_WEB, policy)) {
      ThreadPoolTaskExecutor pool = app.context().getBean("pool", ThreadPoolTaskExecutor.class);
      pool.execute(() -> await(new CountDownLatch(1))); // until it is interrupted
      Future<?> queued = pool.submit(() -> {});
      pool.shutdown();
      Await.until("no work", TestApp.BOUND, () -> app.coordinator().work().inFlight() == 0);
      assertThat(queued.isCancelled()).isTrue();
    }
  }

  @Configuration
  static class Discarding {
    @Bean
    ThreadPoolTaskExecutor pool(Environment environment) throws ReflectiveOperationException {
      ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
      pool.setCorePoolSize(1);
      pool.setMaxPoolSize(1);
      pool.setQueueCapacity(1);
      pool.setRejectedExecutionHandler(
          Class.forName(environment.getRequiredProperty("policy"))
              .asSubclass(RejectedExecutionHandler.class)
              .getConstructor()
              .newInstance());
      return pool;
    }
  }

  @Test
  void task_handedOverByATaskAfterTheSeal_isWaitedForToo() throws Exception {
    try (TestApp app = TestApp.start(Asynchronous.class, NO_WEB)) {
      ThreadPoolTaskExecutor pool = app.bean(ThreadPoolTaskExecutor.class);
      CountDownLatch sealed = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      pool.execute(
          () -> {
            await(sealed);
            pool.execute(() -> await(end));
          });
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.SETTLING);
      sealed.countDown();
      Await.until(
          "the second task alone",
          TestApp.BOUND,
          () -> pool.getThreadPoolExecutor().getCompletedTaskCount() == 1);
      assertThat(app.coordinator().phase()).isEqualTo(DrainPhase.SETTLING);
      assertThat(app.coordinator().work().inFlight()).isEqualTo(1);
      end.countDown();
      app.awaitPhase(DrainPhase.DRAINED);
      CountDownLatch late = new CountDownLatch(1);
      pool.execute(late::countDown); // without a lease, but not refused
      late.await();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void scheduled_onBootsScheduler_isWaitedForByItsName() throws Exception {
    try (TestApp app = TestApp.start(Timed.class, NO_WEB)) {
      Timed timed = app.bean(Timed.class);
      timed.begun.await();
      app.awaitWork();
      drainWaitsFor(app, Timed.class.getName() + ".tick", timed.end);
    }
  }

  @Test
  void scheduled_onAThreadEach_isWaitedForByItsName() throws Exception {
    try (TestApp app = TestApp.start(new Class<?>[] {Timed.class, PlainThreads.class}, NO_WEB)) {
      assertThat(AopUtils.isAopProxy(app.bean(SimpleAsyncTaskScheduler.class))).isFalse();
      Timed timed = app.bean(Timed.class);
      timed.begun.await();
      app.awaitWork();
      drainWaitsFor(app, Timed.class.getName() + ".tick", timed.end);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"drain.tasks.enabled=false", "drain.tasks.exclude=other,applicationTaskExecutor"})
  void tasks_leftOut_areNotWaitedFor(String setting) throws Exception {
    try (TestApp app = TestApp.start(Asynchronous.class, NO_WEB, setting)) {
      Jobs jobs = app.bean(Jobs.class);
      jobs.job();
      app.bean(Latches.class).begun.await();
      assertThat(app.coordinator().work().inFlight()).isZero();
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      app.bean(Latches.class).end.countDown();
    }
  }
}
