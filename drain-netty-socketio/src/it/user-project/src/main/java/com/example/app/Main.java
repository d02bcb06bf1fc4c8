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

  /** Serves on two ports: the application's and the management's. */
  public static void main(String[] args) {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Integer.parseInt(args[0]));
    configuration.setRandomSession(true);
    SocketIOServer server = new SocketIOServer(configuration);

    DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.fromEnvironment());
    SocketIoDrain.attach(server, coordinator);
    server.start();
    DrainHttpServer.start(coordinator, Integer.parseInt(args[1]));
    DrainSignals.install(coordinator, server::stop);
    coordinator.started();
  }
}
