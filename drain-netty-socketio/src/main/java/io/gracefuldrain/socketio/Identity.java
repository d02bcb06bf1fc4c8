package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.HandshakeData;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whose session it is, as a fingerprint that two pods can compare: of the name that the
 * application gives, or else of the {@code auth} that the client has brought, member by member as
 * it stands on the wire.
 */
final class Identity {
  private static final Logger LOG = LoggerFactory.getLogger(Identity.class);
  private static final byte[] NOBODY = {};
  private static final SecureRandom RANDOM = new SecureRandom();

  private Identity() {}

  /**
   * The fingerprint of a client that joins a namespace: 32 bytes, or none if it brings no {@code
   * auth}. If its {@code auth} cannot be read, or the application cannot tell, it is one that
   * equals no other.
   */
  static byte[] of(ServerContext context, HandshakeData handshake, ConnectPacket connect) {
    if (connect.auth() == null) {
      return unique();
    }
    BiFunction<HandshakeData, @Nullable Object, String> function = context.choices().identity();
    if (function != null) {
      try {
        String name = function.apply(handshake, auth(context, connect));
        return name == null ? unique() : digest("name " + name);
      } catch (Exception e) { // the application's own: a token that is no good, say
        LOG.warn("DRAIN-075 the application could not tell whose session it is: {}", e.toString());
        LOG.debug("the application could not tell whose session it is", e);
        return unique();
      } catch (Throwable e) {
        LOG.warn("DRAIN-075 the application failed to tell whose session it is", e);
        return unique();
      }
    }
    String said = connect.identity();
    return said == null ? NOBODY : digest("auth " + said);
  }

  /** As the application's listeners get it. */
  private static @Nullable Object auth(ServerContext context, ConnectPacket connect)
      throws IOException {
    String own = connect.ownAuth();
    if (own == null) {
      return null;
    }
    return context
        .json()
        .readValue(
            connect.namespace(),
            new ByteBufInputStream(Unpooled.copiedBuffer(own, StandardCharsets.UTF_8)),
            Map.class);
  }

  private static byte[] unique() {
    byte[] bytes = new byte[HandOverCodec.FINGERPRINT];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each JVM has SHA-256", e);
    }
  }
}
