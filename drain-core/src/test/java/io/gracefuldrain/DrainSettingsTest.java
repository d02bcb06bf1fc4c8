package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrainSettingsTest {
  @Test
  void names_areThoseOfTheVariables() {
    assertThat(DrainSettings.names())
        .hasSize(Setting.values().length)
        .contains("move-window", "pod", "strict")
        .allSatisfy(
            name ->
                assertThat(DrainSettings.variable(name))
                    .isEqualTo("DRAIN_" + name.toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  @Test
  void variable_ofNoSetting_isRefused() {
    assertThatThrownBy(() -> DrainSettings.variable("moveWindow"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name: moveWindow (expected: one of admin-token, ");
  }

  @Test
  void read_aText_meansWhatTheVariableMeans() {
    assertThat(read("move-window", "12s"))
        .isEqualTo(DrainPolicy.fromEnvironment(Map.of("DRAIN_MOVE_WINDOW", "12s")));
    assertThat(read("move-window", "12s").moveWindow()).isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void read_aBadValue_isCalledAsItWasWritten() {
    assertThatThrownBy(() -> read("move-window", "soon"))
        .hasMessage("drain.move-window: soon (expected: a duration such as 500ms, 5s, 2m or 1h)");
    assertThatThrownBy(() -> read("stop-margin", "10ms"))
        .hasMessage("drain.stop-margin: 10ms (expected: >= 1s)");
  }

  @Test
  void read_aNameThatIsNearlyASetting_isRefused() {
    assertThatThrownBy(() -> read("move-windwo", "12s"))
        .hasMessageStartingWith(
            "drain.move-windwo: no such setting; is drain.move-window meant? (expected: one of"
                + " drain.admin-token, ");
  }

  @Test
  void read_anotherName_isIgnoredUnlessStrict() {
    assertThat(read("colour", "blue")).isEqualTo(DrainPolicy.defaults());
    assertThatThrownBy(
            () ->
                DrainSettings.read(
                    DrainPolicy.defaults(),
                    Map.of("colour", "blue", "strict", "true"),
                    DrainSettingsTest::named))
        .hasMessageStartingWith("drain.colour: no such setting (expected: one of ");
  }

  @Test
  void unknown_nameOfAFramework_isTreatedAsOneOfOurs() {
    Set<String> known = Set.of("drain.http.port");
    assertThatThrownBy(
            () -> DrainSettings.unknown(DrainPolicy.defaults(), "drain.http.prot", known))
        .hasMessage(
            "drain.http.prot: no such setting; is drain.http.port meant? (expected: one of"
                + " drain.http.port)");
    DrainSettings.unknown(DrainPolicy.defaults(), "drain.http.colour", known);
    DrainPolicy strict = read("strict", "true");
    assertThatThrownBy(() -> DrainSettings.unknown(strict, "drain.http.colour", known))
        .hasMessageStartingWith("drain.http.colour: no such setting (expected: one of ");
  }

  @Test
  void read_twoThatContradictEachOther_isNoErrorUntilTheyAreChecked() {
    DrainPolicy policy =
        DrainSettings.read(
            DrainPolicy.defaults(),
            Map.of("hint-grace", "9s", "move-window", "3s"),
            DrainSettingsTest::named);

    assertThatThrownBy(() -> DrainSettings.check(policy, DrainSettingsTest::named))
        .hasMessage("drain.hint-grace: 9s (expected: <= drain.move-window, which is 3s)");
  }

  @Test
  void check_aBudgetThatDoesNotFit_isRefusedUnlessItWarnsOnly() {
    DrainPolicy policy = read("move-window", "30s");

    assertThatThrownBy(() -> DrainSettings.check(policy, DrainSettingsTest::named))
        .hasMessage(
            "drain.grace-period: 30s (expected: >= 47s = drain.readiness-delay-max 5s +"
                + " drain.move-window 30s + drain.settle-grace 5s + drain.force-timeout 1s +"
                + " drain.linger 0s + drain.stop-margin 6s); raise drain.grace-period with the"
                + " pod's terminationGracePeriodSeconds, or lower one of the parts");
    DrainSettings.check(
        policy.withBudgetCheck(DrainPolicy.BudgetCheck.WARN), DrainSettingsTest::named);
  }

  private static DrainPolicy read(String name, String text) {
    return DrainSettings.read(DrainPolicy.defaults(), Map.of(name, text), DrainSettingsTest::named);
  }

  private static String named(String name) {
    return "drain." + name;
  }
}
