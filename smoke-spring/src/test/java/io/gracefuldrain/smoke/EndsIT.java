package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.JvmProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application of the usual shape, with one dependency more, that ends while a client reads,
 * uploads and waits for an order, and a user for a report.
 */
class EndsIT {
  private static final boolean FULL = Boolean.getBoolean("drain.full");
  private static final Duration END = Duration.ofSeconds(60);

  static Stream<Arguments> ends() {
    return Stream.of(Line.values())
        .flatMap(line -> Stream.of(Way.values()).map(way -> Arguments.of(line, way)))
        .filter(end -> FULL || alwaysTried((Line) end.get()[0], (Way) end.get()[1]));
  }

  /** Each line once, and each kind of end once. */
  private static boolean alwaysTried(Line line, Way way) {
    return switch (way) {
      case SIGTERM -> line == Line.BOOT_4_0;
      case PRE_STOP, SYSTEM_EXIT -> line == Line.BOOT_4_1;
      case ACTUATOR_SHUTDOWN -> line == Line.BOOT_3_5;
      default -> false;
    };
  }

  @ParameterizedTest
  @MethodSource("ends")
  void end_withWorkInFlight_drainsFirst(Line line, Way way) throws Exception {
    try (NextPod next = new NextPod();
        Shop shop = Shop.started(line, next, "--shop.order-takes=4500");
        Customer customer = Customer.of(shop)) {
      JvmProcess process = shop.process();
      CompletableFuture<Object> order = customer.order(7);
      CompletableFuture<HttpResponse<String>> report = shop.web("GET", "/report");
      process.awaitLine("shop: order 7 begins");

      way.end(shop);
      process.awaitLine("\"DRAIN-002\"", END);
      assertThat(process.lines("shop: order 7 is served")).as("the drain has just begun").isEmpty();
      assertThat(shop.actuator("GET", "/actuator/health/liveness").get(30, TimeUnit.SECONDS))
          .as("Actuator during the drain")
          .extracting(HttpResponse::statusCode)
          .isEqualTo(200);
      assertThat(order.get(30, TimeUnit.SECONDS)).isEqualTo(7);
      assertThat(report.get(30, TimeUnit.SECONDS).body()).isEqualTo("the report");
      customer.assertMovedAndLostNothing();
      assertThat(process.awaitExit(END)).as(process.output()).isEqualTo(way.exitCode());
      assertDrainedOnce(process, way.reason());
    }
  }

  private static void assertDrainedOnce(JvmProcess process, String reason) {
    assertThat(process.lines("\"code\":\"DRAIN-009\""))
        .as(process.output())
        .singleElement()
        .asString()
        .contains("\"reasons\":[\"" + reason)
        .contains("\"tracked\":1,")
        .contains("\"outcomes\":{\"LANDED\":1,\"LEFT\":0,\"CLOSED\":0,\"FORCED\":0,\"LOST\":0,")
        .contains("\"workAbandoned\":0,")
        .contains("\"addsUp\":true");
    assertThat(process.lines().stream().filter(EndsIT::isOfTheEnd).map(EndsIT::word))
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

  @Test
  void start_thatFailsWhileClientsAreConnected_letsThemGo() throws Exception {
    try (NextPod next = new NextPod();
        Shop shop =
            Shop.starting(
                Line.BOOT_4_1, Map.of("DRAIN_RECONNECT_URL", next.url()), "--shop.fails=true")) {
      shop.process().awaitLine("shop: open");
      try (Customer customer = Customer.of(shop)) {
        var unused = customer.order(1);
        customer.assertMovedAndLostNothing();
        assertThat(shop.process().awaitExit(END)).as(shop.process().output()).isEqualTo(1);
        assertThat(shop.process().lines("\"code\":\"DRAIN-009\"")).hasSize(1);
        assertThat(shop.process().output()).contains("shop: cannot start, order came: true");
      }
    }
  }

  /** Then SIGTERM only closes the context, and that drains. */
  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void sigterm_withoutOurSignals_drainsAsTheContextCloses() throws Exception {
    try (NextPod next = new NextPod();
        Shop shop = Shop.started(Line.BOOT_3_5, next, "--drain.signals.enabled=false")) {
      assertSigtermDrains(shop, "SHUTDOWN");
    }
  }

  /** The main thread has ended, and Netty's keep the application alive. */
  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void sigterm_withoutAWebServer_drainsAndOurServerHasTheHooks() throws Exception {
    try (NextPod next = new NextPod();
        Shop shop = Shop.withoutWeb(Line.BOOT_4_1, next)) {
      shop.awaitReady();
      assertSigtermDrains(shop, "SIGTERM");
    }
  }

  private static void assertSigtermDrains(Shop shop, String reason) throws Exception {
    try (Customer customer = Customer.of(shop)) {
      CompletableFuture<Object> order = customer.order(7);
      shop.process().awaitLine("shop: order 7 begins");
      shop.process().terminate();
      assertThat(order.get(30, TimeUnit.SECONDS)).isEqualTo(7);
      customer.assertMovedAndLostNothing();
      assertThat(shop.process().awaitExit(END)).as(shop.process().output()).isEqualTo(143);
      assertDrainedOnce(shop.process(), reason);
    }
  }

  /** Spring Security guards what it has guarded, and does not lock the kubelet out. */
  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void security_ofTheApplication_staysAsItIs(Line line) throws Exception {
    try (NextPod next = new NextPod();
        Shop shop = Shop.started(line, next)) {
      assertThat(shop.anonymous("/report")).isEqualTo(401);
      assertThat(shop.kubelet("/actuator/drain").status()).isEqualTo(401);
      assertThat(shop.kubelet("/actuator/health").status()).isEqualTo(401);
      shop.awaitReady();
      assertThat(shop.kubelet("/livez").status()).isEqualTo(200);
      assertThat(shop.kubelet("/startupz").status()).isEqualTo(200);
      assertThat(shop.actuator("GET", "/actuator/drain").get(30, TimeUnit.SECONDS).body())
          .contains("\"phase\":\"SERVING\"");
      assertThat(shop.actuator("POST", "/actuator/drain").get(30, TimeUnit.SECONDS).statusCode())
          .as("what changes something is closed")
          .isEqualTo(405);
    }
  }

  /** Shows that the tests above can fail. */
  @Test
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void end_withoutTheDrain_cutsTheClient() throws Exception {
    try (NextPod next = new NextPod();
        Shop shop = Shop.started(Line.BOOT_4_1, next, "--drain.enabled=false");
        Customer customer = Customer.of(shop)) {
      shop.process().terminate();
      assertThat(shop.process().awaitExit(END)).isEqualTo(143);
      Await.until(
          () -> "the cut: " + customer.seen(),
          Await.SOON,
          () -> customer.seen().stream().anyMatch(event -> event.startsWith("disconnect")));
      assertThat(customer.seen()).noneMatch(event -> event.startsWith("drain:"));
      assertThat(shop.process().output()).doesNotContain("DRAIN-0");
    }
  }
}
