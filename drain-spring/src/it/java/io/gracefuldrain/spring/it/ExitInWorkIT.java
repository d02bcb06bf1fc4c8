package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.Outcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What counts as work ends the application, and the end does not wait for it. */
class ExitInWorkIT {
  // Whoever waits for itself waits longer than any test does.
  private static final String[] PATIENT = {
    "drain.settle-grace=10m", "drain.grace-period=30m", "drain.stop-margin=1s"
  };

  @Configuration
  static class Ending {
    final CompletableFuture<Integer> exited = new CompletableFuture<>();

    @Bean(destroyMethod = "") // it would wait for its own thread
    SocketIOServer server() {
      return Contexts.server();
    }

    @Bean
    Admin admin(ApplicationContext context) {
      return new Admin(context, exited);
    }
  }

  @RestController
  static class Admin {
    private final ApplicationContext context;
    private final CompletableFuture<Integer> exited;

    Admin(ApplicationContext context, CompletableFuture<Integer> exited) {
      this.context = context;
      this.exited = exited;
    }

    @PostMapping("/exit")
    void exit() {
      exited.complete(SpringApplication.exit(context, () -> 3));
    }
  }

  private static TestApp start() {
    return TestApp.start(new Class<?>[] {OpenApp.class, Ending.class}, PATIENT);
  }

  /** Waits for the end that something has begun, and gives what is left of the drain. */
  private static DrainReport ended(TestApp app, ThrowingRunnable begins) throws Exception {
    DrainCoordinator coordinator = app.coordinator();
    CompletableFuture<Integer> exited = app.bean(Ending.class).exited;
    begins.run();
    assertThat(exited).succeedsWithin(TestApp.BOUND).isEqualTo(3);
    assertThat(coordinator.alive()).isFalse();
    assertThat(coordinator.report().reasons()).containsExactly(DrainReason.SHUTDOWN);
    return coordinator.report();
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  @Test
  void request_thatExits_isNotWaitedFor() throws Exception {
    try (TestApp app = start()) {
      DrainReport receipt =
          ended(
              app,
              () -> {
                var unused = app.send("POST", "server", "/exit");
              });
      assertThat(receipt.workAbandoned()).isZero();
    }
  }

  @Test
  void task_thatExits_isNotWaitedFor() throws Exception {
    try (TestApp app = start()) {
      Admin admin = app.bean(Admin.class);
      ThreadPoolTaskExecutor pool = app.bean(ThreadPoolTaskExecutor.class);
      assertThat(ended(app, () -> pool.execute(admin::exit)).workAbandoned()).isZero();
    }
  }

  @Test
  void wrappedTask_thatExits_isNotWaitedFor() throws Exception {
    try (TestApp app = start()) {
      Admin admin = app.bean(Admin.class);
      Executor thread = task -> new Thread(task).start();
      Executor orders = app.coordinator().work().wrap("order", thread);
      assertThat(ended(app, () -> orders.execute(admin::exit)).workAbandoned()).isZero();
    }
  }

  @Test
  void taskOfAHandler_thatExits_isNotWaitedFor_andItsClientIsLetGo() throws Exception {
    try (TestApp app = start()) {
      Admin admin = app.bean(Admin.class);
      ThreadPoolTaskExecutor pool = app.bean(ThreadPoolTaskExecutor.class);
      DrainReport receipt = ended(app, () -> onExit(app, () -> pool.execute(admin::exit)));
      assertThat(receipt.workAbandoned()).isZero();
      assertThat(receipt.count(Outcome.CLOSED)).isOne();
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void handler_thatExits_isCutWhenNothingElseIsLeft_andSaid(CapturedOutput output)
      throws Exception {
    try (TestApp app = start()) {
      Admin admin = app.bean(Admin.class);
      DrainReport receipt = ended(app, () -> onExit(app, admin::exit));
      assertThat(receipt.tracked()).isOne();
      assertThat(receipt.count(Outcome.CLOSED)).isZero();
      assertThat(output).containsOnlyOnce("DRAIN-089 pod ");
    }
  }

  /** Has a client send what a handler answers by the end of the application. */
  private static void onExit(TestApp app, Runnable handler) throws Exception {
    SocketIOServer server = app.bean(SocketIOServer.class);
    server.addEventListener("exit", String.class, (client, ignored, ack) -> handler.run());
    server.start();
    int port = server.getConfiguration().getPort();
    URI address = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
    WebSocket client =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new WebSocket.Listener() {})
            .get();
    client.sendText("40", true).get();
    client.sendText("42[\"exit\",\"now\"]", true).get();
  }
}
