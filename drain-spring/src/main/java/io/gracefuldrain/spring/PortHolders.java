package io.gracefuldrain.spring;

import com.corundumstudio.socketio.SocketIOServer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Who else in this application wants a port. Our own server starts first: without this, another one
 * would fail later, and not say why.
 */
final class PortHolders {
  private static final String ACTION =
      "Set drain.http.port to a port of its own. Or give Actuator one (management.server.port):"
          + " hooks and probes then are there.";

  private final Environment environment;
  private final ConfigurableListableBeanFactory beans;
  private final boolean web;

  /**
   * The holders of an application.
   *
   * @param web whether it has a web server
   */
  PortHolders(Environment environment, ConfigurableListableBeanFactory beans, boolean web) {
    this.environment = environment;
    this.beans = beans;
    this.web = web;
  }

  /**
   * Returns if nobody in this application is known to want the port.
   *
   * @throws DrainStartException if somebody is
   */
  void refuseTaken(int port) {
    all().entrySet().stream()
        .filter(holder -> port != 0 && holder.getValue() == port)
        .findFirst()
        .ifPresent(
            holder -> {
              throw new DrainStartException(
                  "The port of the drain's hooks and probes (drain.http.port="
                      + port
                      + ") is also that of "
                      + holder.getKey()
                      + ".",
                  ACTION,
                  null);
            });
  }

  static DrainStartException inUse(int port, Throwable cause) {
    return new DrainStartException(
        "Port "
            + port
            + " (drain.http.port), for the drain's hooks and probes, cannot be opened: "
            + cause.getMessage()
            + ".",
        ACTION + " Or end the process that has the port.",
        cause);
  }

  private Map<String, Integer> all() {
    Map<String, Integer> holders = new LinkedHashMap<>();
    if (web) {
      holders.put("the web server (server.port)", port("server.port", 8080));
      if (ClassUtils.isPresent(OnOwnServer.NoManagementPort.ACTUATOR, beans.getBeanClassLoader())) {
        holders.put("Actuator (management.server.port)", port("management.server.port", 0));
      }
    }
    holders.put(
        "an RSocket server (spring.rsocket.server.port)", port("spring.rsocket.server.port", 0));
    holders.put("a gRPC server (spring.grpc.server.port)", port("spring.grpc.server.port", 0));
    for (String name : beans.getBeanNamesForType(SocketIOServer.class, false, false)) {
      if (beans.getSingleton(name) instanceof SocketIOServer server) {
        holders.put("the SocketIOServer bean " + name, server.getConfiguration().getPort());
      }
    }
    return holders;
  }

  private int port(String property, int otherwise) {
    return environment.getProperty(property, Integer.class, otherwise);
  }
}
