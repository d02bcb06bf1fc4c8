package io.gracefuldrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.http.Request;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output for machines is the same in every country; Error Prone's DefaultLocale holds the kind. */
final class LocaleTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "fa-IR-u-nu-arabext", "bn-BD-u-nu-beng", "tr-TR"})
  void output_inAnyLocale_isAscii(String locale) {
    Locale.setDefault(Locale.forLanguageTag(locale));
    VirtualPod pod = VirtualPod.serving(VirtualPod.policy().withAdminToken("t"));
    pod.stock(12);
    DrainEndpoints endpoints = DrainEndpoints.of(pod.coordinator);
    Map<String, String> admin = Map.of("Authorization", "Bearer t");
    try (Log log = new Log()) {
      assertThat(
              endpoints
                  .handle(new Request("POST", "/drain/shed", "count=10", admin::get, () -> true))
                  .toCompletableFuture()
                  .join()
                  .body())
          .isEqualTo("{\"shedding\":10,\"connections\":12}\n");
      pod.drain(DrainReason.SIGTERM);
      pod.advanceTo(DrainPhase.DRAINED);

      assertThat(log.lines(LogCode.SETTLING)).hasSize(1);
      assertThat(LogCode.SETTLING.code()).isEqualTo("DRAIN-004");
      assertThat(LogCode.HOOK_UNKNOWN.code()).isEqualTo("DRAIN-029");
      assertThat(pod.printed()).singleElement().asString().startsWith("{\"code\":\"DRAIN-009\"");
      assertThat(pod.printed() + pod.report().toText()).isASCII();
    }
  }
}
