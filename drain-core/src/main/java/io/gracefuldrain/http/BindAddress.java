package io.gracefuldrain.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/** The address of a management port, unless one is given. */
final class BindAddress {
  private BindAddress() {}

  /** Every address in a container, since the kubelet connects from outside; loopback elsewhere. */
  static InetSocketAddress of(int port) {
    return of(port, inContainer(System.getenv(), Files::exists));
  }

  static InetSocketAddress of(int port, boolean inContainer) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
    return inContainer
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** By the traces of Kubernetes, Docker, and Podman or systemd, in this order. */
  static boolean inContainer(Map<String, String> environment, Predicate<Path> exists) {
    return environment.containsKey("KUBERNETES_SERVICE_HOST")
        || exists.test(Path.of("/.dockerenv"))
        || exists.test(Path.of("/run/.containerenv"))
        || environment.containsKey("container");
  }
}
