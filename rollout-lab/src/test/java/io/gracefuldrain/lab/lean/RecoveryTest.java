package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The same as the stock JavaScript client's, to which an IT of sample-app holds it. */
class RecoveryTest {
  private final Recovery recovery = new Recovery();

  @Test
  void connect_atFirst_hasNothing() {
    recovery.heard(json("[\"chat\",\"text\"]"));
    assertThat(recovery.connect()).isEqualTo("40");
  }

  @Test
  void answered_firstPid_isNoRecoveryAndIsShownNextTime() {
    assertThat(recovery.answered(json("{\"sid\":\"s\",\"pid\":\"p\"}"))).isFalse();
    assertThat(recovery.connect()).isEqualTo("40{\"pid\":\"p\"}");
  }

  @Test
  void answered_samePid_isRecovered() {
    assertThat(recovery.answered(json("{\"pid\":\"p\"}"))).isFalse();
    assertThat(recovery.answered(json("{\"pid\":\"p\"}"))).isTrue();
  }

  @Test
  void answered_anotherPid_isNoRecoveryAndIsShownFromThenOn() {
    assertThat(recovery.answered(json("{\"pid\":\"p\"}"))).isFalse();
    assertThat(recovery.answered(json("{\"pid\":\"q\"}"))).isFalse();
    assertThat(recovery.connect()).isEqualTo("40{\"pid\":\"q\"}");
  }

  @Test
  void answered_noPid_forgetsTheLastOne() {
    assertThat(recovery.answered(json("{\"pid\":\"p\"}"))).isFalse();
    assertThat(recovery.answered(json("{\"sid\":\"s\"}"))).isFalse();
    assertThat(recovery.connect()).isEqualTo("40");
  }

  @Test
  void heard_eventThatEndsWithAText_isTheOffset() {
    assertThat(recovery.answered(json("{\"pid\":\"p\"}"))).isFalse();
    recovery.heard(json("[\"chat\",{\"n\":1},\"one\"]"));
    recovery.heard(json("[\"chat\",\"two\",{\"n\":2}]"));
    assertThat(recovery.connect()).isEqualTo("40{\"pid\":\"p\",\"offset\":\"one\"}");
  }

  @Test
  void heard_eventWithoutArguments_itsNameIsTheOffset() {
    assertThat(recovery.answered(json("{\"pid\":\"p\"}"))).isFalse();
    recovery.heard(json("[\"tick\"]"));
    assertThat(recovery.connect()).isEqualTo("40{\"pid\":\"p\",\"offset\":\"tick\"}");
  }

  private static JsonNode json(String text) {
    return Objects.requireNonNull(Json.read(text));
  }
}
