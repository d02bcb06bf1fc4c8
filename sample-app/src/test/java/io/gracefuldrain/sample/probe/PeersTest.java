package io.gracefuldrain.sample.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PeersTest {
  private final Peers peers = new Peers();
  private final MoveBook mover = new MoveBook(peers);
  private final MoveBook other = new MoveBook(peers);

  @Test
  void meanwhile_isOfTheMessagesThatCameToTheMover() {
    peers.stayed(1, 900);
    peers.stayed(2, 5);
    peers.moving(2, mover);
    peers.stayed(2, 7); // later than to the mover
    peers.stayed(3, 900);
    assertThat(peers.meanwhile(mover)).isEqualTo(latencies(Map.of(5L, 1L, 7L, 1L)));
    assertThat(peers.meanwhile(other)).isEqualTo(Latencies.NONE);
  }

  @Test
  void meanwhile_twoMovers_eachIsComparedWithWhoStayed() {
    peers.stayed(1, 5);
    peers.moving(1, mover);
    peers.moving(1, other);
    peers.moving(2, other);
    peers.stayed(2, 9);
    assertThat(peers.meanwhile(mover)).isEqualTo(latencies(Map.of(5L, 1L)));
    assertThat(peers.meanwhile(other)).isEqualTo(latencies(Map.of(5L, 1L, 9L, 1L)));
  }

  @Test
  void stayed_laterThanIsRemembered_isComparedWithNobody() {
    peers.moving(1, mover);
    peers.stayed(Peers.MEMORY, 5);
    peers.stayed(1, 7); // still remembered
    peers.stayed(Peers.MEMORY + 1, 5);
    peers.stayed(1, 9);
    peers.moving(1, other);
    assertThat(peers.meanwhile(mover)).isEqualTo(latencies(Map.of(7L, 1L)));
    assertThat(peers.meanwhile(other)).isEqualTo(Latencies.NONE);
  }

  @Test
  void messages_onceTheyAreAskedFor_countNoMore() {
    peers.moving(1, mover);
    peers.stayed(1, 5);
    peers.meanwhile(mover);
    peers.stayed(1, 6);
    peers.moving(2, mover);
    peers.stayed(2, 6);
    assertThat(peers.meanwhile(mover)).isEqualTo(latencies(Map.of(5L, 1L)));
  }

  private static Latencies latencies(Map<Long, Long> counts) {
    return new Latencies(new TreeMap<>(counts));
  }
}
