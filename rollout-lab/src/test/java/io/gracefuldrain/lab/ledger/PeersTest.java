package io.gracefuldrain.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.Latencies;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeersTest {
  private final Peers peers = new Peers(1);
  private final MoveBook mover = new MoveBook(peers);
  private final MoveBook other = new MoveBook(peers);

  @Test
  void pair_isOfOneMessageAtBoth() {
    peers.stayed(1, 900);
    peers.stayed(2, 5);
    peers.moving(2, 8, mover);
    peers.moving(3, 700, mover); // came to nobody else
    peers.stayed(4, 900);
    peers.settle();
    assertPairs(mover, Map.of(8L, 1L), Map.of(5L, 1L));
    assertPairs(other, Map.of(), Map.of());
  }

  @Test
  void pair_whoStayed_mayGetItLater() {
    peers.moving(2, 8, mover);
    peers.stayed(2, 50);
    peers.settle();
    assertPairs(mover, Map.of(8L, 1L), Map.of(50L, 1L));
  }

  @Test
  void pairs_whoStayed_isInOneAtMost() {
    peers.moving(1, 10, mover);
    peers.moving(1, 11, other);
    peers.stayed(1, 5);
    peers.stayed(1, 6);
    for (int i = 0; i < 10; i++) {
      peers.moving(2, 20, mover);
    }
    peers.stayed(2, 7);
    peers.settle();
    Latencies stayed = peers.atPeers(mover).plus(peers.atPeers(other));
    assertThat(stayed.counts()).isEqualTo(Map.of(5L, 1L, 6L, 1L, 7L, 1L));
    assertThat(peers.whileMoving(mover).counts()).isEqualTo(Map.of(10L, 1L, 20L, 1L));
    assertThat(peers.whileMoving(other).counts()).isEqualTo(Map.of(11L, 1L));
  }

  /** A stall that holds up every client makes no difference, even if most clients move in it. */
  @Test
  void pairs_stallWhileNearlyAllMove_weighsAlikeOnBothSides() {
    for (int i = 0; i < 99; i++) {
      peers.moving(1, 500, mover);
    }
    peers.stayed(1, 500);
    for (int n = 2; n <= 101; n++) {
      peers.moving(n, 5, mover);
      for (int i = 0; i < 99; i++) {
        peers.stayed(n, 5);
      }
    }
    peers.settle();
    assertThat(peers.whileMoving(mover)).isEqualTo(peers.atPeers(mover));
    assertThat(peers.atPeers(mover).counts()).isEqualTo(Map.of(5L, 100L, 500L, 1L));
  }

  /** It picks neither the first one nor the median: the tail must come up as often as it occurs. */
  @Test
  void draw_isOfAllWhoStayed() {
    for (int n = 0; n < 1_000; n++) {
      peers.moving(n, 1, mover);
      for (int ms = 0; ms < 10; ms++) {
        peers.stayed(n, ms);
      }
    }
    peers.settle();
    assertThat(peers.atPeers(mover).counts().values())
        .hasSize(10)
        .allSatisfy(count -> assertThat(count).isBetween(60L, 140L));
  }

  @Test
  void message_laterThanIsRemembered_isNotCompared() {
    peers.moving(1, 1, mover);
    peers.stayed(Peers.MEMORY, 5);
    peers.stayed(1, 7); // still remembered
    peers.moving(2, 1, mover);
    peers.stayed(Peers.MEMORY + 2, 5);
    peers.stayed(2, 9);
    peers.settle();
    assertPairs(mover, Map.of(1L, 1L), Map.of(7L, 1L));
  }

  @Test
  void settled_nothingCountsAnyMore() {
    peers.moving(1, 1, mover);
    peers.settle();
    peers.stayed(1, 6);
    peers.moving(2, 1, mover);
    peers.stayed(2, 6);
    peers.settle();
    assertPairs(mover, Map.of(), Map.of());
  }

  @ParameterizedTest
  @EnumSource(ClientKind.class)
  void groups_awareClients_areComparedWithTheirOwnProgramOverWebSocket(ClientKind kind) {
    PeerGroups groups = new PeerGroups(1);
    assertThat(groups.of(kind) == groups.of(ClientKind.JAVA_AWARE))
        .isEqualTo(kind == ClientKind.JAVA_AWARE || kind == ClientKind.JAVA_WEBSOCKET);
    assertThat(groups.of(kind) == groups.of(ClientKind.LEAN_AWARE))
        .isEqualTo(kind == ClientKind.LEAN_AWARE || kind == ClientKind.LEAN_WEBSOCKET);
  }

  @ParameterizedTest
  @EnumSource(ClientKind.class)
  void groups_settled_eachIs(ClientKind kind) {
    PeerGroups groups = new PeerGroups(1);
    groups.of(kind).stayed(1, 5);
    groups.of(kind).moving(1, 6, mover);
    groups.settle();
    assertThat(groups.of(kind).atPeers(mover).count()).isEqualTo(1);
  }

  private void assertPairs(MoveBook whose, Map<Long, Long> moving, Map<Long, Long> stayed) {
    assertThat(peers.whileMoving(whose)).isEqualTo(new Latencies(new TreeMap<>(moving)));
    assertThat(peers.atPeers(whose)).isEqualTo(new Latencies(new TreeMap<>(stayed)));
  }
}
