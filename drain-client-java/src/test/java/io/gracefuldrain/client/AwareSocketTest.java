package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class AwareSocketTest {
  private static final Object PLACE = "a";

  private static AwareSocket socket(AwareOptions options) {
    return DrainAware.socket("http://127.0.0.1:9", new io.socket.client.IO.Options(), options);
  }

  private static boolean deliver(AwareSocket socket, Object from, String event, Object[] args) {
    return socket.listeners().deliver(from, event, args, 0, true);
  }

  private static Object[] message(Object id) {
    return new Object[] {new JSONObject().put("drainId", id)};
  }

  @Test
  void deliver_idThatAnotherConnectionHasBrought_isDropped() {
    AwareSocket socket = socket(AwareOptions.defaults());
    List<Object> got = new ArrayList<>();
    socket.on("feed", args -> got.add(args[0]));

    assertThat(deliver(socket, "a", "feed", message("x"))).isTrue();
    assertThat(deliver(socket, "b", "feed", message("x"))).isFalse();
    assertThat(deliver(socket, "a", "feed", message(7))).isTrue();
    assertThat(deliver(socket, "b", "feed", message(7L))).isFalse();

    assertThat(got).hasSize(2);
  }

  @Test
  void deliver_idAgainBySameConnectionOrByAnotherEvent_isDelivered() {
    AwareSocket socket = socket(AwareOptions.defaults());

    assertThat(deliver(socket, "a", "feed", message("x"))).isTrue();
    assertThat(deliver(socket, "a", "feed", message("x"))).isTrue(); // the history
    assertThat(deliver(socket, "b", "feed:edited", message("x"))).isTrue();
  }

  @Test
  void deliver_byContent_dropsWhatTheOtherConnectionHasBrought() {
    AwareSocket socket = socket(AwareOptions.defaults().withDedupe(Dedupe.byContent()));

    assertThat(deliver(socket, "a", "line", new Object[] {"hello", 1})).isTrue();
    assertThat(deliver(socket, "b", "line", new Object[] {"hello", 1})).isFalse();
    assertThat(deliver(socket, "b", "line", new Object[] {"hello", 2})).isTrue();
  }

  @Test
  void deliver_withoutId_isNeverDropped() {
    AwareSocket socket = socket(AwareOptions.defaults());

    assertThat(deliver(socket, PLACE, "feed", new Object[] {"x"})).isTrue();
    assertThat(deliver(socket, PLACE, "feed", new Object[] {"x"})).isTrue();
    assertThat(deliver(socket, PLACE, "feed", message(JSONObject.NULL))).isTrue();
    assertThat(deliver(socket, PLACE, "feed", message(JSONObject.NULL))).isTrue();
  }

  @Test
  void deliver_dedupeOff_dropsNothing() {
    AwareSocket socket = socket(AwareOptions.defaults().withoutDedupe());

    assertThat(deliver(socket, PLACE, "feed", message("x"))).isTrue();
    assertThat(deliver(socket, PLACE, "feed", message("x"))).isTrue();
  }

  @Test
  void deliver_anyListener_getsTheNameFirst() {
    AwareSocket socket = socket(AwareOptions.defaults());
    List<Object[]> got = new ArrayList<>();
    socket.onAnyIncoming(got::add);

    deliver(socket, PLACE, "feed", new Object[] {1, 2});

    assertThat(got).containsExactly(new Object[] {"feed", 1, 2});
  }

  @Test
  void emit_reservedName_isAnErrorThatNamesIt() {
    AwareSocket socket = socket(AwareOptions.defaults());

    for (String reserved : List.of("connect", "disconnect", "drain:landed")) {
      assertThatThrownBy(() -> socket.emit(reserved))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("event: " + reserved);
    }
  }

  @Test
  void socket_sameNamespace_isTheSameAndOtherOptionsAreAnError() {
    AwareOptions options = AwareOptions.defaults();
    AwareSocket socket = socket(options);

    assertThat(socket.socket("/")).isSameAs(socket);
    assertThat(socket.socket("/chat")).isSameAs(socket.socket("/chat")).isNotSameAs(socket);
    assertThatThrownBy(() -> socket.socket("/chat", options.withoutDedupe()))
        .hasMessageContaining("/chat");
    assertThatThrownBy(() -> socket.socket("chat")).hasMessageStartingWith("namespace: chat");
  }

  @Test
  void socket_sameNamespaceWithEqualOptions_isTheSame() {
    AwareSocket socket = socket(AwareOptions.defaults());

    AwareSocket chat = socket.socket("/chat", options());

    assertThat(socket.socket("/chat", options())).isSameAs(chat);
  }

  private static AwareOptions options() {
    return AwareOptions.quiet()
        .withDedupe(Dedupe.property("n"))
        .withOverlap(Duration.ofMillis(7))
        .withOrigins("https://eu.example.org", "http://10.0.0.1:8080");
  }

  @Test
  void origins_thatAreNone_areErrorsThatNameThem() {
    assertThatThrownBy(() -> AwareOptions.defaults().withOrigins("eu.example.org"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("origins: eu.example.org (expected: ");
  }

  @Test
  void moveState_withoutAMove_isIdle() {
    assertThat(socket(AwareOptions.defaults()).moveState()).isEqualTo(MoveState.IDLE);
  }

  @Test
  void tell_socketThatIsNotInUse_isToldNothing() {
    AwareSocket socket = socket(AwareOptions.defaults());
    List<Object> told = new ArrayList<>();
    socket.on("drain:moving", args -> told.add(args[0]));

    socket.tell("drain:moving", new JSONObject());
    assertThat(told).isEmpty();

    socket.setActive(true);
    socket.tell("drain:moving", new JSONObject());
    assertThat(told).hasSize(1);
  }

  @Test
  void overlap_outOfRange_isAnErrorThatNamesIt() {
    AwareOptions options = AwareOptions.defaults();

    assertThatThrownBy(() -> options.withOverlap(Duration.ofSeconds(-1)))
        .hasMessage("overlap: PT-1S (expected: 0 to 60 s)");
    assertThatThrownBy(() -> options.withOverlap(Duration.ofSeconds(61)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(options.withOverlap(Duration.ZERO).overlap()).isZero();
  }
}
