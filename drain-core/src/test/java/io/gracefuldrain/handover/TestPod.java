package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.KeepingConnection;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A pod with its management port on loopback, whose drain lets all go at once. */
final class TestPod implements AutoCloseable {
  static final String KEY = "0123456789abcdef0123456789abcdef";

  final DrainCoordinator coordinator;
  final HandOver handOver;
  final DrainHttpServer server;

  private TestPod(DrainPolicy policy) {
    coordinator = DrainCoordinator.create(policy);
    coordinator.started();
    // Without the request that warms it up, which tests would have to tell from others.
    handOver = policy.handsOver() ? new Live(coordinator, Time.SYSTEM) : HandOver.of(coordinator);
    server =
        DrainHttpServer.start(
            DrainEndpoints.of(coordinator),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** The time limit is long, since this machine is busy: tests of it have one of their own. */
  static DrainPolicy policy(String name) {
    return DrainPolicy.defaults()
        .withPod(name)
        .withTicketKey(KEY)
        .withPodIp("127.0.0.1")
        .withPeers("127.0.0.0/8")
        .withHandoverTimeout(Duration.ofSeconds(20))
        .withReadinessDelayMin(Duration.ZERO)
        .withReadinessDelayMax(Duration.ZERO)
        .withMoveWindow(Duration.ZERO)
        .withSettleGrace(Duration.ofMinutes(1))
        .withGracePeriod(Duration.ofMinutes(2))
        .withReceipt(DrainPolicy.Receipt.LOG)
        .withTerminationLog("");
  }

  static TestPod start(DrainPolicy policy) {
    return new TestPod(policy);
  }

  static TestPod start(String name) {
    return start(policy(name));
  }

  /** Connections that are let go, and whose sessions wait. */
  List<KeepingConnection> letGo(String... ids) {
    List<KeepingConnection> clients =
        Stream.of(ids).map(id -> KeepingConnection.register(coordinator, id)).toList();
    coordinator.drain(DrainReason.MANUAL);
    Await.until(
        "all are kept",
        Duration.ofSeconds(30),
        () -> clients.stream().allMatch(client -> client.events().contains("kept")));
    return clients;
  }

  /** A session's mail; its old pod hears that it has landed. */
  static String fetch(HandOver by, String token, String id) throws Exception {
    HandOver.Prepared prepared = prepare(by, token, id);
    String mail = take(prepared);
    prepared.landed();
    return mail;
  }

  /** Waits until a session has ended at its old pod. */
  static void awaitLanded(KeepingConnection client, String on) {
    Await.until(
        () -> "landed; so far " + client.events(),
        Duration.ofSeconds(30),
        () -> client.events().contains("taken by " + on));
    if (client.events().size() != 3) {
      throw new AssertionError(client.events().toString());
    }
  }

  static HandOver.Prepared prepare(HandOver by, String token, String id) throws Exception {
    return result(by.prepare(token, id.getBytes(StandardCharsets.UTF_8)));
  }

  static String take(HandOver.Prepared prepared) throws Exception {
    return new String(result(prepared.take()), StandardCharsets.UTF_8);
  }

  /** What a stage gives, or the refusal that it fails with. */
  static <T> T result(CompletionStage<T> stage) throws Exception {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HandOverRefusal refusal) {
        throw refusal;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("never answered", e);
    }
  }

  @Override
  public void close() {
    server.close();
    coordinator.close();
  }
}
