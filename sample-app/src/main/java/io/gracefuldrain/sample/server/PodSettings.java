package io.gracefuldrain.sample.server;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.sample.page.DemoLink;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings for a pod's start.
 *
 * @param tokenIsRandom whether the policy's admin token was made here
 * @param ledger takes each line of the session ledger
 */
record PodSettings(
    DrainPolicy policy,
    boolean tokenIsRandom,
    int port,
    int managementPort,
    DemoLink demo,
    Consumer<String> ledger) {

  /**
   * Settings from the environment and the command line.
   *
   * @param name what the pod is called, or null for the environment's choice
   * @throws IllegalArgumentException if a setting of the environment is wrong
   */
  static PodSettings of(
      Map<String, String> environment,
      @Nullable String name,
      int port,
      int managementPort,
      Consumer<String> ledger) {
    DrainPolicy policy = DrainPolicy.fromEnvironment(environment);
    if (name != null) {
      policy = policy.withPod(name);
    } else if (!environment.containsKey("DRAIN_POD")
        && !environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      policy = policy.withPod("pod-" + port); // there may be several on this machine
    }
    boolean tokenIsRandom = policy.adminToken().isEmpty();
    return new PodSettings(
        tokenIsRandom ? policy.withAdminToken(randomToken()) : policy,
        tokenIsRandom,
        port,
        managementPort,
        DemoLink.of(environment),
        ledger);
  }

  private static String randomToken() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
