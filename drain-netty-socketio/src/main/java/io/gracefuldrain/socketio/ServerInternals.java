package io.gracefuldrain.socketio;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.scheduler.CancelableScheduler;
import io.netty.channel.EventLoopGroup;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts that netty-socketio does not show. It is read by reflection if the JVM allows that. If
 * not, the losses are early errors, a timer that stays, and a stop that takes four seconds.
 */
final class ServerInternals {
  private static final Logger LOG = LoggerFactory.getLogger(ServerInternals.class);

  // Netty's own bound.
  private static final long LOOPS_MOST_SECONDS = 15;

  private ServerInternals() {}

  /** Whether a server was started. It has event loops then. */
  static boolean started(SocketIOServer server) {
    return read(SocketIOServer.class, "bossGroup", server) != null;
  }

  /** The server's pipeline factory, or null if it cannot be seen. */
  static @Nullable Object pipelineFactory(SocketIOServer server) {
    return read(SocketIOServer.class, "pipelineFactory", server);
  }

  /** Ends the timer of an initializer that is not used any more. Netty would report a leak. */
  static void endTimer(@Nullable Object factory) {
    if (factory instanceof SocketIOChannelInitializer
        && read(SocketIOChannelInitializer.class, "scheduler", factory)
            instanceof CancelableScheduler scheduler) {
      scheduler.shutdown();
    }
  }

  /**
   * Ends the event loops of a server that has no clients, without the quiet period of two seconds
   * that each of its two groups has. What they run is finished. The server's own stop comes after
   * it, and finds them ended.
   */
  static void endLoops(SocketIOServer server) {
    if (read(SocketIOServer.class, "bossGroup", server) instanceof EventLoopGroup acceptors
        && read(SocketIOServer.class, "workerGroup", server) instanceof EventLoopGroup workers) {
      // One after the other: a connection that is accepted meanwhile still finds its loop.
      acceptors.shutdownGracefully(0, LOOPS_MOST_SECONDS, SECONDS).syncUninterruptibly();
      var unused = workers.shutdownGracefully(0, LOOPS_MOST_SECONDS, SECONDS);
    }
  }

  private static @Nullable Object read(Class<?> type, String name, Object from) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(from);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("{}.{} cannot be read", type.getSimpleName(), name, e);
      return null;
    }
  }
}
