package io.gracefuldrain.lab.local;

import io.gracefuldrain.lab.LabFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports for pods, each given once. They lie below the ports of outgoing connections; otherwise a
 * connection of the crowd could take a port before its pod does. Not thread-safe.
 */
final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int COUNT = 10_000;
  private static final int TRIES = 200;

  private final Random random = new Random();
  private final Set<Integer> given = new HashSet<>();

  int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST + random.nextInt(COUNT);
      if (!given.contains(port) && free(port)) {
        given.add(port);
        return port;
      }
    }
    throw new LabFailure(
        "no free port from %s to %s in %s tries".formatted(FIRST, FIRST + COUNT - 1, TRIES));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException e) {
      return false; // taken
    }
  }
}
