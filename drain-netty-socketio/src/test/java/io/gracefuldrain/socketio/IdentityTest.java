package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.HandshakeData;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("the lines of others are the same")
final class IdentityTest {
  private final DrainCoordinator coordinator = DrainCoordinator.create(DrainPolicy.defaults());
  private final ServerContext context = new ServerContext(coordinator, true);

  @AfterEach
  void close() {
    coordinator.close();
  }

  private byte[] of(String connect) {
    return Identity.of(context, new HandshakeData(), ConnectPacket.of(connect));
  }

  @Test
  void identity_withoutAuth_isNobody() {
    assertThat(of("40")).isEmpty();
  }

  @Test
  void identity_ofAnAuthThatCannotBeRead_equalsNoOther() {
    assertThat(of("40{")).hasSize(HandOverCodec.FINGERPRINT).isNotEqualTo(of("40{"));
  }

  /** A login that is no good is no news. */
  @Test
  void identity_whoseFunctionThrows_equalsNoOther_andIsALineWithoutATrace() {
    context
        .choices()
        .identity(
            (handshake, auth) -> {
              throw new IllegalArgumentException("the token has expired");
            });
    try (LogTap log = LogTap.of(Identity.class)) {
      assertThat(of("40")).isNotEqualTo(of("40"));

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("DRAIN-075"))
          .hasSize(2)
          .containsOnly(
              "DRAIN-075 the application could not tell whose session it is:"
                  + " java.lang.IllegalArgumentException: the token has expired");
      assertThat(log.traces()).isZero();
    }
  }

  @Test
  void identity_whoseFunctionIsBroken_isALineWithItsTrace() {
    context
        .choices()
        .identity(
            (handshake, auth) -> {
              throw new NoSuchMethodError("verify");
            });
    try (LogTap log = LogTap.of(Identity.class)) {
      assertThat(of("40")).hasSize(HandOverCodec.FINGERPRINT);

      assertThat(log.lines()).hasSize(1);
      assertThat(log.traces()).isOne();
    }
  }
}
