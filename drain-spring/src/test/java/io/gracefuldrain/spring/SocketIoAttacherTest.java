package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.socketio.AttachException.Reason;
import org.junit.jupiter.api.Test;

/** The mistake that needs another version of netty-socketio; AttachTest makes all others. */
class SocketIoAttacherTest {
  @Test
  void version_thatCannotBeDrained_isAMistakeInTheBuild() {
    DrainStartException refused =
        SocketIoAttacher.refused(
            Reason.VERSION, "netty-socketio: 2.0.9 (expected: 2.0.12 to 2.0.14)", "server'", null);

    assertThat(refused.description())
        .isEqualTo(
            "The version of netty-socketio cannot be drained: netty-socketio: 2.0.9 (expected:"
                + " 2.0.12 to 2.0.14).");
    assertThat(refused.action())
        .startsWith("Change the version of com.corundumstudio.socketio:netty-socketio");
  }
}
