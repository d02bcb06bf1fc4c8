package io.gracefuldrain.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.HandOverCounts;
import io.gracefuldrain.KeepingConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as another pod makes them, and as nobody should. */
final class HandOverDeskTest {
  /** How many requests for one session are answered in two minutes. */
  private static final int MOST_OF_ONE = 64;

  private final ManualTime time = new ManualTime();
  private final TestPod pod = TestPod.start("pod-a");
  private final HandOverDesk desk = new HandOverDesk(pod.coordinator, time);
  private final Live live = new Live(pod.coordinator, time);
  private final TokenKeys keys = new TokenKeys(List.of(TestPod.KEY));
  private final KeepingConnection client = pod.letGo("a").get(0);
  private int requests;

  @AfterEach
  void close() {
    pod.close();
  }

  private PeerRequest request(String path, String token) {
    String question = path.equals(PeerRequest.PREPARE) ? question("a") : "";
    return request(path, token, "request-1", question);
  }

  private static String question(String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(id.getBytes(StandardCharsets.UTF_8));
  }

  private PeerRequest request(String path, String token, String request, String question) {
    return new PeerRequest(
        path, token, request, question, "pod-b", Long.toString(time.millis()), "n" + requests++);
  }

  private Map<String, String> headers(PeerRequest request) {
    return new HashMap<>(request.headers(keys.mark(0, request.text())));
  }

  private HandOverDesk.Reply reply(String path, Map<String, String> headers) {
    return desk.answer(path, headers::get).join();
  }

  private HandOverDesk.Reply ask(PeerRequest request) {
    return reply(request.path(), headers(request));
  }

