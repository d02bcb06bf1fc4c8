package io.gracefuldrain.sample.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.sample.front.Balancer.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalancerTest {
  private static final PodAddress A = new PodAddress("127.0.0.1", 3001, 8081);
  private static final PodAddress B = new PodAddress("127.0.0.1", 3002, 8082);
  private static final PodAddress C = new PodAddress("127.0.0.1", 3003, 8083);

  @Test
  void order_strangers_leastLoadedFirst() {
    List<Candidate> all = List.of(ready(A, 5), ready(B, 2), ready(C, 3));
    assertThat(Balancer.order(all, null)).containsExactly(B, C, A);
  }

  @Test
  void order_equallyLoaded_asGiven() {
    assertThat(Balancer.order(List.of(ready(B, 1), ready(A, 1)), null)).containsExactly(B, A);
  }

  @Test
  void order_ownServerReady_comesFirstWhateverItsLoad() {
    List<Candidate> all = List.of(ready(A, 0), ready(B, 100), ready(C, 1));
    assertThat(Balancer.order(all, B)).containsExactly(B, A, C);
  }

  @Test
  void order_ownServerNotReady_isLeft() {
    assertThat(Balancer.order(List.of(notReady(A, 0), ready(B, 9)), A)).containsExactly(B);
  }

  @Test
  void order_noneReady_allOfThem() {
    assertThat(Balancer.order(List.of(notReady(A, 2), notReady(B, 1)), null)).containsExactly(B, A);
  }

  @Test
  void order_noneReady_ownServerComesFirst() {
    assertThat(Balancer.order(List.of(notReady(A, 2), notReady(B, 1)), A)).containsExactly(A, B);
  }

  @Test
  void order_ownServerGone_isIgnored() {
    assertThat(Balancer.order(List.of(ready(A, 0)), C)).containsExactly(A);
  }

  private static Candidate ready(PodAddress address, int open) {
    return new Candidate(address, true, open);
  }

  private static Candidate notReady(PodAddress address, int open) {
    return new Candidate(address, false, open);
  }
}
