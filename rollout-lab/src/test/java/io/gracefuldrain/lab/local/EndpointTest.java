package io.gracefuldrain.lab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    // serving, terminating, publishNotReadyAddresses, ready
    "true, false, false, true",
    "true, true, false, false",
    "false, false, false, false",
    "false, true, false, false",
    "true, false, true, true",
    "true, true, true, true",
    "false, false, true, true",
    "false, true, true, true"
  })
  void ready_eachCombination_asTheEndpointControllerHasIt(
      boolean serving, boolean terminating, boolean publish, boolean ready) {
    assertThat(new Endpoint("a", 1, serving, terminating).ready(publish)).isEqualTo(ready);
  }

  @Test
  void eligible_someReady_theyAlone() {
    List<Endpoint> slice = List.of(serving("a"), leaving("b"), starting("c"));
    assertThat(Endpoint.eligible(slice, false)).containsExactly(serving("a"));
  }

  @Test
  void eligible_noneReady_thoseThatTerminateAndServe() {
    List<Endpoint> slice = List.of(leaving("a"), new Endpoint("b", 1, false, true), starting("c"));
    assertThat(Endpoint.eligible(slice, false)).containsExactly(leaving("a"));
  }

  @Test
  void eligible_nobodyServes_nobody() {
    assertThat(Endpoint.eligible(List.of(starting("a")), false)).isEmpty();
    assertThat(Endpoint.eligible(List.of(), true)).isEmpty();
  }

  @Test
  void eligible_notReadyPublished_everybody() {
    List<Endpoint> slice = List.of(serving("a"), leaving("b"), starting("c"));
    assertThat(Endpoint.eligible(slice, true)).isEqualTo(slice);
  }

  private static Endpoint serving(String pod) {
    return new Endpoint(pod, 1, true, false);
  }

  private static Endpoint leaving(String pod) {
    return new Endpoint(pod, 1, true, true);
  }

  private static Endpoint starting(String pod) {
    return new Endpoint(pod, 1, false, false);
  }
}
