package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socket.client.IO;
import java.util.HashMap;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class SessionAuthTest {
  private final IO.Options application = new IO.Options();
  private final SessionAuth auth = new SessionAuth(application);

  private boolean told(Object... args) {
    return auth.told(args);
  }

  private static JSONObject token(Object token) {
    return new JSONObject(Map.of("token", token));
  }

  @Test
  void told_token_isTheLatestPidBesideWhatTheApplicationHas() {
    assertThat(auth).isEmpty();
    application.auth = Map.of("user", "u1");
    assertThat(told(token("t1"))).isTrue();
    assertThat(auth).isEqualTo(Map.of("user", "u1", "pid", "t1"));
    assertThat(told(token("t2"))).isTrue();
    application.auth = Map.of("user", "u2");
    assertThat(auth).isEqualTo(Map.of("user", "u2", "pid", "t2"));
    assertThat(auth.ofApplication()).isEqualTo(Map.of("user", "u2"));
  }

  @Test
  void told_whatIsNoToken_changesNothing() {
    told(token("t1"));
    assertThat(told()).isFalse();
    assertThat(told("t2")).isFalse();
    assertThat(told(token(5))).isFalse();
    assertThat(told(token(""))).isFalse();
    assertThat(told(new JSONObject())).isFalse();
    assertThat(auth).isEqualTo(Map.of("pid", "t1"));
  }

  @Test
  void pid_ofTheApplicationsOwn_wins() {
    Map<String, String> own = new HashMap<>(Map.of("pid", "own"));
    application.auth = own;
    told(token("t1"));
    assertThat(auth).isEqualTo(Map.of("pid", "own"));
    own.clear();
    assertThat(auth).isEqualTo(Map.of("pid", "t1"));
  }
}
