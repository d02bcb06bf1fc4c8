package com.example.app;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.http.DrainHttpServer;
import io.gracefuldrain.signal.DrainSignals;
import io.gracefuldrain.socketio.SocketIoDrain;

/** What a user of the SDK writes. */
public final class Main {
  private Main() {}

  /** Serves on two ports: one for the application and one for management. */
  public static void main(String[] args) {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Integer.parseInt(args[0]));
    configuration.setRandomSession(true);
    SocketIOServer server = new SocketIOServer(configuration);
    int managementPort = Integer.parseInt(args[1]);

    // The same lines as in the README. A test keeps them equal.
    DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.fromEnvironment());
    SocketIoDrain drain = SocketIoDrain.attach(server, coordinator);
    DrainHttpServer.start(coordinator, managementPort);
    DrainSignals.install(coordinator, drain::stop);
    server.start();
    coordinator.started();
  }
}
