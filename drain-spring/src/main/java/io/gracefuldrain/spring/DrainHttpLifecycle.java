package io.gracefuldrain.spring;

import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.DrainHttpServer;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts and stops our own server of hooks and probes: before all else, so that probes are answered
 * while the application starts, and after all else. Its port is the environment's property {@code
 * local.drain.port}. Thread-safe.
 */
final class DrainHttpLifecycle implements SmartLifecycle {
  /** The lowest, but for those that users may want to be lower. */
  static final int PHASE = Integer.MIN_VALUE + 1000;

  static final String LOCAL_PORT = "local.drain.port";

  private final DrainHttpProperties properties;
  private final DrainEndpoints endpoints;
  private final ManagementPlace place;
  private final PortHolders holders;
  private final ConfigurableEnvironment environment;
  private @Nullable DrainHttpServer server; // guarded by this

  DrainHttpLifecycle(
      DrainHttpProperties properties,
      DrainEndpoints endpoints,
      ManagementPlace place,
      PortHolders holders,
      ConfigurableEnvironment environment) {
    this.properties = properties;
    this.endpoints = endpoints;
    this.place = place;
    this.holders = holders;
    this.environment = environment;
  }

  @Override
  public synchronized void start() {
    if (server != null) {
      return;
    }
    holders.refuseTaken(properties.port());
    DrainHttpServer started = open();
    server = started;
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource(LOCAL_PORT, Map.of(LOCAL_PORT, started.port())));
    place.served(() -> "port " + started.port() + ", a server of the drain's own");
  }

  private DrainHttpServer open() {
    try {
      return properties.address() == null
          ? DrainHttpServer.start(endpoints, properties.port())
          : DrainHttpServer.start(
              endpoints, new InetSocketAddress(properties.address(), properties.port()));
    } catch (UncheckedIOException e) {
      throw PortHolders.inUse(properties.port(), e);
    }
  }

  @Override
  public synchronized void stop() {
    if (server != null) {
      server.close();
      server = null;
      environment.getPropertySources().remove(LOCAL_PORT);
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return server != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
