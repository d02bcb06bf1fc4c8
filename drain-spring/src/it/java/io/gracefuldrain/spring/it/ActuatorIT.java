package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.testing.Await;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The drain as Actuator and Boot show it: health, availability, endpoint and metrics. */
class ActuatorIT {
  private static final String ALL = "management.endpoints.web.exposure.include=*";
  private static final String PROBES = "management.endpoint.health.probes.enabled=true";
  private static final String DETAILS = "management.endpoint.health.show-details=always";
  private static final String JSON = "application/json";

  @Configuration
  static class OneRegistry {
    static final MeterRegistry REGISTRY = new SimpleMeterRegistry();

    @Bean(destroyMethod = "")
    MeterRegistry registry() {
      return REGISTRY;
    }
  }

  private static TestApp start(String... settings) {
    return TestApp.start(OpenApp.class, settings);
  }

  private static int health(TestApp app, String group) {
    return app.get("server", "/actuator/health/" + group).statusCode();
  }

  private static String body(TestApp app, String component) {
    return app.get("server", "/actuator/health/" + component).body();
  }

  @Test
  void readinessGroup_duringADrain_isOutOfServiceAndLivenessIsUp() {
    for (String include :
        new String[] {
          "drain.http.enabled=true", // nothing said
          "management.endpoint.health.group.readiness.include=ping",
          "management.endpoint.health.group.liveness.include=*"
        }) {
      // Without the readiness state, which a drain changes, too.
      try (TestApp app = start(PROBES, "drain.availability.enabled=false", include)) {
        assertThat(health(app, "readiness")).isEqualTo(200);
        assertThat(health(app, "liveness")).isEqualTo(200);
        app.coordinator().drain(DrainReason.MANUAL);
        app.awaitPhase(DrainPhase.DRAINED);
        assertThat(health(app, "readiness")).as(include).isEqualTo(503);
        assertThat(health(app, "liveness")).as(include).isEqualTo(200);
        app.coordinator().resume();
        assertThat(health(app, "readiness")).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"livenessState,drain", "*"})
  @ExtendWith(OutputCaptureExtension.class)
  void livenessGroup_thatHasTheDrain_isToldToDoWithout(String members, CapturedOutput output) {
    String include = "management.endpoint.health.group.liveness.include=" + members;
    try (TestApp app = start(PROBES, include)) {
      assertThat(health(app, "liveness")).isEqualTo(200);
      assertThat(health(app, "liveness")).isEqualTo(200);
    }
    assertThat(output).containsOnlyOnce("DRAIN-088 health drain is left out of the group liveness");
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void livenessGroup_withoutTheDrain_needsNoWord(CapturedOutput output) {
    try (TestApp app =
        start(
            PROBES,
            "management.endpoint.health.group.liveness.include=*",
            "management.endpoint.health.group.liveness.exclude=drain")) {
      assertThat(health(app, "liveness")).isEqualTo(200);
    }
    assertThat(output).doesNotContain("DRAIN-088");
  }

  @Test
  void health_withDetails_saysHowFarTheDrainIs() {
    try (TestApp app = start(DETAILS)) {
      assertThat(body(app, "drain"))
          .contains("\"UP\"", "SERVING", "connections", "workInFlight")
          .doesNotContain("timeLeft");
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      assertThat(body(app, "drain")).contains("OUT_OF_SERVICE", "DRAINED", "timeLeft");
    }
  }

  @Test
  void readinessGroup_thatExcludesTheDrain_hasItNot() {
    try (TestApp app =
        start(
            PROBES,
            DETAILS,
            "drain.availability.enabled=false",
            "management.endpoint.health.group.readiness.exclude=drain")) {
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      assertThat(health(app, "drain")).isEqualTo(503);
      assertThat(health(app, "readiness")).isEqualTo(200);
    }
  }

  @Test
  void health_switchedOff_isNotThere() {
    try (TestApp app = start(PROBES, "management.health.drain.enabled=false")) {
      assertThat(health(app, "drain")).isEqualTo(404);
      assertThat(health(app, "readiness")).isEqualTo(200);
    }
  }

  @Test
  void readinessState_followsDrainAndRecall_livenessStateStays() {
    try (TestApp app = start()) {
      ApplicationAvailability state = app.bean(ApplicationAvailability.class);
      assertThat(state.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
      app.coordinator().drain(DrainReason.MANUAL);
      await(state, ReadinessState.REFUSING_TRAFFIC);
      assertThat(state.getLivenessState()).isEqualTo(LivenessState.CORRECT);

      // The application does not overrule a drain.
      AvailabilityChangeEvent.publish(app.context(), ReadinessState.ACCEPTING_TRAFFIC);
      assertThat(state.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);

      app.coordinator().resume();
      await(state, ReadinessState.ACCEPTING_TRAFFIC);
    }
  }

  @Test
  void readyz_applicationRefusesTraffic_isNotReadyAndARecallDoesNotChangeThat() {
    try (TestApp app = start()) {
      assertThat(app.get("drain", "/readyz").statusCode()).isEqualTo(200);
      AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);
      assertThat(app.get("drain", "/readyz").body()).contains("readinessState");

      AtomicBoolean accepted = new AtomicBoolean();
      app.context()
          .addApplicationListener(
              event ->
                  accepted.compareAndSet(
                      false,
                      event instanceof AvailabilityChangeEvent<?> change
                          && change.getState() == ReadinessState.ACCEPTING_TRAFFIC));
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      app.coordinator().resume();
      app.coordinator().drain(DrainReason.MANUAL); // its news comes after that of the recall
      app.awaitPhase(DrainPhase.DRAINED);
      app.coordinator().resume();
      assertThat(app.get("drain", "/readyz").statusCode()).isEqualTo(503);
      assertThat(accepted).isFalse();
    }
  }

  private static void await(ApplicationAvailability state, ReadinessState expected) {
    Await.until(
        "readiness " + expected, TestApp.BOUND, () -> state.getReadinessState() == expected);
  }

  @Test
  void endpoint_byDefault_isReadOnly() {
    try (TestApp app = start(ALL)) {
      assertThat(app.get("server", "/actuator/drain").body()).contains("\"phase\":\"SERVING\"");
      assertThat(app.send("POST", "server", "/actuator/drain").join().statusCode()).isEqualTo(405);
      assertThat(app.send("DELETE", "server", "/actuator/drain").join().statusCode())
          .isEqualTo(405);
      assertThat(app.coordinator().phase()).isEqualTo(DrainPhase.SERVING);
    }
  }

  @Test
  void endpoint_notExposed_isNotThere() {
    try (TestApp app = start()) {
      assertThat(app.get("server", "/actuator/drain").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void endpoint_unrestricted_drainsAndRecalls() {
    try (TestApp app = start(ALL, "management.endpoint.drain.access=unrestricted")) {
      assertThat(post(app, "{\"within\":\"soon\"}").statusCode()).isEqualTo(400);
      assertThat(app.coordinator().phase()).isEqualTo(DrainPhase.SERVING);
      assertThat(delete(app).statusCode()).isEqualTo(400);

      assertThat(post(app, "{\"within\":\"10s\",\"note\":\"node 7\"}").statusCode()).isEqualTo(200);
      app.awaitPhase(DrainPhase.DRAINED);
      assertThat(app.get("server", "/actuator/drain").body()).contains("node 7");
      assertThat(delete(app).statusCode()).isEqualTo(200);
      assertThat(app.coordinator().phase()).isEqualTo(DrainPhase.SERVING);
      assertThat(post(app, "{}").statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> post(TestApp app, String body) {
    return app.sendBody("POST", "server", "/actuator/drain", body, "Content-Type", JSON).join();
  }

  private static HttpResponse<String> delete(TestApp app) {
    return app.send("DELETE", "server", "/actuator/drain").join();
  }

  @Test
  void metrics_areBoundAndLeaveWithTheContext() {
    MeterRegistry registry = OneRegistry.REGISTRY;
    try (TestApp app = TestApp.start(new Class<?>[] {OpenApp.class, OneRegistry.class}, ALL)) {
      assertThat(registry.get("drain.phase").tag("phase", "SERVING").gauge().value()).isEqualTo(1);
      assertThat(app.get("server", "/actuator/metrics/drain.connections").statusCode())
          .isEqualTo(200);
    }
    assertThat(registry.getMeters())
        .noneMatch(meter -> meter.getId().getName().startsWith("drain."));
  }
}
