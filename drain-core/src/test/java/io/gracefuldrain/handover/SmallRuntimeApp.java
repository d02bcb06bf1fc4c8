package io.gracefuldrain.handover;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.http.DrainHttpServer;
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
            "management", () -> DrainHttpServer.start(DrainCoordinator.create(policy), 0));
    attempts.forEach(SmallRuntimeApp::attempt);
    System.exit(0);
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
