package io.gracefuldrain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class PortsTest {
  @Test
  void free_several_areDifferentAndCanBeBound() throws IOException {
    int[] ports = Ports.free(3);

    assertThat(ports).doesNotHaveDuplicates();
    for (int port : ports) {
      try (ServerSocket server = new ServerSocket(port)) {
        assertThat(server.getLocalPort()).isEqualTo(port);
      }
    }
  }
}
