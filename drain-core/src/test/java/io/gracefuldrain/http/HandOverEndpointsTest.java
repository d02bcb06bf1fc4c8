package io.gracefuldrain.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoints where other pods ask for sessions: when there are any, and where they are. */
class HandOverEndpointsTest {
  private static final DrainPolicy ON =
      DrainPolicy.defaults().withTicketKey("0123456789abcdef0123456789abcdef");

  private DrainCoordinator coordinator = DrainCoordinator.create(ON);

  @AfterEach
  void close() {
    coordinator.close();
  }

  private Answer ask(String method, String path, Map<String, String> headers) {
    return DrainEndpoints.of(coordinator)
        .handle(new Request(method, path, null, headers::get, () -> true))
        .toCompletableFuture()
        .join();
  }

  @Test
  void paths_withoutAKey_areNotThere() {
    coordinator.close();
    coordinator = DrainCoordinator.create(DrainPolicy.defaults());

    assertThat(DrainEndpoints.of(coordinator).paths()).noneMatch(path -> path.contains("handover"));
    assertThat(ask("POST", "/handover/take", Map.of()).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/handover/prepare", "/handover/take", "/handover/done"})
  void paths_withAKey_areForPodsThatShowIt(String path) {
    assertThat(DrainEndpoints.of(coordinator).paths()).contains(path);
    assertThat(ask("GET", path, Map.of()).status()).isEqualTo(405);
    assertThat(ask("POST", path, Map.of("Content-Length", "2")).status()).isEqualTo(400);
    Answer refused = ask("POST", path, Map.of());
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":\"Drain-Pod: none (expected: as another pod sends it)\","
                + "\"reason\":\"malformed\"}\n");
    assertThat(refused.headers()).containsEntry("Cache-Control", "no-store");
  }

  @Test
  void servedOn_aPortAndAPath_isWhatTheCoordinatorTells() {
    DrainEndpoints endpoints = DrainEndpoints.of(coordinator);
    assertThat(coordinator.keptSessions().port()).isZero();

    endpoints.servedOn(8081, "/manage/");
    assertThat(coordinator.keptSessions().port()).isEqualTo(8081);
    assertThat(coordinator.keptSessions().basePath()).isEqualTo("/manage");
    try (DrainHttpServer server = DrainHttpServer.start(endpoints, 0)) {
      assertThat(coordinator.keptSessions().port()).isEqualTo(server.port());
      assertThat(coordinator.keptSessions().basePath()).isEmpty();
    }
    coordinator.close();
    coordinator = DrainCoordinator.create(ON.withHandoverPort(9_000));
    DrainEndpoints.of(coordinator).servedOn(8081, "");
    assertThat(coordinator.keptSessions().port()).isEqualTo(9_000);
  }

  @Test
  void servedOn_whatIsNoPlace_isRefused() {
    DrainEndpoints endpoints = DrainEndpoints.of(coordinator);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints.servedOn(0, ""))
        .withMessage("port: 0 (expected: 1 to 65535)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints.servedOn(1, "manage"))
        .withMessage("basePath: manage (expected: a path such as /manage, or none)");
    assertThatIllegalArgumentException().isThrownBy(() -> endpoints.servedOn(1, "/a?b"));
    assertThatIllegalArgumentException().isThrownBy(() -> endpoints.servedOn(1, "/../x/../y"));
  }
}
