package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The traces of a drain: the line, the status, the container's last words. */
final class ReceiptTest {
  private static final ObjectMapper PARSER = new ObjectMapper();

  /** One of each outcome that a drain to its end can have. */
  private static VirtualPod drained(DrainPolicy policy) {
    VirtualPod pod = VirtualPod.serving(policy);
    FakeClient left = pod.stock("left");
    FakeClient lost = pod.stock("lost");
    pod.stock("one \"2\"\n");
    FakeClient landed = pod.aware("landed");
    landed.onHint(
        hint -> {
          landed.land(ms(80));
          landed.leave(Departure.GOODBYE);
        });
    pod.stock("forced").stubborn().work("order");
    pod.drain(DrainReason.PRE_STOP);
    pod.drain(DrainReason.SIGTERM);
    left.leave(Departure.GOODBYE);
    lost.leave(Departure.SILENT);
    pod.coordinator.admit(new Ticket("pod-a", "g1", "", 1, "c").encode()); // refused: it left here
    pod.advanceTo(DrainPhase.DRAINED);
    return pod;
  }

  @Test
  void receipt_readBack_saysWhatBecameOfEach() throws Exception {
    VirtualPod pod = drained(VirtualPod.policy());

    assertThat(pod.printed()).hasSize(1);
    JsonNode receipt = PARSER.readTree(pod.printed().get(0));
    assertThat(receipt.get("code").asText()).isEqualTo("DRAIN-009");
    assertThat(receipt.get("pod").asText()).isEqualTo("pod-a");
    assertThat(receipt.get("generation").asText()).isEqualTo("g1");
    assertThat(receipt.get("processEpoch").asText())
        .isEqualTo(pod.coordinator.processEpoch())
        .matches("[A-Za-z0-9_-]{11}");
    assertThat(receipt.get("epoch").asInt()).isEqualTo(1);
    assertThat(receipt.get("phase").asText()).isEqualTo("DRAINED");
    assertThat(receipt.get("ready").asBoolean()).isFalse();
    assertThat(receipt.get("reasons"))
        .extracting(JsonNode::asText)
        .containsExactly("PRE_STOP", "SIGTERM");
    assertThat(receipt.get("startedAt").asText()).isEqualTo("2026-01-01T08:00:00Z");
    assertThat(receipt.get("elapsedMs").asLong()).isEqualTo(21_000);
    assertThat(receipt.get("phasesMs").toString())
        .isEqualTo("{\"UNREADY\":5000,\"MOVING\":10000,\"SETTLING\":5000,\"FORCING\":1000}");
    assertThat(receipt.get("tracked").asInt()).isEqualTo(5);
    assertThat(receipt.get("connections").asInt()).isZero();
    assertThat(receipt.get("remaining").asInt()).isZero();
    assertThat(receipt.get("outcomes").toString())
        .isEqualTo("{\"LANDED\":1,\"LEFT\":1,\"CLOSED\":1,\"FORCED\":1,\"LOST\":1,\"KEPT\":0}");
    assertThat(receipt.get("addsUp").asBoolean()).isTrue();
    assertThat(receipt.get("workAbandoned").asInt()).isEqualTo(1);
    assertThat(receipt.get("handshakesRefused").asInt()).isEqualTo(1);
    assertThat(receipt.get("compressed").asBoolean()).isFalse();
    assertThat(receipt.get("budgetRemainingMs").asLong()).isZero();
    assertThat(receipt.get("moves").get("count").asInt()).isEqualTo(3);
    assertThat(receipt.get("landings").get("maxMs").asInt()).isEqualTo(80);
    assertThat(receipt.get("slowest").get(0).get("connection").asText()).isEqualTo("forced");
    assertThat(receipt.get("slowest"))
        .extracting(move -> move.get("connection").asText())
        .contains("one \"2\"\n");
  }

  /** A pod that has drained; some of its clients went without a word, in so many seconds. */
  private static VirtualPod lost(int clients, int lost, int seconds) {
    VirtualPod pod = VirtualPod.serving();
    List<FakeClient> all = pod.stock(clients);
    pod.drain(DrainReason.SIGTERM);
    for (int i = 0; i < lost; i++) {
      all.get(i).leave(Departure.SILENT);
      pod.advance(ms(seconds * 1000L / lost));
    }
    pod.advanceTo(DrainPhase.DRAINED);
    return pod;
  }

  @Test
  void lost_mostWithinASecond_isSaidInTheReceiptAndTheLog() {
    try (Log log = new Log()) {
      VirtualPod pod = lost(10, 6, 1);

      assertThat(pod.report().count(Outcome.LOST)).isEqualTo(6);
      assertThat(pod.report().notes())
          .containsExactly(
              "6 of 10 connections were lost within one second: a proxy or sidecar ended");
      assertThat(pod.printed().get(0)).contains("a proxy or sidecar ended");
      assertThat(log.lines(LogCode.LOST_AT_ONCE))
          .contains("{\"code\":\"DRAIN-036\",\"lost\":6,\"of\":10}");
    }
  }

  @Test
  void lost_fewOrOverTime_isNoWordWorth() {
    assertThat(lost(10, 5, 1).report().notes()).as("half of them").isEmpty();
    assertThat(lost(10, 9, 4).report().notes()).as("one after the other").isEmpty();
    assertThat(lost(2, 2, 1).report().notes()).as("two may go together").isEmpty();
  }

