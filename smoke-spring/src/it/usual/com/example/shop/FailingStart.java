package com.example.shop;

import com.corundumstudio.socketio.SocketIOServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A start that fails when clients are connected already. */
@Component
@ConditionalOnProperty("shop.fails")
class FailingStart {
  private final CountDownLatch ordered = new CountDownLatch(1);

  FailingStart(SocketIOServer server) {
    server.addEventListener("order", Integer.class, (client, id, ack) -> ordered.countDown());
  }

  @EventListener(ApplicationReadyEvent.class)
  void warmUp() throws InterruptedException {
    boolean came = ordered.await(60, TimeUnit.SECONDS);
    throw new IllegalStateException("shop: cannot start, order came: " + came);
  }
}
