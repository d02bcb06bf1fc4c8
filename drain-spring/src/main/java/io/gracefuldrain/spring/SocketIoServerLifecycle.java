package io.gracefuldrain.spring;

import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.annotation.OnConnect;
import com.corundumstudio.socketio.annotation.OnDisconnect;
import com.corundumstudio.socketio.annotation.OnEvent;
import com.corundumstudio.socketio.annotation.SpringAnnotationScanner;
import io.gracefuldrain.socketio.SocketIoDrain;
import java.net.BindException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;

/**
 * Starts the server that the starter makes, with the listeners of all beans that have methods with
 * {@link OnConnect}, {@link OnEvent} or {@link OnDisconnect}. Stops it after the drain. It opens
 * after the web server, and closes before it.
 */
final class SocketIoServerLifecycle implements SmartLifecycle {
  /** Above the web server's graceful shutdown, which is at {@code DEFAULT_PHASE - 1024}. */
  static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 512;

  private final SocketIOServer server;
  private final SocketIoDrains drains;
  private final ConfigurableListableBeanFactory beans;

  SocketIoServerLifecycle(
      SocketIOServer server, SocketIoDrains drains, ConfigurableListableBeanFactory beans) {
    this.server = server;
    this.drains = drains;
    this.beans = beans;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public void start() {
    addListeners();
    try {
      server.start();
    } catch (Exception e) { // netty-socketio throws what it does not declare
      if (e instanceof BindException) {
        throw taken(e);
      }
      throw e;
    }
  }

  private DrainStartException taken(Exception e) {
    int port = server.getConfiguration().getPort();
    return new DrainStartException(
        "The Socket.IO server cannot listen on port " + port + ": " + e.getMessage() + ".",
        "Stop what listens there, or change drain.socketio.port (or the port of your Configuration"
            + " bean). It cannot be the port of the web server or of the management server.",
        e);
  }

  @Override
  public void stop() {
    SocketIoDrain drain = drains.find(server);
    if (drain != null) {
      drain.stop();
    }
  }

  /**
   * On a thread of its own, so that the phase ends in time: netty-socketio takes its four seconds.
   */
  @Override
  public void stop(Runnable callback) {
    apart(
        () -> {
          try {
            stop();
          } finally {
            callback.run();
          }
        });
  }

  /** Runs what stops a server, on a thread of its own. */
  static void apart(Runnable stops) {
    Thread thread = new Thread(stops, "drain-socketio-stop");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Spring 7 stops the beans of a context that its test framework keeps for later, and starts them
   * again. A server of netty-socketio starts only once.
   */
  public boolean isPauseable() {
    return false;
  }

  @Override
  public boolean isRunning() {
    SocketIoDrain drain = drains.find(server);
    return drain != null && drain.running();
  }

  // ---------------------------------------------------------------- annotated beans

  /** As netty-socketio's own scanner does; where the application has that, it is left to it. */
  private void addListeners() {
    if (beans.getBeanNamesForType(SpringAnnotationScanner.class, true, false).length > 0) {
      return;
    }
    for (String name : beans.getBeanDefinitionNames()) {
      Class<?> type = beans.getType(name, false);
      Class<?> own = type == null ? null : ClassUtils.getUserClass(type);
      if (own != null && beans.isSingleton(name) && !SocketIoListeners.of(own).isEmpty()) {
        server.addListeners(beans.getBean(name), own);
      }
    }
  }
}