  @Test
  void slowest_ofMany_areTheFiveThatTookLongest() {
    VirtualPod pod = VirtualPod.serving();
    for (int i = 0; i < 9; i++) {
      FakeClient client = pod.stock("c" + i).stubborn();
      assertThat(client.closes).isEmpty();
    }
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().slowest())
        .extracting(DrainReport.SlowMove::connection)
        .containsExactly("c0", "c1", "c2", "c3", "c4");
    assertThat(pod.report().slowest())
        .extracting(DrainReport.SlowMove::outcome)
        .containsOnly(Outcome.FORCED);
  }

  @Test
  void status_beforeAndDuringADrain_isJsonToo() throws Exception {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("c").work("order");
    JsonNode before = PARSER.readTree(pod.report().toJson());
    assertThat(before.has("code")).isFalse();
    assertThat(before.get("epoch").asInt()).isZero();
    assertThat(before.get("startedAt").isNull()).isTrue();
    assertThat(before.get("connections").asInt()).isEqualTo(1);
    assertThat(before.get("addsUp").asBoolean()).isTrue();

    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(6));
    JsonNode during = PARSER.readTree(pod.report().toJson());
    assertThat(during.get("phase").asText()).isEqualTo("MOVING");
    assertThat(during.get("remaining").asInt()).isEqualTo(1);
    assertThat(during.get("budgetRemainingMs").asInt()).isEqualTo(15_000);
    assertThat(during.get("oldestWork").toString())
        .isEqualTo("{\"holder\":\"c\",\"work\":\"order\",\"ageMs\":6000}");
  }

  @Test
  void reports_ofALongId_showItsBeginningAlone() {
    VirtualPod pod = VirtualPod.serving();
    pod.stock("6d59c285-1bc9-4790").stubborn().work("order");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(s(6));
    assertThat(pod.report().toText()).contains("oldest=order@6d59c285.../6s");
    assertThat(pod.report().toJson()).contains("\"holder\":\"6d59c285...\"");

    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.printed()).hasSize(1);
    assertThat(pod.printed().get(0)).contains("\"connection\":\"6d59c285...\"");
    assertThat(pod.report().toJson()).doesNotContain("1bc9");
    assertThat(pod.report().slowest().get(0).connection()).isEqualTo("6d59c285-1bc9-4790");
  }

  @Test
  void text_isOneLineForPeople() {
    VirtualPod pod = VirtualPod.serving();
    FakeClient client = pod.stock("c");
    assertThat(pod.report().toText()).isEqualTo("pod-a SERVING ready connections=1 work=0");
    client.work("two\nlines");
    pod.drain(DrainReason.MANUAL);
    pod.advanceTo(ms(6500));

    assertThat(pod.report().toText())
        .isEqualTo(
            "pod-a MOVING not-ready epoch=1 reasons=MANUAL connections=1 tracked=1 remaining=1"
                + " landed=0 left=0 closed=0 forced=0 lost=0 kept=0 work=1 refused=0"
                + " elapsed=6500ms budget=14500ms oldest=two lines@c/6500ms");
  }

  @Test
  void receipt_toTheLog_isNotPrinted() {
    try (Log log = new Log()) {
      VirtualPod pod = drained(VirtualPod.policy().withReceipt(DrainPolicy.Receipt.LOG));
      assertThat(pod.printed()).isEmpty();
      assertThat(log.lines(LogCode.RECEIPT)).hasSize(1);
    }
  }

  @Test
  void lastWords_whereTheFileIs_areShort(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("termination-log"), "of the container before");
    VirtualPod pod = drained(VirtualPod.policy().withTerminationLog(file.toString()));

    String words = Files.readString(file);
    assertThat(words).isEqualTo(pod.report().toText());
    assertThat(words.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
  }

  @Test
  void lastWords_thatAreLong_areCutBetweenCharacters(@TempDir Path folder) throws Exception {
    for (String pod : List.of("p".repeat(3000), "ä".repeat(3000), "x" + "ä".repeat(3000))) {
      Path file = Files.writeString(folder.resolve("termination-log"), "");
      VirtualPod.serving(VirtualPod.policy().withTerminationLog(file.toString()).withPod(pod))
          .drain(DrainReason.SIGTERM, s(0));

      byte[] words = Files.readAllBytes(file);
      assertThat(words).hasSizeBetween(1023, 1024);
      assertThat(pod).startsWith(new String(words, StandardCharsets.UTF_8));
    }
  }

  @Test
  void lastWords_whereNoFileIs_makeNone(@TempDir Path folder) {
    Path file = folder.resolve("termination-log");
    drained(VirtualPod.policy().withTerminationLog(file.toString()));
    assertThat(file).doesNotExist();
  }

  @Test
  void lastWords_thatCannotBeWritten_doNotKeepTheDrainFromItsEnd(@TempDir Path folder)
      throws Exception {
    try (Log log = new Log()) {
      VirtualPod pod =
          VirtualPod.serving(VirtualPod.policy().withTerminationLog(folder.toString()));
      DrainReport receipt = VirtualPod.done(pod.drain(DrainReason.SIGTERM, s(0)));

      assertThat(receipt.phase()).isEqualTo(DrainPhase.DRAINED);
      assertThat(log.lines(LogCode.TERMINATION_LOG)).hasSize(1);
    }
  }

  @Test
  void logger_thatFails_doesNotKeepTheDrainFromItsEnd() throws Exception {
    List<Supplier<Throwable>> failures =
        List.of(
            () -> new IllegalStateException("the disk is full"),
            () -> new OutOfMemoryError("Java heap space"));
    for (Supplier<Throwable> failure : failures) {
      try (FailingLog log = new FailingLog(failure)) {
        VirtualPod pod = VirtualPod.serving();
        pod.stock(3);
        var done = pod.drain(DrainReason.SIGTERM);
        pod.advance(s(21));

        assertThat(VirtualPod.done(done).count(Outcome.CLOSED)).isEqualTo(3);
        assertThat(log.failures()).isPositive();
      }
    }
  }
}
