package io.gracefuldrain.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The usual shop on other servers, other loggers and other threads. */
@EnabledIfSystemProperty(named = "drain.full", matches = "true")
class StacksIT {
  @ParameterizedTest
  @EnumSource
  void preStop_withWorkInFlight_drainsFirst(Stack stack) throws Exception {
    assumeTrue(
        stack != Stack.VIRTUAL_THREADS || Jdk.from(21).isPresent(),
        "virtual threads need a JDK 21 or newer, beside the one that runs the tests");
    try (NextPod next = new NextPod();
        Shop shop = Shop.on(stack, next)) {
      shop.awaitReady();
      Ending.assertDrainsFirst(shop, Way.PRE_STOP, stack.report());
      assertThat(shop.process().output()).contains(stack.says());
    }
  }
}
