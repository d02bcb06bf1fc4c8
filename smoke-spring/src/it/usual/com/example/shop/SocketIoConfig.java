package com.example.shop;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.SocketIOServer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class SocketIoConfig {
  @Bean
  SocketIOServer socketIOServer(@Value("${shop.socketio.port}") int port) {
    com.corundumstudio.socketio.Configuration configuration =
        new com.corundumstudio.socketio.Configuration();
    configuration.setPort(port);
    configuration.setRandomSession(true);
    configuration.setAckMode(AckMode.MANUAL);
    configuration.getSocketConfig().setReuseAddress(true);
    return new SocketIOServer(configuration);
  }
}
