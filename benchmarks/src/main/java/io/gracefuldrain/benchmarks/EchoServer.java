package io.gracefuldrain.benchmarks;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.sun.management.OperatingSystemMXBean;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.socketio.SocketIoDrain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A netty-socketio server that echoes, in its own process. It prints its port. It answers each
 * {@link Question} that it reads with a number, and ends when its input ends.
 */
final class EchoServer {
  /** What it is asked. */
  enum Question {
    /** The processor time that it has used, in nanoseconds. */
    CPU,
    /** What is on its heap, in bytes. */
    HEAP,
    /** What its threads have allocated, in bytes. */
    ALLOCATED
  }

  private EchoServer() {}

  /** The arguments are the server's {@link EchoKind}, and for how many seconds it warms up. */
  public static void main(String[] args) throws IOException {
    EchoKind kind = EchoKind.valueOf(args[0]);
    int port = freePort();
    start(kind, port, Duration.ofSeconds(Integer.parseInt(args[1])));
    System.out.println(port);
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      System.out.println(answer(Question.valueOf(line)));
    }
    System.exit(0);
  }

  private static long answer(Question question) {
    return switch (question) {
      case CPU ->
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
      case HEAP -> Heap.used();
      case ALLOCATED -> Heap.allocated();
    };
  }

  private static void start(EchoKind kind, int port, Duration warmUp) {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(port);
    configuration.setRandomSession(true); // the adapter needs it; the plain server has it too
    SocketIOServer server = new SocketIOServer(configuration);
    server.addEventListener("echo", String.class, (client, text, ack) -> ack.sendAckData(text));
    server.addEventListener(
        "all",
        String.class,
        (client, text, ack) -> server.getBroadcastOperations().sendEvent("all", text));
    if (kind != EchoKind.PLAIN) {
      DrainCoordinator coordinator = DrainCoordinator.create(policy(kind).withWarmUp(warmUp));
      SocketIoDrain.attach(server, coordinator);
      server.start();
      coordinator.started();
    } else {
      server.start();
    }
  }

  private static DrainPolicy policy(EchoKind kind) {
    DrainPolicy policy = DrainPolicy.defaults();
    return kind == EchoKind.KEYED
        ? policy
            .withTicketKey("a key that all pods of a benchmark have")
            .withPodIp("127.0.0.1")
            .withHandoverPort(8081)
        : policy;
  }

  // netty-socketio does not tell which port it got for 0.
  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
