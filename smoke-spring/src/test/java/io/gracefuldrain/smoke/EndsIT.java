package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.testing.Await;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application of the usual shape, with one dependency more, that ends while a client reads,
 * uploads and waits for an order, and a user for a report.
 */
class EndsIT {
  private static final boolean FULL = Boolean.getBoolean("drain.full");

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
        Shop shop = Shop.started(line, next, Ending.SLOW)) {
      Ending.assertDrainsFirst(shop, way, "/report");
    }
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
        assertThat(shop.process().awaitExit(Ending.BOUND)).as(shop.process().output()).isEqualTo(1);
        assertThat(shop.process().lines("\"code\":\"DRAIN-009\"")).hasSize(1);
        assertThat(shop.process().output()).contains("shop: cannot start, order came: true");
      }
    }
  }

  /** As where the application's own build asks for it. */
  @ParameterizedTest
  @ValueSource(strings = {"1.7.23", "2.0.9"})
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void start_withAnOldServer_saysWhatToChange(String version) throws Exception {
    try (Shop shop = Shop.withServer(version)) {
      assertThat(shop.process().awaitExit(Ending.BOUND)).isEqualTo(1);
      assertThat(shop.process().output())
          .contains("The version of netty-socketio cannot be drained: netty-socketio: " + version)
          .contains("Change the version of com.corundumstudio.socketio:netty-socketio");
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
      assertThat(shop.process().awaitExit(Ending.BOUND)).as(shop.process().output()).isEqualTo(143);
      Ending.assertDrainedOnce(shop.process(), reason);
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

  /** Whatever chain of Spring Security an application has, the kubelet passes, and nobody else. */
  @ParameterizedTest
  @CsvSource({"deny,403,403", "form,302,302", "management,404,401"})
  @EnabledIfSystemProperty(named = "drain.full", matches = "true")
  void preStop_behindAChainOfTheApplication_drains(String chain, int web, int actuator)
      throws Exception {
    try (NextPod next = new NextPod();
        Shop shop = Shop.started(Line.BOOT_4_1, next, "--spring.profiles.active=" + chain)) {
      shop.awaitReady();
      assertThat(shop.kubelet("/livez").status()).isEqualTo(200);
      assertThat(shop.kubelet("/startupz").status()).isEqualTo(200);
      assertThat(shop.anonymous("/nothing")).as("as its chain has it").isEqualTo(web);
      assertThat(shop.kubelet("/actuator/drain").status()).isEqualTo(actuator);
      try (Customer customer = Customer.of(shop)) {
        CompletableFuture<Object> order = customer.order(7);
        shop.process().awaitLine("shop: order 7 begins");
        CompletableFuture<String> answer = Way.PRE_STOP.end(shop);
        assertThat(order.get(30, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(answer.get(30, TimeUnit.SECONDS)).contains(Way.PRE_STOP.answer());
        customer.assertMovedAndLostNothing();
        assertThat(shop.process().awaitExit(Ending.BOUND)).isEqualTo(143);
        Ending.assertDrainedOnce(shop.process(), "PRE_STOP");
      }
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
      assertThat(shop.process().awaitExit(Ending.BOUND)).isEqualTo(143);
      Await.until(
          () -> "the cut: " + customer.seen(),
          Await.SOON,
          () -> customer.seen().stream().anyMatch(event -> event.startsWith("disconnect")));
      assertThat(customer.seen()).noneMatch(event -> event.startsWith("drain:"));
      assertThat(shop.process().output()).doesNotContain("DRAIN-0");
    }
  }
}
