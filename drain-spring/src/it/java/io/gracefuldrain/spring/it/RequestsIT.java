package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReason;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP requests of an application are work in flight: on a servlet container and reactive. */
class RequestsIT {
  private static TestApp servlet(String... settings) {
    return TestApp.start(OpenApp.class, settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/slow", "/later"})
  void drain_requestInFlight_waitsForItAndRefusesOthers(String path) throws Exception {
    try (TestApp app = servlet("management.endpoints.web.exposure.include=*")) {
      OpenApp.Work work = app.bean(OpenApp.Work.class);
      CompletableFuture<HttpResponse<String>> slow = app.send("GET", "server", path);
      work.begun.await();
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.SETTLING);

      HttpResponse<String> refused = app.get("server", "/quick");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(app.get("server", "/actuator/info").statusCode()).isEqualTo(200);
      assertThat(app.get("server", "/actuator/drain").body()).contains("\"phase\":\"SETTLING\"");
      assertThat(app.get("server", "/livez").statusCode()).isEqualTo(404);

      work.end.countDown();
      assertThat(slow.join().body()).isEqualTo("slow");
      app.awaitPhase(DrainPhase.DRAINED);
    }
  }

  @Test
  void drain_requestToExemptPath_isServed() {
    try (TestApp app = servlet("drain.filter.exempt=/quick,/internal")) {
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      assertThat(app.get("server", "/quick").statusCode()).isEqualTo(200);
      assertThat(app.get("server", "/quicker").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void drain_filterOff_refusesNobody() {
    try (TestApp app = servlet("drain.filter.enabled=false")) {
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.DRAINED);
      assertThat(app.get("server", "/quick").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void drain_reactiveRequestInFlight_waitsForItAndRefusesOthers() {
    try (TestApp app =
        TestApp.start(ReactiveApp.class, ReactiveApp.REACTIVE, ReactiveApp.ONE_SERVER)) {
      CompletableFuture<HttpResponse<String>> slow = app.send("GET", "server", "/slow");
      app.awaitWork();
      app.coordinator().drain(DrainReason.MANUAL);
      app.awaitPhase(DrainPhase.SETTLING);

      HttpResponse<String> refused = app.get("server", "/quick");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(app.get("server", "/actuator/health").statusCode()).isNotEqualTo(404);

      app.bean(ReactiveApp.Work.class).end.tryEmitValue("slow").orThrow();
      assertThat(slow.join().body()).isEqualTo("slow");
      app.awaitPhase(DrainPhase.DRAINED);
    }
  }
}
