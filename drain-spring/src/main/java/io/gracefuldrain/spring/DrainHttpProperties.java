package io.gracefuldrain.spring;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the drain's hooks and probes are. Immutable.
 *
 * @param enabled whether there are any
 * @param port the port of our own server, which is started only where Actuator has no port of its
 *     own; 0 for a free one
 * @param address the address of our own server. By default every address inside a container, and
 *     loopback elsewhere
 * @param onManagementPort whether they are on Actuator's management port, if it has one of its own;
 *     if not, our own server has them
 */
@ConfigurationProperties("drain.http")
public record DrainHttpProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("8081") int port,
    @Nullable InetAddress address,
    @DefaultValue("true") boolean onManagementPort) {
  /** Refuses a port that there is not. */
  public DrainHttpProperties {
    if (port < 0 || port > 65_535) {
      throw DrainStartException.ofOwnSetting("http.port", port, "0 to 65535");
    }
  }
}
