package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOServer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.DrainReport;
import io.gracefuldrain.MessageIds;
import io.gracefuldrain.Outcome;
import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Opened;
import io.gracefuldrain.testing.Ports;
import io.gracefuldrain.testing.WireSocket;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Two applications, of which one hands its sessions over to the other. */
class HandOverPairIT {
  private static final int CLIENTS = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Its disconnect listener takes a second, and so does the answer that a session has landed. */
  @Configuration
  static class Chat {
    @Bean
    SocketIOServer chat(Environment environment) {
      com.corundumstudio.socketio.Configuration configuration =
          new com.corundumstudio.socketio.Configuration();
      configuration.setHostname("127.0.0.1");
      configuration.setPort(environment.getRequiredProperty("chat.port", Integer.class));
      configuration.setRandomSession(true);
      SocketIOServer server = new SocketIOServer(configuration);
      server.addConnectListener(client -> client.joinRoom("room"));
      server.addDisconnectListener(client -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1)));
      return server;
    }

    @Bean
    ApplicationRunner starter(SocketIOServer server) {
      return arguments -> server.start();
    }
  }

  private static WireSocket connect(int port, String auth) throws Exception {
    WireSocket client = WireSocket.open(port, "EIO=4");
    client.send("40" + auth);
    return client;
  }

  private static String pid(WireSocket client) throws Exception {
    String answer = client.await("an answer", message -> message.startsWith("40"));
    return JSON.readTree(answer.substring(2)).path("pid").asText();
  }

  private static List<Integer> numbers(WireSocket client) {
    return client.messages().stream()
        .filter(message -> message.startsWith("42[\"say\""))
        .map(HandOverPairIT::number)
        .toList();
  }

  private static int number(String event) {
    try {
      return JSON.readTree(event.substring(2)).path(1).path("n").asInt();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestApp start(Class<?> kind, String pod, int port, String... place) {
    String[] own = {
      "drain.ticket-key=of-a-test-0123456789-0123456789-",
      "drain.pod-ip=127.0.0.1",
      "drain.peers=127.0.0.0/8",
      "drain.handover-timeout=5s", // processors are busy
      "drain.pod=" + pod,
      "chat.port=" + port
    };
    return TestApp.start(
        new Class<?>[] {kind, Chat.class},
        Stream.concat(Arrays.stream(own), Arrays.stream(place)).toArray(String[]::new));
  }

  private final Opened opened = new Opened();

  @AfterEach
  void closeAll() throws Exception {
    opened.closeAll();
  }

  @ParameterizedTest
  @MethodSource("io.gracefuldrain.spring.it.HandOverPlaceIT#places")
  void sessions_whoseEndTakesASecond_areHandedOverWhole(Class<?> kind, String[] place)
      throws Exception {
    int portA = Ports.free();
    int portB = Ports.free();
    ScheduledExecutorService bus = Executors.newSingleThreadScheduledExecutor();
    try (TestApp old = start(kind, "pod-a", portA, place);
        TestApp next = start(kind, "pod-b", portB, place)) {
      MessageIds ids = MessageIds.of("bus");
      AtomicInteger said = new AtomicInteger();
      List<SocketIOServer> servers =
          List.of(old.bean(SocketIOServer.class), next.bean(SocketIOServer.class));
      List<WireSocket> before = new ArrayList<>();
      List<String> pids = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        before.add(opened.add(connect(portA, "")));
        pids.add(pid(before.get(i)));
      }
      var unused =
          bus.scheduleAtFixedRate(
              () -> {
                Map<String, Object> message = ids.stamp(Map.of("n", said.getAndIncrement()));
                servers.forEach(
                    server -> server.getRoomOperations("room").sendEvent("say", message));
              },
              0,
              5,
              TimeUnit.MILLISECONDS);
      Await.until("all hear", () -> before.stream().allMatch(each -> numbers(each).size() > 20));

      CompletableFuture<DrainReport> drain =
          old.coordinator().drain(DrainReason.MANUAL).done().toCompletableFuture();
      List<WireSocket> after = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        assertThat(before.get(i).end(TestApp.BOUND)).isEqualTo(WireSocket.End.FIN);
        after.add(opened.add(connect(portB, "{\"pid\":\"" + pids.get(i) + "\"}")));
      }
      for (int i = 0; i < CLIENTS; i++) {
        assertThat(pid(after.get(i))).isEqualTo(pids.get(i));
      }
      DrainReport report = drain.get(30, TimeUnit.SECONDS);
      bus.shutdown();
      assertThat(bus.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

      assertThat(report.count(Outcome.LANDED)).as(report.toText()).isEqualTo(CLIENTS);
      List<Integer> all = IntStream.range(0, said.get()).boxed().toList();
      for (int i = 0; i < CLIENTS; i++) {
        List<Integer> heard = new ArrayList<>(numbers(before.get(i)));
        WireSocket second = after.get(i);
        Await.until(
            () -> "the last of " + all.size() + ": " + numbers(second),
            TestApp.BOUND,
            () -> numbers(second).contains(all.size() - 1));
        heard.addAll(numbers(second));
        assertThat(heard).isEqualTo(all);
      }
      opened.closeAll(); // else the end of the other pod waits for them
    } finally {
      bus.shutdownNow();
    }
  }
}
