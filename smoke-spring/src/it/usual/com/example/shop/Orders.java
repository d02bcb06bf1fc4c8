package com.example.shop;

import com.corundumstudio.socketio.AckRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

@Component
class Orders {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  private final Database database;
  private final long takesMillis;

  Orders(Database database, @Value("${shop.order-takes:2500}") long takesMillis) {
    this.database = database;
    this.takesMillis = takesMillis;
  }

  @Async
  void cook(int id, AckRequest ack) throws InterruptedException {
    LOG.info("shop: order {} begins on {}", id, Thread.currentThread());
    Thread.sleep(takesMillis);
    database.write("order " + id);
    ack.sendAckData(id);
    LOG.info("shop: order {} is served", id);
  }
}
