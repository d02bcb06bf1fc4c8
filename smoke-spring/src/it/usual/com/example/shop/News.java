package com.example.shop;

import com.corundumstudio.socketio.SocketIOServer;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Numbers that every pod agrees on: message n is due at n times 100 ms. */
@Component
class News {
  private static final long EVERY_MILLIS = 100;

  private final SocketIOServer server;
  private final Database database;
  private final String pod;
  private long last = System.currentTimeMillis() / EVERY_MILLIS;

  News(SocketIOServer server, Database database, @Value("${HOSTNAME:shop}") String pod) {
    this.server = server;
    this.database = database;
    this.pod = pod;
  }

  @Scheduled(fixedRate = EVERY_MILLIS)
  void publish() {
    long now = System.currentTimeMillis() / EVERY_MILLIS;
    while (last < now) {
      last++;
      database.write("news " + last);
      Map<String, Object> news = Map.of("n", last, "pod", pod);
      server.getAllClients().forEach(client -> client.sendEvent("news", news));
    }
  }
}
