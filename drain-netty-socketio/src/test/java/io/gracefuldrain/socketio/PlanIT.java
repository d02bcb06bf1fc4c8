package io.gracefuldrain.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainReason;
import io.gracefuldrain.socketio.ScriptedClient.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plan that aware clients get, in case their pod is gone without a word. */
class PlanIT {
  @Test
  void connect_aware_isToldInEachNamespaceAfterItsHello() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start();
        ScriptedClient client = ScriptedClient.aware(pod).join("/chat")) {
      List<Event> plans = client.awaitEvents("drain:plan", 2);
      List<Event> hellos = client.events("drain:hello");

      assertThat(plans).extracting(Event::namespace).containsExactly("", "/chat");
      for (int i = 0; i < 2; i++) {
        assertThat(plans.get(i).at()).isGreaterThan(hellos.get(i).at());
        assertThat(plans.get(i).ack()).isNegative();
        assertThat(plans.get(i).data().get("windowMs").isIntegralNumber()).isTrue();
        assertThat(plans.get(i).data().get("windowMs").asLong()).isEqualTo(1000);
      }
    }
  }

  @Test
  void connect_stock_isToldNothing() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a").policy(policy -> policy.withCrashRate(1)).start();
        ScriptedClient aware = ScriptedClient.aware(pod);
        ScriptedClient stock = ScriptedClient.stock(pod)) {
      aware.awaitEvents("drain:plan", 2); // of a round that left out the stock one
      stock.ready(pod, "", "stock");

      assertThat(stock.events("drain:plan")).isEmpty();
    }
  }

  @Test
  void connect_withARateOfNone_isToldNone() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a").policy(policy -> policy.withCrashRate(0)).start();
        ScriptedClient client = ScriptedClient.aware(pod);
        ScriptedClient second = ScriptedClient.aware(pod)) {
      client.ready(pod, "", "one");
      second.ready(pod, "", "two"); // nothing more is on its way

      assertThat(client.events("drain:hello")).hasSize(1);
      assertThat(client.events("drain:plan")).isEmpty();
    }
  }

  @Test
  void number_ofConnectionsDoubledAndHalved_isToldAnewInEachGreetedNamespace() throws Exception {
    try (FeedServer pod =
            FeedServer.named("pod-a").policy(policy -> policy.withCrashRate(1)).start();
        ScriptedClient client = ScriptedClient.aware(pod).join("/chat");
        ScriptedClient raw = ScriptedClient.connect(pod, "EIO=4&drain=1")) {
      List<Event> both = client.awaitEvents("drain:plan", 4);
      assertThat(both.subList(0, 2)).allMatch(plan -> windowOf(plan) == 1000);
      assertThat(both.subList(2, 4)).allMatch(plan -> windowOf(plan) == 2000);
      assertThat(both.subList(2, 4))
          .extracting(Event::namespace)
          .containsExactlyInAnyOrder("", "/chat");

      raw.wire().close();
      List<Event> alone = client.awaitEvents("drain:plan", 6); // five seconds after the last round

      assertThat(alone.subList(4, 6)).allMatch(plan -> windowOf(plan) == 1000);
      assertThat(raw.wire().messages()).noneMatch(message -> message.contains("drain:"));
    }
  }

  private static long windowOf(Event plan) {
    return plan.data().get("windowMs").asLong();
  }

  @Test
  void connect_awarePoller_isToldWithItsPolls() throws Exception {
    try (FeedServer pod = FeedServer.named("pod-a").start()) {
      ScriptedPoller poller = ScriptedPoller.connect(pod, "EIO=4&drain=1").joined();
      while (poller.packets().stream().noneMatch(packet -> packet.contains("drain:plan"))) {
        poller.poll();
      }

      assertThat(poller.packets()).contains("42[\"drain:plan\",{\"windowMs\":1000}]");
      pod.coordinator().drain(DrainReason.MANUAL);
    }
  }
}
