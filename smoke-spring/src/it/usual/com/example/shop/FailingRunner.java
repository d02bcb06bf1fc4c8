package com.example.shop;

import com.corundumstudio.socketio.SocketIOServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** A start that fails when clients are connected already. */
@Component
@Order
@ConditionalOnProperty("shop.fails")
class FailingRunner implements CommandLineRunner {
  private final CountDownLatch ordered = new CountDownLatch(1);

  FailingRunner(SocketIOServer server) {
    server.addEventListener("order", Integer.class, (client, id, ack) -> ordered.countDown());
  }

  @Override
  public void run(String... args) throws InterruptedException {
    boolean came = ordered.await(60, TimeUnit.SECONDS);
    throw new IllegalStateException("shop: cannot start, order came: " + came);
  }
}
