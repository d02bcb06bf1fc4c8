package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.JvmProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends a shop while a customer reads, uploads and waits for an order, and a user for a report. */
final class Ending {
  static final Duration BOUND = Duration.ofSeconds(60);

  /** Makes orders and reports take so long that they are still under way when the drain begins. */
  static final String SLOW = "--shop.order-takes=4500";

  private Ending() {}

  /** Ends a {@link #SLOW} shop: all that is under way is finished first, and nothing is lost. */
  static void assertDrainsFirst(Shop shop, Way way, String reportPath) throws Exception {
    JvmProcess process = shop.process();
    try (Customer customer = Customer.of(shop)) {
      CompletableFuture<Object> order = customer.order(7);
      CompletableFuture<HttpResponse<String>> report = shop.web("GET", reportPath);
      process.awaitLine("shop: order 7 begins");

      CompletableFuture<String> answer = way.end(shop);
      process.awaitLine("\"DRAIN-002\"", BOUND);
      assertThat(process.lines("shop: order 7 is served")).as("the drain has just begun").isEmpty();
      if (way == Way.PRE_STOP) {
        assertThat(answer).as("the hook waits for the drain").isNotDone();
      }
      assertThat(shop.actuator("GET", "/actuator/health/liveness").get(30, TimeUnit.SECONDS))
          .as("Actuator during the drain")
          .extracting(HttpResponse::statusCode)
          .isEqualTo(200);
      assertThat(order.get(30, TimeUnit.SECONDS)).isEqualTo(7);
      assertThat(report.get(30, TimeUnit.SECONDS).body()).isEqualTo("the report");
      assertThat(answer.get(30, TimeUnit.SECONDS)).contains(way.answer());
      customer.assertMovedAndLostNothing();
      assertThat(process.awaitExit(BOUND)).as(process.output()).isEqualTo(way.exitCode());
      assertDrainedOnce(process, way.reason());
    }
  }

  /** One drain with one client that has moved, and then the rest of the shop in its order. */
  static void assertDrainedOnce(JvmProcess process, String reason) {
    assertThat(process.lines("\"code\":\"DRAIN-009\""))
        .as(process.output())
        .singleElement()
        .asString()
        .contains("\"reasons\":[\"" + reason)
        .contains("\"tracked\":1,")
        .contains("\"outcomes\":{\"LANDED\":1,\"LEFT\":0,\"CLOSED\":0,\"FORCED\":0,\"LOST\":0,")
        .contains("\"workAbandoned\":0,")
        .contains("\"addsUp\":true");
    assertThat(process.lines().stream().filter(Ending::isOfTheEnd).map(Ending::word))
        .as(process.output())
        .containsExactly("served", "receipt", "server", "closed");
    assertThat(process.output())
        .doesNotContain("the database is closed, and this comes")
        .doesNotContain("TaskRejectedException");
  }

  private static boolean isOfTheEnd(String line) {
    return line.contains("is served")
        || line.contains("\"code\":\"DRAIN-009\"")
        || line.contains("shop: stops its server")
        || line.contains("shop: database closed");
  }

  private static String word(String line) {
    return line.startsWith("{") ? "receipt" : line.substring(line.lastIndexOf(' ') + 1);
  }
}
