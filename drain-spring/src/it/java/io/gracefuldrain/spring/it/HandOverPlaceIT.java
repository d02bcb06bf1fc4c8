package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.gracefuldrain.HandOverRefusal;
import io.gracefuldrain.handover.HandOver;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where other pods ask for sessions, and who gets to see the key. */
class HandOverPlaceIT {
  private static final String KEY = "of-a-test-0123456789-0123456789-";
  private static final String ON = "drain.ticket-key=" + KEY;
  private static final String IP = "drain.pod-ip=127.0.0.1";
  private static final String PEERS = "drain.peers=127.0.0.0/8";
  private static final String OWN_PORT = "management.server.port=0";

  private static String[] and(String... settings) {
    return Stream.concat(Stream.of(ON, IP, PEERS), Arrays.stream(settings)).toArray(String[]::new);
  }

  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of(OpenApp.class, new String[] {}),
        Arguments.of(OpenApp.class, new String[] {OWN_PORT}),
        Arguments.of(OpenApp.class, new String[] {OWN_PORT, "management.server.base-path=/ops"}),
        Arguments.of(
            ReactiveApp.class,
            new String[] {
              OWN_PORT,
              "management.server.base-path=/ops",
              ReactiveApp.REACTIVE,
              ReactiveApp.ONE_SERVER
            }));
  }

  /** The other pod answers that it has no such session: it was reached, and the key was right. */
  @ParameterizedTest
  @MethodSource("places")
  void token_ofAPod_leadsToWhereItsHooksAre(Class<?> kind, String[] place) {
    try (TestApp old = TestApp.start(kind, and(place));
        TestApp next = TestApp.start(OpenApp.class, and())) {
      String token = HandOver.of(old.coordinator()).token("a-session");
      assertThat(refusal(HandOver.of(next.coordinator()), token)).isEqualTo("unknown");
    }
  }

  private static String refusal(HandOver asker, String token) {
    Throwable thrown =
        catchThrowable(
            () ->
                asker
                    .prepare(token, new byte[] {1})
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS));
    assertThat(thrown).hasCauseInstanceOf(HandOverRefusal.class);
    return ((HandOverRefusal) thrown.getCause()).reason();
  }

  @Test
  void paths_withoutAKey_areNotThere() {
    try (TestApp app = TestApp.start(OpenApp.class, OWN_PORT)) {
      for (String path : new String[] {"/handover/prepare", "/handover/take", "/handover/done"}) {
        assertThat(app.send("POST", "management", path).join().statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void paths_behindSecurity_areForPodsWithTheKeyAlone() {
    try (TestApp app = TestApp.start(HooksAndProbesIT.LockedApp.class, and(OWN_PORT))) {
      String[] unsigned = {
        "Drain-Token", "AAAA",
        "Drain-Request", "AAAA",
        "Drain-Pod", "AAAA",
        "Drain-Time", String.valueOf(System.currentTimeMillis()),
        "Drain-Nonce", "AAAA",
        "Drain-Mac", "AAAA"
      };
      for (String path : new String[] {"/handover/prepare", "/handover/take", "/handover/done"}) {
        assertThat(status(app, "management", path)).as("no request of ours").isEqualTo(400);
        assertThat(status(app, "management", path, TestApp.login())).isEqualTo(400);
        assertThat(status(app, "management", path, unsigned)).isEqualTo(403);
        assertThat(status(app, "server", path)).isIn(401, 403);
      }
    }
  }

  private static int status(TestApp app, String port, String path, String... headers) {
    return app.send("POST", port, path, headers).join().statusCode();
  }

  /** Whatever Actuator is told to show. */
  @Test
  void secrets_areInNoAnswerOfActuators() {
    try (TestApp app =
        TestApp.start(
            OpenApp.class,
            and(
                "drain.admin-token=admin-s3cret",
                "drain.hook-header=X-Drain: hook-s3cret",
                "management.endpoints.web.exposure.include=*",
                "management.endpoint.env.show-values=always",
                "management.endpoint.configprops.show-values=always",
                "management.endpoint.drain.access=unrestricted"))) {
      for (String path :
          new String[] {
            "env",
            "env/drain.ticket-key",
            "env/drain.admin-token",
            "env/drain.hook-header",
            "configprops",
            "beans",
            "conditions",
            "drain",
            "health"
          }) {
        String body = app.get("server", "/actuator/" + path).body();
        assertThat(body).as(path).doesNotContain(KEY, "admin-s3cret", "hook-s3cret");
      }
      assertThat(app.get("server", "/actuator/env/drain.pod-ip").body())
          .as("values are shown")
          .contains("127.0.0.1");
    }
  }
}
