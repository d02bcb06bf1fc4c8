package io.gracefuldrain.spring.it;

import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.socketio.SocketIoDrain;
import io.gracefuldrain.spring.DrainCustomizer;
import io.gracefuldrain.spring.DrainDoneEvent;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** The code of docs/spring.md, so that it compiles with both lines. A test holds them equal. */
@Configuration(proxyBeanMethods = false)
class PageApplication {
  private static final Logger log = LoggerFactory.getLogger(PageApplication.class);

  record Order(int id) {}

  private static int fulfil(Order order) {
    return order.id();
  }

  @Bean
  CommandLineRunner orders(
      SocketIOServer server, SocketIoDrain drain, Executor applicationTaskExecutor) {
    return arguments -> {
      server.addEventListener(
          "order",
          Order.class,
          (client, order, ack) -> {
            Executor orders = drain.work(client).wrap("order", applicationTaskExecutor);
            orders.execute(() -> ack.sendAckData(fulfil(order)));
          });
      server.start();
    };
  }

  @Bean
  DrainCustomizer window() {
    return policy -> policy.withMoveWindow(Duration.ofSeconds(20));
  }

  @EventListener
  void drained(DrainDoneEvent event) {
    log.info("{}", event.receipt().toText());
  }
}
