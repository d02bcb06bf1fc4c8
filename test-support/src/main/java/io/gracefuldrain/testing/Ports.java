package io.gracefuldrain.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports, for servers that take no port 0. Each is given once. They are below those that
 * systems give to outgoing connections, so that no client takes a port before its server does.
 */
public final class Ports {
  private static final int FIRST = 20_000;
  private static final int COUNT = 10_000;
  private static final int TRIES = 200;

  private static final Set<Integer> given = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A free port. */
  public static int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      if (given.add(port) && bindable(port)) {
        return port;
      }
    }
    throw new AssertionError(
        "no free port from %s to %s in %s tries".formatted(FIRST, FIRST + COUNT - 1, TRIES));
  }

  /** Several free ports. */
  public static int[] free(int count) {
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      ports[i] = free();
    }
    return ports;
  }

  private static boolean bindable(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException e) {
      return false; // taken
    }
  }
}