  private void assertRefused(int status, String reason, HandOverDesk.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.reason()).as(reply.text()).isEqualTo(reason);
    assertThat(reply.headers()).isEmpty();
    assertThat(client.events()).containsExactly("LET_GO", "kept");
  }

  @Test
  void answer_toAPodWithTheKey_isTheSessionWithAMark() {
    client.send("hello");
    PeerRequest prepare = request(PeerRequest.PREPARE, live.token("a"));
    HandOverDesk.Reply state = ask(prepare);
    HandOverDesk.Reply mail = ask(request(PeerRequest.TAKE, live.token("a")));

    assertThat(state.status()).isEqualTo(200);
    assertThat(Base64.getDecoder().decode(state.text())).asString().isEqualTo("state of a");
    assertThat(
            keys.marked(
                PeerRequest.answered(keys.mark(0, prepare.text()), state.text()),
                state.headers().get("Drain-Mac")))
        .isZero();
    assertThat(Base64.getDecoder().decode(mail.text())).asString().isEqualTo("hello");
    assertThat(client.events()).containsExactly("LET_GO", "kept");
    PeerRequest done = request(PeerRequest.DONE, live.token("a"));
    HandOverDesk.Reply landed = ask(done);
    assertThat(landed.status()).isEqualTo(200);
    assertThat(landed.text()).isEmpty();
    assertThat(
            keys.marked(
                PeerRequest.answered(keys.mark(0, done.text()), ""),
                landed.headers().get("Drain-Mac")))
        .isZero();
    assertThat(client.events()).containsExactly("LET_GO", "kept", "taken by pod-b");
  }

  @Test
  void answer_toARepeatedTake_isTheSame_andToAReplayedOneARefusal() {
    client.send("hello");
    PeerRequest take = request(PeerRequest.TAKE, live.token("a"));
    HandOverDesk.Reply first = ask(take);
    assertThat(first.status()).isEqualTo(200);

    HandOverDesk.Reply replayed = ask(take);
    assertThat(replayed.status()).isEqualTo(403);
    assertThat(replayed.reason()).isEqualTo("replayed");

    HandOverDesk.Reply repeated = ask(request(PeerRequest.TAKE, live.token("a")));
    assertThat(repeated.text()).as("its pod asks again").isEqualTo(first.text());

    PeerRequest other = request(PeerRequest.TAKE, live.token("a"), "request-2", "");
    assertThat(ask(other).status()).isEqualTo(410);
    assertThat(client.events()).containsExactly("LET_GO", "kept");
  }

  @Test
  void answer_withoutTheKey_isARefusal() {
    PeerRequest take = request(PeerRequest.TAKE, live.token("a"));
    TokenKeys others = new TokenKeys(List.of("another-0123456789abcdef01234567"));

    assertRefused(403, "mac", reply(take.path(), take.headers(others.mark(0, take.text()))));
    assertRefused(403, "mac", reply(take.path(), take.headers("")));
    assertRefused(403, "mac", reply(PeerRequest.PREPARE, headers(take)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Drain-Token",
        "Drain-Request",
        "Drain-Question",
        "Drain-Pod",
        "Drain-Time",
        "Drain-Nonce"
      })
  void answer_toAHeaderThatWasChanged_isARefusal(String header) {
    Map<String, String> headers = headers(request(PeerRequest.PREPARE, live.token("a")));
    headers.put(
        header,
        header.equals("Drain-Time") ? Long.toString(time.millis() + 1) : headers.get(header) + "A");

    assertRefused(403, "mac", reply(PeerRequest.PREPARE, headers));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Drain-Token",
        "Drain-Request",
        "Drain-Pod",
        "Drain-Time",
        "Drain-Nonce",
        "Drain-Mac"
      })
  void answer_toAHeaderThatIsMissingOrMalformed_isARefusal(String header) {
    for (String value : List.of("", "a b", "ü", "\r\n", "x".repeat(5_000))) {
      Map<String, String> headers = headers(request(PeerRequest.PREPARE, live.token("a")));
      if (value.isEmpty()) {
        headers.remove(header);
      } else {
        headers.put(header, value);
      }

      HandOverDesk.Reply reply = reply(PeerRequest.PREPARE, headers);
      assertRefused(400, "malformed", reply);
      assertThat(reply.text()).startsWith(header + ": ");
    }
  }

  @Test
  void answer_toAQuestionThatIsTooLong_isARefusal() {
    PeerRequest asked = request(PeerRequest.PREPARE, live.token("a"));
    PeerRequest tooLong = request(asked.path(), asked.token(), asked.request(), "A".repeat(4_097));
    assertRefused(400, "malformed", ask(tooLong));
  }

  @ParameterizedTest
  @ValueSource(longs = {60_001, -60_001, 3_600_000})
  void answer_toAPodWhoseClockDiffers_isARefusalThatSaysSo(long millis) {
    PeerRequest asked = request(PeerRequest.TAKE, live.token("a"));
    String now = Long.toString(time.millis());
    time.pass(Duration.ofMillis(millis));

    HandOverDesk.Reply reply = ask(asked);
    assertRefused(403, "time", reply);
    assertThat(reply.text())
        .isEqualTo(
            "Drain-Time: "
                + now
                + " (expected: within 60 s of "
                + time.millis()
                + "): the clocks of the two pods differ");
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, -60_000})
  void answer_toAPodWhoseClockDiffersALittle_isTheSession(long millis) {
    PeerRequest asked = request(PeerRequest.TAKE, live.token("a"));
    time.pass(Duration.ofMillis(millis));

    assertThat(ask(asked).status()).isEqualTo(200);
  }

  /** A replay is refused for as long as its time would be accepted. */
  @Test
  void answer_toAReplay_isARefusalWhateverItsTime() {
    PeerRequest early = request(PeerRequest.PREPARE, live.token("a"));
    time.pass(Duration.ofMinutes(-1));
    assertThat(ask(early).status()).isEqualTo(200);
    for (int i = 0; i < 12; i++) {
      time.pass(Duration.ofSeconds(10));
      assertRefused(403, "replayed", ask(early));
    }
    time.pass(Duration.ofSeconds(1));
    assertRefused(403, "time", ask(early));
  }

  @Test
  void answer_toATokenThatHasExpired_isARefusal() {
    String token = live.token("a", Duration.ofSeconds(10));
    time.pass(Duration.ofMillis(10_000 + HandOverDesk.SKEW_MILLIS - 1));
    assertThat(live.valid(token)).isTrue();
    time.pass(Duration.ofMillis(1));

    assertThat(live.valid(token)).isFalse();
    assertRefused(403, "token", ask(request(PeerRequest.TAKE, token)));
    assertRefused(403, "token", ask(request(PeerRequest.TAKE, "AAAA")));
  }

  /**
   * Or the client's last word would be worth nothing there, and from its second move on it has no
   * other.
   */
  @Test
  void token_forALimitedTime_isAsLongOnAPodWhoseClockIsAhead() {
    String token = live.token("a", Duration.ofSeconds(10));
    ManualTime ahead = new ManualTime();
    ahead.pass(Duration.ofMillis(HandOverDesk.SKEW_MILLIS + 9_999));

    assertThat(new Live(pod.coordinator, ahead).valid(token)).isTrue();
  }

  @Test
  void answer_toATokenOfTheProcessBefore_isARefusal() {
    PodToken before =
        new PodToken(
            pod.coordinator.policy().podIp().orElseThrow(),
            pod.server.port(),
            "",
            "process-before",
            "a",
            0);
    assertRefused(404, "unknown", ask(request(PeerRequest.TAKE, keys.token(before))));
  }

  @Test
  void answer_forSomebodyElsesSession_isARefusal() {
    PeerRequest asked = request(PeerRequest.PREPARE, live.token("a"), "r", "bWFsbG9yeQ");
    assertRefused(403, "identity", ask(asked));
    assertRefused(404, "unknown", ask(request(PeerRequest.PREPARE, live.token("nobody"))));
  }

  /** Or clients with old tokens would fill the memory, and nobody would be answered any more. */
  @Test
  void answer_forASessionThatIsNotHere_isNotRemembered() {
    PeerRequest asked = request(PeerRequest.PREPARE, live.token("nobody"));

    assertRefused(404, "unknown", ask(asked));
    assertRefused(404, "unknown", ask(asked));
  }

  /** They had: 100,000 requests in two minutes. */
  @Test
  void answers_forAllSessionsOfABigPod_haveNoEndInCommon() {
    String[] ids = IntStream.range(0, 2_000).mapToObj(i -> "b" + i).toArray(String[]::new);
    List<KeepingConnection> clients = pod.letGo(ids);
    for (String id : ids) {
      String token = live.token(id);
      for (int i = 0; i < 52; i++) {
        PeerRequest prepare = request(PeerRequest.PREPARE, token, "r", question(id));
        assertThat(ask(prepare).reason()).isNull();
      }
    }
    assertThat(clients).allMatch(each -> each.events().equals(List.of("LET_GO", "kept")));
  }

  /** Or one client, coming again and again while its session waits, could shut out all others. */
  @Test
  void answers_forOneSession_haveAnEndOfTheirOwn() {
    KeepingConnection other = pod.letGo("b").get(0);
    for (int i = 0; i < MOST_OF_ONE; i++) {
      assertThat(ask(request(PeerRequest.PREPARE, live.token("a"))).status()).isEqualTo(200);
    }

    assertRefused(429, "busy", ask(request(PeerRequest.PREPARE, live.token("a"))));
    assertThat(ask(request(PeerRequest.TAKE, live.token("b"))).status()).isEqualTo(200);
    assertThat(other.events()).containsExactly("LET_GO", "kept");
    time.pass(Duration.ofMillis(2 * HandOverDesk.SKEW_MILLIS + 1));
    assertThat(ask(request(PeerRequest.PREPARE, live.token("a"))).status()).isEqualTo(200);
  }

  @Test
  void answer_toGarbage_neverThrowsAndGivesNothing() {
    Random random = new Random(20_261_130);
    List<String> names =
        List.of(
            "Drain-Token",
            "Drain-Request",
            "Drain-Question",
            "Drain-Pod",
            "Drain-Time",
            "Drain-Nonce",
            "Drain-Mac");
    for (int i = 0; i < 20_000; i++) {
      Map<String, String> headers = headers(request(PeerRequest.TAKE, live.token("a")));
      String name = names.get(random.nextInt(names.size()));
      byte[] noise = new byte[1 + random.nextInt(60)];
      random.nextBytes(noise);
      headers.put(
          name,
          random.nextBoolean()
              ? new String(noise, StandardCharsets.ISO_8859_1)
              : Base64.getUrlEncoder().encodeToString(noise));

      assertThat(reply(PeerRequest.TAKE, headers).status()).isBetween(400, 499);
    }
    assertThat(client.events()).containsExactly("LET_GO", "kept");
  }

  @Test
  void refusals_areCountedByReason() {
    ask(request(PeerRequest.TAKE, "AAAA"));
    reply(PeerRequest.TAKE, Map.of());
    List<String> reasons = new ArrayList<>();
    HandOverCounts counts = pod.coordinator.totals().handedOver();
    counts.refused().forEach((reason, count) -> reasons.add(reason + "=" + count));

    assertThat(reasons).containsExactlyInAnyOrder("token=1", "malformed=1");
  }
}
