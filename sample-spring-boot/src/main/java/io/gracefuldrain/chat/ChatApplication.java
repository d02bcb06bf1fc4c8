package io.gracefuldrain.chat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.http.DrainHttpServer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

@SpringBootApplication
@EnableScheduling
class ChatApplication {
  public static void main(String[] args) {
    SpringApplication.run(ChatApplication.class, args);
  }

  @Bean
  DrainHttpServer management(DrainCoordinator drain, @Value("${drain.http.port:8081}") int port) {
    return DrainHttpServer.start(drain, port);
  }
}
