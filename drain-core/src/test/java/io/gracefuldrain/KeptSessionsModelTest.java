package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Whatever happens to kept sessions, and in whichever order, each ends once and adds up. */
final class KeptSessionsModelTest {
  private static final DrainPolicy POLICY =
      VirtualPod.policy()
          .withTicketKey("0123456789abcdef0123456789abcdef")
          .withHandoverSessionBytes(40 + 6 * KeptSession.PACKET_BYTES)
          .withHandoverPodBytes(200 + 20 * KeptSession.PACKET_BYTES);
  private static final List<String> OF_SESSIONS =
      List.of("too_big", "pod_full", "unproven", "disconnected", "forced", "unconfirmed");

  // ---------------------------------------------------------------- in any order

  @Test
  void anyOrder_ofAllThatHappens_addsUp() {
    for (int seed = 0; seed < 150; seed++) {
      try {
        new Run(seed).play();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static final class Run {
    private final Random random;
    private final VirtualPod pod = VirtualPod.serving(POLICY);
    private final List<KeepingConnection> clients = new ArrayList<>();
    private final Set<KeepingConnection> dropped = new HashSet<>();
    private int requests;

    Run(long seed) {
      random = new Random(seed);
    }

    void play() {
      for (int step = 0; step < 300; step++) {
        act();
        assertThat(pod.report().addsUp()).isTrue();
      }
      pod.coordinator.drain(DrainReason.SIGTERM);
      pod.advanceTo(DrainPhase.DRAINED);
      pod.advance(s(30));
      check();
    }

    private void act() {
      switch (random.nextInt(14)) {
        case 0, 1 -> come();
        case 2, 3, 4 -> any().ifPresent(client -> client.send("x".repeat(random.nextInt(9))));
        case 5 -> any().map(KeepingConnection::kept).ifPresent(this::offerOrDrop);
        case 6, 7 -> any().ifPresent(this::take);
        case 8 -> any().ifPresent(client -> client.handle().left(Departure.GOODBYE));
        case 9 -> shed();
        case 10 -> pod.coordinator.drain(DrainReason.MANUAL);
        case 11 -> recall();
        default -> pod.advance(ms(random.nextInt(3_000)));
      }
    }

    private Optional<KeepingConnection> any() {
      return clients.isEmpty()
          ? Optional.empty()
          : Optional.of(clients.get(random.nextInt(clients.size())));
    }

    private void come() {
      String id = "c" + clients.size();
      clients.add(
          random.nextBoolean()
              ? KeepingConnection.register(pod.coordinator, id)
              : KeepingConnection.filling(pod.coordinator, id));
    }

    private void offerOrDrop(KeptSession kept) {
      KeepingConnection client =
          clients.stream().filter(each -> kept.equals(each.kept())).findFirst().orElseThrow();
      if (random.nextBoolean()) {
        kept.drop("unproven");
        dropped.add(client);
      } else if (!client.offered()) {
        if (client.events().contains("FORCE")) {
          dropped.add(client); // too late
        }
        client.offer();
      }
    }

    private void take(KeepingConnection client) {
      String request = "r" + (random.nextInt(3) == 0 ? requests : ++requests);
      try {
        pod.coordinator.keptSessions().take(client.id(), request);
        if (random.nextInt(3) > 0) {
          pod.coordinator.keptSessions().landed(client.id(), request, "pod-b");
        }
      } catch (HandOverRefusal e) {
        assertThat(HandOverCounts.reasons()).contains(e.reason());
      }
    }

    private void shed() {
      if (pod.phase() == DrainPhase.SERVING) {
        pod.coordinator.shed(1 + random.nextInt(5));
      }
    }

    private void recall() {
      if (pod.phase().draining()) {
        pod.coordinator.resume();
      }
    }

    private void check() {
      HandOverCounts counts = pod.coordinator.totals().handedOver();
      long ended = counts.taken() + counts.expired();
      for (String reason : OF_SESSIONS) {
        ended += counts.refused().getOrDefault(reason, 0L);
      }
      assertThat(ended).as("each has ended in one way: " + counts).isEqualTo(counts.kept());
      long taken = 0;
      for (KeepingConnection client : clients) {
        List<String> events = client.events();
        assertThat(new HashSet<>(events)).as(events.toString()).hasSameSizeAs(events);
        assertThat(events.contains("taken by pod-b") && events.contains("expired"))
            .as(events.toString())
            .isFalse();
        if (client.offered() && !dropped.contains(client)) {
          assertThat(events).doesNotContain("FORCE");
        }
        taken += events.contains("taken by pod-b") ? 1 : 0;
        assertThat(client.send("")).isFalse();
      }
      assertThat(counts.taken()).isEqualTo(taken);
      assertThat(pod.coordinator.roomOfKept()).isZero();
      assertThat(pod.clock.idle()).as("nothing more to do").isTrue();
    }
  }

  // ---------------------------------------------------------------- at the same moment

  @Test
  void sameMoment_ofAllThatEndsASession_endsItOnce() throws Exception {
    Set<String> ends = new HashSet<>();
    try (Race race = new Race(5)) {
      for (int round = 0; round < 400; round++) {
        ends.add(endsOnce(race, round));
      }
    }
    assertThat(ends).as("it is no race if the same one wins always").hasSizeGreaterThan(1);
  }

  private static String endsOnce(Race race, int round) throws Exception {
    VirtualPod pod = VirtualPod.serving(POLICY);
    KeepingConnection client = KeepingConnection.register(pod.coordinator, "a");
    pod.drain(DrainReason.SIGTERM);
    while (client.kept() == null) {
      pod.advance(ms(20));
    }
    KeptSession kept = Objects.requireNonNull(client.kept());
    KeptSessions sessions = pod.coordinator.keptSessions();
    List<Callable<String>> racers =
        List.of(
            () -> taken(sessions, "r1", "b"),
            () -> taken(sessions, "r2", "c"),
            () -> {
              while (client.send("12345678")) {
                Thread.onSpinWait();
              }
              return "";
            },
            () -> {
              if (round % 3 == 0) {
                kept.drop("disconnected");
              }
              return "";
            },
            () -> {
              if (round % 2 == 0) {
                pod.coordinator.drain(DrainReason.MANUAL).within(ms(0));
                pod.advance(s(1));
              }
              return "";
            });
    List<String> results = race.run(racers);
    pod.advance(s(60));

    HandOverCounts counts = pod.coordinator.totals().handedOver();
    long spoiled =
        counts.refused().getOrDefault("too_big", 0L)
            + counts.refused().getOrDefault("disconnected", 0L)
            + counts.refused().getOrDefault("unconfirmed", 0L);
    assertThat(counts.taken() + counts.expired() + spoiled).as(counts.toString()).isEqualTo(1);
    assertThat(results.stream().filter(result -> !result.isEmpty()).count())
        .isEqualTo(counts.taken());
    List<String> events = client.events();
    assertThat(events.stream().filter(event -> event.startsWith("taken")).count())
        .isEqualTo(counts.taken());
    assertThat(events).filteredOn("expired"::equals).hasSizeLessThanOrEqualTo(1);
    if (counts.taken() == 1) {
      assertThat(events).doesNotContain("expired", "FORCE");
    }
    assertThat(pod.report().addsUp()).isTrue();
    assertThat(pod.coordinator.roomOfKept()).isZero();
    return counts.taken() == 1 ? "taken" : counts.expired() == 1 ? "expired" : "spoiled";
  }

  private static String taken(KeptSessions sessions, String request, String pod) {
    try {
      byte[] mail = sessions.take("a", request);
      sessions.landed("a", request, pod);
      return "mail:" + new String(mail, StandardCharsets.UTF_8);
    } catch (HandOverRefusal e) {
      return "";
    }
  }

  @Test
  void receipt_ofADrainWithAll_sumsTheSame() {
    VirtualPod pod = VirtualPod.serving(POLICY);
    for (int i = 0; i < 10; i++) {
      KeepingConnection.register(pod.coordinator, "c" + i);
    }
    pod.drain(DrainReason.SIGTERM);
    pod.advanceTo(DrainPhase.SETTLING);
    for (int i = 0; i < 4; i++) {
      try {
        pod.coordinator.keptSessions().take("c" + i, "r");
        pod.coordinator.keptSessions().landed("c" + i, "r", "pod-b");
      } catch (HandOverRefusal e) {
        throw new AssertionError(e);
      }
    }
    pod.advanceTo(DrainPhase.DRAINED);

    assertThat(pod.report().outcomes()).isEqualTo(Map.of(Outcome.LANDED, 4, Outcome.CLOSED, 6));
    assertThat(pod.report().handedOver())
        .isEqualTo(new HandOverCounts(10, 10, 4, 6, Map.of(), 0, 0, Map.of()));
  }
}
