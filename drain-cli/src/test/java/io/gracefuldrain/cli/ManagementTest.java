package io.gracefuldrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;

class ManagementTest {
  @Test
  void reason_unknownHost_isSaid() {
    assertThat(
            Management.reason(new ConnectException().initCause(new UnresolvedAddressException())))
        .isEqualTo("unknown host");
  }

  @Test
  void reason_refusedWithoutAWord_isSaid() {
    assertThat(Management.reason(new ConnectException().initCause(new ClosedChannelException())))
        .isEqualTo("connection refused");
  }

  @Test
  void reason_noConnectionInTime_isSaid() {
    assertThat(Management.reason(new HttpConnectTimeoutException("HTTP connect timed out")))
        .isEqualTo("no connection in time");
  }

  @Test
  void reason_other_isItsMessageOrItsName() {
    assertThat(Management.reason(new IOException("header parser received no bytes")))
        .isEqualTo("header parser received no bytes");
    assertThat(Management.reason(new ClosedChannelException()))
        .isEqualTo("java.nio.channels.ClosedChannelException");
  }
}
