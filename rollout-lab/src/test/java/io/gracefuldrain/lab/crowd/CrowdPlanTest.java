package io.gracefuldrain.lab.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.lab.results.ClientKind;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrowdPlanTest {
  private static final CrowdPlan PLAN = CrowdPlan.defaults(URI.create("http://a.local:3000"));

  @Test
  void defaults_eightOfEachJavaKind() {
    assertThat(PLAN.clients())
        .isEqualTo(
            Map.of(
                ClientKind.JAVA_WEBSOCKET,
                8,
                ClientKind.JAVA_POLLING,
                8,
                ClientKind.JAVA_UPGRADE,
                8));
    assertThat(PLAN.count()).isEqualTo(24);
    assertThat(PLAN.port()).isEqualTo(3000);
    assertThat(CrowdPlan.defaults(URI.create("http://a/")).port()).isEqualTo(80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a",
        "a:3000",
        "https://a",
        "http:///x",
        "http://a/chat",
        "http://a?x=1",
        "http://u@a"
      })
  void url_otherwise_isNamed(String url) {
    assertRefused(
        () -> CrowdPlan.defaults(URI.create(url)),
        "url: " + url + " (expected: http://host[:port])");
  }

  @Test
  void clients_tooManyOrNone_areNamed() {
    assertRefused(() -> PLAN.withClients(Map.of()), "clients: none (expected: at least one)");
    assertRefused(
        () -> PLAN.withClients(Map.of(ClientKind.LEAN_POLLING, 0)),
        "clients: none (expected: at least one)");
    assertRefused(
        () -> PLAN.withClients(Map.of(ClientKind.LEAN_POLLING, -1)),
        "clients: lean-polling=-1 (expected: 0 or more)");
    assertRefused(
        () ->
            PLAN.withClients(
                Map.of(ClientKind.LEAN_POLLING, 1_001, ClientKind.LEAN_WEBSOCKET, 1_000)),
        "clients: 2001 lean ones (expected: at most 2000)");
    assertRefused(
        () -> PLAN.withClients(Map.of(ClientKind.JAVA_UPGRADE, 501)),
        "clients: 501 Java ones (expected: at most 500)");
  }

  @Test
  void intervals_outOfRange_areNamed() {
    assertRefused(() -> PLAN.withFeedMs(9), "feedMs: 9 (expected: 10 to 10000)");
    assertRefused(() -> PLAN.withUpMs(60_001), "upMs: 60001 (expected: 10 to 60000)");
    assertRefused(
        () -> PLAN.withOrderEvery(Duration.ofMillis(999)),
        "orderEvery: PT0.999S (expected: 0 for none, or PT1S to PT10M)");
    assertThat(PLAN.withOrderEvery(Duration.ZERO).orderEvery()).isZero();
    assertRefused(() -> PLAN.withRamp(Duration.ofMinutes(6)), "ramp: PT6M (expected: 0 to PT5M)");
    assertRefused(
        () -> PLAN.withMost(Duration.ofMinutes(31)),
        "most: PT31M (expected: more than 0, at most PT30M)");
    assertRefused(
        () -> PLAN.withMost(Duration.ZERO), "most: PT0S (expected: more than 0, at most PT30M)");
  }

  private static void assertRefused(ThrowingCallable action, String message) {
    assertThatIllegalArgumentException().isThrownBy(action).withMessage(message);
  }
}
