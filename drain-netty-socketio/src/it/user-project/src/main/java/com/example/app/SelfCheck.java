package com.example.app;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import sun.misc.Signal;

/** Runs the application, checks it from outside, and ends it as Kubernetes would. */
final class SelfCheck {
  private SelfCheck() {}

  public static void main(String[] args) throws Exception {
    int port = freePort();
    int managementPort = freePort();
    Main.main(new String[] {Integer.toString(port), Integer.toString(managementPort)});
    System.out.println(
        "user-project: handshake " + get(port, "/socket.io/?EIO=4&transport=polling"));
    System.out.println("user-project: readyz " + get(managementPort, "/readyz"));
    Signal.raise(new Signal("TERM"));
    Thread.sleep(60_000);
    Runtime.getRuntime().halt(1); // it should have ended long ago
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  private static int get(int port, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
