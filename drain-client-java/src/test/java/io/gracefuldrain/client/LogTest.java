package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class LogTest {
  private static final Object[] BAD = {"now"};

  @Test
  void ignored_applicationHasALog_isToldEachTimeWithWhatWasExpected() {
    List<Map<String, Object>> told = new ArrayList<>();
    Log log = new Log((what, details) -> told.add(details));

    log.ignored("drain:hello", BAD, Pod.FORM);
    log.ignored("drain:hello", BAD, Pod.FORM);

    assertThat(told)
        .hasSize(2)
        .contains(Map.of("event", "drain:hello", "given", "[now]", "expected", Pod.FORM));
  }

  @Test
  void event_applicationHasALog_isToldItsFieldsByTheShortName() {
    List<String> words = new ArrayList<>();
    List<Map<String, Object>> told = new ArrayList<>();
    Log log =
        new Log(
            (what, details) -> {
              words.add(what);
              told.add(details);
            });

    log.event("drain:moving", new JSONObject().put("reason", "shed"));

    assertThat(words).containsExactly("moving");
    assertThat(told).containsExactly(Map.of("reason", "shed"));
  }

  @Test
  void ignored_applicationHasNoLog_isAWarningOnceAKind() {
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().equals(Level.WARNING)) {
              warnings.add(line.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger jdk = Logger.getLogger("io.gracefuldrain.client");
    jdk.addHandler(handler);
    try {
      Log log = new Log(null);
      log.ignored("drain:hello", BAD, Pod.FORM);
      log.ignored("drain:hello", BAD, Pod.FORM);
      log.ignored("drain:plan", BAD, ReconnectDelay.FORM);
    } finally {
      jdk.removeHandler(handler);
    }

    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).contains("drain:hello", "[now]", Pod.FORM);
    assertThat(warnings.get(1)).contains("drain:plan");
  }
}
