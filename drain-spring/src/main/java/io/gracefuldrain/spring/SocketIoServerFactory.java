package io.gracefuldrain.spring;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;

/** Makes the server of an application that only says how it is to be. */
final class SocketIoServerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(SocketIoServerFactory.class);

  private SocketIoServerFactory() {}

  static SocketIOServer create(
      ObjectProvider<Configuration> configurations, SocketIoProperties properties) {
    Configuration configuration = one(configurations);
    properties.apply(configuration);
    if (configuration.getPort() < 0) {
      throw new DrainStartException(
          "The bean of type com.corundumstudio.socketio.Configuration has no port.",
          "Set drain.socketio.port, or call setPort on the bean.",
          null);
    }
    if (!configuration.isRandomSession()) {
      LOG.info(
          "DRAIN-080 randomSession is turned on for the Socket.IO server on port {}: without it a"
              + " browser's second connection takes over the first one's session",
          configuration.getPort());
      configuration.setRandomSession(true);
    }
    // A port that was in use a moment ago, by the process before this one, is no obstacle.
    configuration.getSocketConfig().setReuseAddress(true);
    return new SocketIOServer(configuration);
  }

  private static Configuration one(ObjectProvider<Configuration> configurations) {
    try {
      return configurations.getIfAvailable(Configuration::new);
    } catch (NoUniqueBeanDefinitionException e) {
      throw new DrainStartException(
          "There are several beans of type com.corundumstudio.socketio.Configuration: "
              + String.join(", ", names(e))
              + ". The starter makes one server, and cannot choose.",
          "Mark one of them @Primary, or declare a bean of type SocketIOServer for each: all are"
              + " attached to the one coordinator.",
          e);
    }
  }

  private static Iterable<String> names(NoUniqueBeanDefinitionException e) {
    var names = e.getBeanNamesFound();
    return names == null ? List.of() : names;
  }
}
