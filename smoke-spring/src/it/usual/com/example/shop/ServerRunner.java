package com.example.shop;

import com.corundumstudio.socketio.SocketIOServer;
import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.stereotype.Component;

@Component
class ServerRunner implements CommandLineRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ServerRunner.class);

  private final SocketIOServer server;
  private final Orders orders;

  ServerRunner(SocketIOServer server, Orders orders) {
    this.server = server;
    this.orders = orders;
  }

  @Override
  public void run(String... args) {
    server.addEventListener("up", Integer.class, (client, n, ack) -> ack.sendAckData(n));
    server.addEventListener("order", Integer.class, (client, id, ack) -> orders.cook(id, ack));
    server.start();
    LOG.info("shop: open");
  }

  @PreDestroy
  void stop() {
    LOG.info("shop: stops its server");
    server.stop();
  }
}
