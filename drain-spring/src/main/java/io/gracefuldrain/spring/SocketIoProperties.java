package io.gracefuldrain.spring;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.Configuration;
import io.gracefuldrain.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The Socket.IO server that the starter makes, where the application has none. What is set here
 * wins over a bean of type {@link Configuration}; for all else declare such a bean.
 *
 * @param port where the server listens; with it alone the starter makes a server. 0 is any free one
 * @param host the address on which it listens; all by default
 * @param context the path of Socket.IO requests; /socket.io by default
 * @param origin the origin that browsers may come from; by default the one that a request names
 * @param pingInterval how often clients are pinged; 25s by default
 * @param pingTimeout how long a client may be silent before it counts as gone; 60s by default
 * @param workerThreads the threads that serve clients; twice the processors by default
 * @param maxFramePayloadLength the longest WebSocket frame; 64KB by default
 * @param ackMode when events are acknowledged; auto-success-only by default. Work that outlives its
 *     handler needs manual
 */
@ConfigurationProperties("drain.socketio")
public record SocketIoProperties(
    @Nullable Integer port,
    @Nullable String host,
    @Nullable String context,
    @Nullable String origin,
    @Nullable Duration pingInterval,
    @Nullable Duration pingTimeout,
    @Nullable Integer workerThreads,
    @Nullable DataSize maxFramePayloadLength,
    @Nullable AckMode ackMode) {

  /** Refuses what a server cannot have. */
  public SocketIoProperties {
    if (port != null && (port < 0 || port > 65_535)) {
      throw invalid("port", port, "0 to 65535");
    }
    if (context != null && !context.startsWith("/")) {
      throw invalid("context", context, "a path that begins with /");
    }
    if (workerThreads != null && workerThreads < 0) {
      throw invalid("worker-threads", workerThreads, ">= 0");
    }
    atMostADay("ping-interval", pingInterval);
    atMostADay("ping-timeout", pingTimeout);
    if (maxFramePayloadLength != null
        && (maxFramePayloadLength.toBytes() < 1
            || maxFramePayloadLength.toBytes() > Integer.MAX_VALUE)) {
      throw invalid("max-frame-payload-length", maxFramePayloadLength, "1B to 2047MB");
    }
  }

  /** netty-socketio takes a number of milliseconds, as an int. */
  private static void atMostADay(String name, @Nullable Duration value) {
    if (value != null && (value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0)) {
      throw invalid(name, Durations.format(value), "0s to 24h");
    }
  }

  private static DrainStartException invalid(String name, Object value, String expected) {
    return DrainStartException.ofOwnSetting("socketio." + name, value, expected);
  }

  /** Changes what is set here. */
  void apply(Configuration configuration) {
    if (port != null) {
      configuration.setPort(port);
    }
    if (host != null) {
      configuration.setHostname(host);
    }
    if (context != null) {
      configuration.setContext(context);
    }
    if (origin != null) {
      configuration.setOrigin(origin);
    }
    if (pingInterval != null) {
      configuration.setPingInterval(Math.toIntExact(pingInterval.toMillis()));
    }
    if (pingTimeout != null) {
      configuration.setPingTimeout(Math.toIntExact(pingTimeout.toMillis()));
    }
    if (workerThreads != null) {
      configuration.setWorkerThreads(workerThreads);
    }
    if (maxFramePayloadLength != null) {
      configuration.setMaxFramePayloadLength(Math.toIntExact(maxFramePayloadLength.toBytes()));
    }
    if (ackMode != null) {
      configuration.setAckMode(ackMode);
    }
  }
}
