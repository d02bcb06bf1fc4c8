package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pod's budget against the grace that the platform gives it, in every overlay. */
class BudgetTest {
  static List<String> overlays() {
    return Manifests.OVERLAYS;
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void budget_eachOverlay_fitsInItsGrace(String overlay) throws IOException {
    Deployment deployment = Manifests.deployment(Manifests.rendered(overlay));
    DrainPolicy policy = checkAgainstGrace(deployment);
    assertThat(policy.total().plus(policy.stopMargin())).isLessThanOrEqualTo(policy.gracePeriod());
  }

  /** That the check would notice: a grace that is a few seconds shorter is refused. */
  @ParameterizedTest
  @MethodSource("overlays")
  void budget_eachOverlayWithLessGrace_isRefused(String overlay) throws IOException {
    Container server = Manifests.server(Manifests.deployment(Manifests.rendered(overlay)));
    Map<String, String> environment = Manifests.environment(server);
    DrainPolicy policy = DrainPolicy.fromEnvironment(environment);
    Duration less = policy.total().plus(policy.stopMargin()).minusSeconds(1);
    environment.put("DRAIN_GRACE_PERIOD", less.toSeconds() + "s");
    DrainPolicy tooMuch = DrainPolicy.fromEnvironment(environment);
    assertThatIllegalArgumentException().isThrownBy(() -> DrainCoordinator.create(tooMuch));
  }

  /** The same number twice, and a policy that a pod accepts at its start. */
  static DrainPolicy checkAgainstGrace(Deployment deployment) {
    Map<String, String> environment = Manifests.environment(Manifests.server(deployment));
    assertThat(environment).containsKeys("DRAIN_POD", "DRAIN_GENERATION", "DRAIN_GRACE_PERIOD");
    DrainPolicy policy = DrainPolicy.fromEnvironment(environment);
    assertThat(policy.gracePeriod())
        .isEqualTo(
            Duration.ofSeconds(
                deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds()));
    DrainCoordinator.create(policy).close();
    return policy;
  }
}
