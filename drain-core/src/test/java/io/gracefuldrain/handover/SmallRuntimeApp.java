package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.KeepingConnection;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.testing.Await;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Tries in a JVM of its own what needs a module that a runtime may not have. */
final class SmallRuntimeApp {
  private SmallRuntimeApp() {}

  /**
   * Says how each attempt has ended.
   *
   * @param arguments the key
   */
  public static void main(String[] arguments) {
    DrainPolicy policy =
        DrainPolicy.defaults().withReceipt(DrainPolicy.Receipt.LOG).withTerminationLog("");
    DrainPolicy keyed = policy.withTicketKey(arguments[0]);
    Map<String, Runnable> attempts =
        Map.of(
            "keyless", () -> HandOver.of(DrainCoordinator.create(policy)),
            "keyed", () -> HandOver.of(DrainCoordinator.create(keyed)),
            "off",
                () ->
                    HandOver.of(
                        DrainCoordinator.create(keyed.withHandover(DrainPolicy.Handover.OFF))),
            "pair", SmallRuntimeApp::handsOver,
            "management", () -> DrainHttpServer.start(DrainCoordinator.create(policy), 0));
    attempts.forEach(SmallRuntimeApp::attempt);
    System.exit(0);
  }

  /** Two pods, of which one takes a session of the other, as over a network. */
  private static void handsOver() {
    try (TestPod old = TestPod.start(TestPod.policy("old"));
        TestPod next = TestPod.start(TestPod.policy("next"))) {
      KeepingConnection client = KeepingConnection.register(old.coordinator, "alice");
      old.coordinator.drain(DrainReason.MANUAL);
      Await.until(() -> client.events().contains("kept"));
      client.send("missed");
      HandOver.Prepared prepared =
          next.handOver
              .prepare(old.handOver.token("alice"), "alice".getBytes(StandardCharsets.UTF_8))
              .toCompletableFuture()
              .join();
      String mail =
          new String(prepared.take().toCompletableFuture().join(), StandardCharsets.UTF_8);
      prepared.landed().toCompletableFuture().join();
      if (!mail.equals("missed")) {
        throw new IllegalStateException("mail: " + mail);
      }
    }
  }

  private static void attempt(String name, Runnable task) {
    try {
      task.run();
      System.out.println(name + ": well");
    } catch (Throwable e) { // also what a missing class throws
      System.out.println(name + ": " + e);
    }
  }
}
