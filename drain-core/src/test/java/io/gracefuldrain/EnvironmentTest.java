package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPolicy.BudgetCheck;
import io.gracefuldrain.DrainPolicy.Handshakes;
import io.gracefuldrain.DrainPolicy.Readiness;
import io.gracefuldrain.DrainPolicy.Receipt;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentTest {
  @Test
  void fromEnvironment_withEverySetting_readsThemAll() {
    Map<String, String> environment = new HashMap<>();
    environment.put("DRAIN_READINESS_DELAY_MIN", "500ms");
    environment.put("DRAIN_READINESS_DELAY_MAX", "1s");
    environment.put("DRAIN_MOVE_WINDOW", "2m");
    environment.put("DRAIN_HINT_GRACE", "3s");
    environment.put("DRAIN_SETTLE_GRACE", "4s");
    environment.put("DRAIN_FORCE_TIMEOUT", " 5s ");
    environment.put("DRAIN_LINGER", "6s");
    environment.put("DRAIN_STOP_MARGIN", "7s");
    environment.put("DRAIN_GRACE_PERIOD", "1h");
    environment.put("DRAIN_HOOK_RESET", "9s");
    environment.put("DRAIN_WARM_UP", "3s");
    environment.put("DRAIN_CRASH_RATE", " 250 ");
    environment.put("DRAIN_PACING", "batch:5/250ms");
    environment.put("DRAIN_PACING_LOOP", "closed");
    environment.put("DRAIN_READINESS", "keep");
    environment.put("DRAIN_HANDSHAKES", "Admit");
    environment.put("DRAIN_BUDGET_CHECK", "WARN");
    environment.put("DRAIN_STRICT", "True");
    environment.put("DRAIN_RECEIPT", "log");
    environment.put("DRAIN_GOODBYE", "close");
    environment.put("DRAIN_AFFINITY_COOKIE", " route, SERVERID ");
    environment.put("DRAIN_RECONNECT_URL", "https://chat.example.com");
    environment.put("DRAIN_TERMINATION_LOG", "");
    environment.put("DRAIN_HOOK_HEADER", "X-Drain: let me ");
    environment.put("DRAIN_POD", "pod-1");
    environment.put("DRAIN_GENERATION", "g2");
    environment.put("DRAIN_HANDOVER", "off");
    environment.put("DRAIN_HANDOVER_TIMEOUT", "900ms");
    environment.put("DRAIN_HANDOVER_SESSION_BYTES", "1001");
    environment.put("DRAIN_HANDOVER_POD_BYTES", "1003");
    environment.put("DRAIN_HANDOVER_PORT", "8082");
    environment.put("DRAIN_POD_IP", " 10.1.2.3 ");
    environment.put("DRAIN_PEERS", "10.0.0.0/8, fd00::/8");
    environment.put("DRAIN_TICKET_KEY", " " + "new".repeat(11) + " , " + "old".repeat(11));
    environment.put("DRAIN_ADMIN_TOKEN", "secret");
    for (Setting setting : Setting.values()) {
      assertThat(environment).as("a value to test with").containsKey(setting.variable());
    }
    environment.put("PATH", "/bin");

    DrainPolicy policy = DrainPolicy.fromEnvironment(environment);

    assertThat(policy.readinessDelayMin()).isEqualTo(ms(500));
    assertThat(policy.readinessDelayMax()).isEqualTo(s(1));
    assertThat(policy.moveWindow()).isEqualTo(s(120));
    assertThat(policy.hintGrace()).isEqualTo(s(3));
    assertThat(policy.settleGrace()).isEqualTo(s(4));
    assertThat(policy.forceTimeout()).isEqualTo(s(5));
    assertThat(policy.linger()).isEqualTo(s(6));
    assertThat(policy.stopMargin()).isEqualTo(s(7));
    assertThat(policy.gracePeriod()).isEqualTo(Duration.ofHours(1));
    assertThat(policy.hookReset()).isEqualTo(s(9));
    assertThat(policy.warmUp()).isEqualTo(s(3));
    assertThat(policy.crashRate()).isEqualTo(250);
    assertThat(policy.pacing()).isEqualTo(Pacing.inBatches(5, ms(250)));
    assertThat(policy.pacingLoop()).isEqualTo(DrainPolicy.PacingLoop.CLOSED);
    assertThat(policy.readiness()).isEqualTo(Readiness.KEEP);
    assertThat(policy.handshakes()).isEqualTo(Handshakes.ADMIT);
    assertThat(policy.budgetCheck()).isEqualTo(BudgetCheck.WARN);
    assertThat(policy.receipt()).isEqualTo(Receipt.LOG);
    assertThat(policy.goodbye()).isEqualTo(Goodbye.CLOSE);
    assertThat(policy.affinityCookies()).containsExactly("route", "SERVERID");
    assertThat(policy.reconnectUrl()).contains("https://chat.example.com");
    assertThat(policy.terminationLog()).isEmpty();
    assertThat(policy.hookHeader()).contains("X-Drain:let me");
    assertThat(policy.pod()).isEqualTo("pod-1");
    assertThat(policy.generation()).isEqualTo("g2");
    assertThat(policy.adminToken()).contains("secret");
    assertThat(policy.handover()).isEqualTo(DrainPolicy.Handover.OFF);
    assertThat(policy.handoverTimeout()).isEqualTo(ms(900));
    assertThat(policy.handoverSessionBytes()).isEqualTo(1001);
    assertThat(policy.handoverPodBytes()).isEqualTo(1003);
    assertThat(policy.handoverPort()).isEqualTo(8082);
    assertThat(policy.podIp()).contains(AddressRanges.address("10.1.2.3"));
    assertThat(policy.peers().contains(AddressRanges.address("fd12::1"))).isTrue();
    assertThat(policy.peers().contains(AddressRanges.address("192.168.0.1"))).isFalse();
    assertThat(policy.ticketKeys()).containsExactly("new".repeat(11), "old".repeat(11));
    assertThat(policy.handsOver()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DRAIN_MOVE_WINDOW   | 10       | 10 (expected: a duration such as 500ms, 5s, 2m or 1h)",
        "DRAIN_MOVE_WINDOW   | -5s      | -5s (expected: a duration such as 500ms, 5s, 2m or 1h)",
        "DRAIN_HOOK_RESET    | 1.5s     | 1.5s (expected: a duration such as 500ms, 5s, 2m or 1h)",
        "DRAIN_LINGER        | PT1S     | PT1S (expected: a duration such as 500ms, 5s, 2m or 1h)",
        "DRAIN_CRASH_RATE    | many     | many (expected: a whole number, at most 2147483647)",
        "DRAIN_CRASH_RATE    | 1.5      | 1.5 (expected: a whole number, at most 2147483647)",
        "DRAIN_CRASH_RATE    | -1       | -1 (expected: >= 0)",
        "DRAIN_PACING        | fast     | fast (expected: even, rate:500 or batch:100/1s)",
        "DRAIN_PACING_LOOP   | shut     | shut (expected: open or closed)",
        "DRAIN_PACING        | rate:0   | pacing rate: 0 (expected: >= 1)",
        "DRAIN_READINESS     | maybe    | maybe (expected: keep or fail or auto)",
        "DRAIN_HANDSHAKES    | yes      | yes (expected: refuse or admit)",
        "DRAIN_BUDGET_CHECK  | off      | off (expected: fail or warn)",
        "DRAIN_RECEIPT       | stderr   | stderr (expected: stdout or log)",
        "DRAIN_STRICT        | yes      | yes (expected: true or false)",
        "DRAIN_GOODBYE       | rst      | rst (expected: fin or close)",
        "DRAIN_AFFINITY_COOKIE | a b    | a b (expected: names of cookies, such as route or"
            + " route,SERVERID)",
        "DRAIN_AFFINITY_COOKIE | a,,b   | a,,b (expected: names of cookies, such as route or"
            + " route,SERVERID)",
        "DRAIN_STOP_MARGIN   | 0s       | 0s (expected: >= 1s)",
        "DRAIN_HOOK_RESET    | 0s       | 0s (expected: >= 1s)",
        "DRAIN_RECONNECT_URL | here     | here (expected: an http, https, ws or wss address)",
        "DRAIN_HANDOVER      | on       | on (expected: auto or off)",
        "DRAIN_HANDOVER_TIMEOUT | 49ms  | 49ms (expected: >= 50ms)",
        "DRAIN_HANDOVER_SESSION_BYTES | -1 | -1 (expected: >= 0)",
        "DRAIN_HANDOVER_SESSION_BYTES | 1MB | 1MB (expected: a whole number, at most 2147483647)",
        "DRAIN_HANDOVER_PORT | 65536    | 65536 (expected: <= 65535)",
        "DRAIN_POD_IP        | my-pod   | my-pod (expected: an IP address)",
        "DRAIN_PEERS         | pods     | pods (expected: ranges of addresses, such as"
            + " 10.0.0.0/8,fc00::/7)",
      })
  void fromEnvironment_withABadValue_namesVariableValueAndExpectation(
      String variable, String value, String message) {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of(variable, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(variable + ": ")
        .hasMessageEndingWith(message);
  }

  @Test
  void fromEnvironment_withAnEmptyValue_isNoDefault() {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_MOVE_WINDOW", "")))
        .hasMessage("DRAIN_MOVE_WINDOW:  (expected: a duration such as 500ms, 5s, 2m or 1h)");
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_POD", "")))
        .hasMessage("DRAIN_POD: '' (expected: a name on one line)");
  }

  @Test
  void fromEnvironment_withValuesThatDoNotGoTogether_namesThem() {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_HINT_GRACE", "11s")))
        .hasMessage(
            "DRAIN_HINT_GRACE: 11s (expected: <= DRAIN_MOVE_WINDOW, which is 10s, the default)");
    assertThatThrownBy(
            () ->
                DrainPolicy.fromEnvironment(
                    Map.of("DRAIN_MOVE_WINDOW", "1s", "DRAIN_HINT_GRACE", "2s")))
        .hasMessage("DRAIN_HINT_GRACE: 2s (expected: <= DRAIN_MOVE_WINDOW, which is 1s)");
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_LINGER", "25h")))
        .hasMessage("DRAIN_LINGER: 90000s (expected: <= 24h)");
  }

  @Test
  void fromEnvironment_withAShortWindowAlone_isFine() {
    DrainPolicy policy = DrainPolicy.fromEnvironment(Map.of("DRAIN_MOVE_WINDOW", "1s"));

    assertThat(policy.hintGrace()).isEqualTo(ms(500));
    DrainCoordinator.create(policy).close();
  }

  @Test
  void fromEnvironment_withABlankGeneration_isUnknown() {
    assertThat(DrainPolicy.fromEnvironment(Map.of("DRAIN_GENERATION", "")).generation())
        .isEqualTo("unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pässwort", "two words", "two\nlines"})
  void fromEnvironment_withATokenThatNoHeaderCarries_isRefusedWithoutTellingIt(String token) {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_ADMIN_TOKEN", token)))
        .hasMessageMatching(
            "DRAIN_ADMIN_TOKEN: character \\d of \\d is one that a header cannot carry"
                + " \\(expected: visible ASCII, no spaces\\)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "X-Drain:", ":secret", "X Drain: secret", "X-Drain: sécret"})
  void fromEnvironment_withAHookHeaderThatIsNone_isRefusedWithoutTellingIt(String header) {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_HOOK_HEADER", header)))
        .hasMessage(
            "DRAIN_HOOK_HEADER: no header (expected: a name, a colon, and a value of visible"
                + " ASCII)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tooshortakey | key 1 has 12 characters (expected: at least 32)",
        "0123456789abcdef0123456789abcdef,tooshortakey | key 2 has 12 characters (expected: at"
            + " least 32)",
        "0123456789abcdef0123456789abcdef, | key 2 has 0 characters (expected: at least 32)",
        "tooshortakey,b,c | 3 keys (expected: one, or two with a comma between them)",
      })
  void fromEnvironment_withABadKey_isRefusedWithoutTellingIt(String keys, String message) {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of("DRAIN_TICKET_KEY", keys)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("DRAIN_TICKET_KEY: " + message)
        .message()
        .doesNotContain("tooshortakey", "0123456789abcdef");
  }

  @Test
  void fromEnvironment_withBlankValuesOfHandOver_isWithoutThem() {
    DrainPolicy policy =
        DrainPolicy.fromEnvironment(
            Map.of("DRAIN_TICKET_KEY", " ", "DRAIN_POD_IP", "", "DRAIN_PEERS", ""));

    assertThat(policy.ticketKeys()).isEmpty();
    assertThat(policy.handsOver()).isFalse();
    assertThat(policy.podIp()).isEmpty();
    assertThat(policy.peers().contains(AddressRanges.address("10.0.0.1"))).isFalse();
    assertThat(policy.withTicketKey("0123456789abcdef0123456789abcdef").handsOver()).isTrue();
    assertThat(policy.withTicketKey("0123456789abcdef0123456789abcdef").toString())
        .contains("ticketKey=set")
        .doesNotContain("0123456789abcdef");
  }

  @ParameterizedTest
  @CsvSource({
    "DRAIN_MOVEWINDOW, DRAIN_MOVE_WINDOW",
    "DRAIN_MOVE_WINDOWS, DRAIN_MOVE_WINDOW",
    "DRAIN_move_window, DRAIN_MOVE_WINDOW",
    "DRAIN_PDO, DRAIN_POD",
    "DRAIN_PODS, DRAIN_POD",
    "DRAIN_LINGRE, DRAIN_LINGER",
    "DRAIN_RECIEPT, DRAIN_RECEIPT",
  })
  void fromEnvironment_withANearMiss_isRefusedAndSaysWhichIsMeant(String name, String meant) {
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of(name, "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            name
                + ": no such setting; is "
                + meant
                + " meant? (expected: one of DRAIN_ADMIN_TOKEN, ")
        .hasMessageContaining("DRAIN_MOVE_WINDOW, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DRAIN_",
        "DRAIN_SERVICE",
        "DRAIN_X_SERVICE_HOSTS",
        "DRAIN_X_PORT_80_HTTP",
        "DRAIN_X_PORT_80_TCP_NAME",
        "DRAIN_TIMEOUT",
        // Two edits make another word of a short one.
        "DRAIN_PORT",
        "DRAIN_MODE",
        "DRAIN_LOG",
        "DRAIN_ID",
        "DRAIN_SETTING_OF_A_LATER_VERSION",
        // The name of a Service's variable, without such a variable's value.
        "DRAIN_MANAGEMENT_PORT",
        "DRAIN_PORT_80_TCP",
      })
  void fromEnvironment_withAnotherName_warnsAndGoesOnUnlessStrict(String name) {
    try (Log log = new Log(DrainPolicy.class.getName())) {
      assertThat(DrainPolicy.fromEnvironment(Map.of(name, "1"))).isEqualTo(DrainPolicy.defaults());

      assertThat(log.warnings()).contains("DRAIN-035 " + name + ": no such setting; it is ignored");
    }
    assertThatThrownBy(() -> DrainPolicy.fromEnvironment(Map.of(name, "1", "DRAIN_STRICT", "true")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + ": no such setting (expected: one of ");
  }

  @ParameterizedTest
  @CsvSource({
    // Of a Service named "drain".
    "DRAIN_SERVICE_HOST, 10.0.0.1",
    "DRAIN_SERVICE_PORT, 80",
    "DRAIN_SERVICE_PORT_HTTP, 80",
    "DRAIN_SERVICE_PORT_MANAGEMENT_2, 80",
    "DRAIN_PORT, tcp://10.0.0.1:80",
    "DRAIN_PORT_80_TCP, tcp://10.0.0.1:80",
    "DRAIN_PORT_80_TCP_PROTO, tcp",
    "DRAIN_PORT_80_TCP_PORT, 80",
    "DRAIN_PORT_80_TCP_ADDR, 10.0.0.1",
    // Of a Service whose name begins with it.
    "DRAIN_X_SERVICE_HOST, 10.0.0.1",
    "DRAIN_X_SERVICE_PORT, 80",
    "DRAIN_X_SERVICE_PORT_WEB, 80",
    "DRAIN_X_PORT, tcp://10.0.0.1:80",
    "DRAIN_X_PORT_80_TCP_ADDR, 10.0.0.1",
    "DRAIN_X_PORT_53_UDP, udp://10.0.0.1:53",
    "DRAIN_X_PORT_36412_SCTP_PROTO, tcp",
    "DRAIN_CANARY_2_PORT_8080_TCP_PORT, 80",
    // And variables that have nothing to do with it.
    "DRAINAGE, tcp://10.0.0.1:80",
    "MY_DRAIN_SETTING, tcp://10.0.0.1:80",
    "drain_move_window, tcp://10.0.0.1:80",
  })
  void fromEnvironment_withVariablesOfServices_looksPastThem(String name, String value) {
    assertThat(DrainPolicy.fromEnvironment(Map.of(name, value))).isEqualTo(DrainPolicy.defaults());
  }
}
