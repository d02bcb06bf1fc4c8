package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kustomize with the overlays, and with the components in somebody else's Deployment. */
class KustomizeIT {
  private static final Path FOREIGN = Path.of("src", "test", "foreign");

  @BeforeAll
  static void kubectl() {
    Kubectl.assumeAtHand();
  }

  /** By meaning: versions of kustomize differ in order and quotes. */
  @ParameterizedTest
  @ValueSource(strings = {"minikube", "production", "spot"})
  void overlay_each_isTheRenderedCopy(String overlay) throws Exception {
    String rendered = Kubectl.kustomize(Manifests.GRACEFUL.resolve("overlays").resolve(overlay));
    assertThat(Manifests.read(Manifests.rendered(overlay)))
        .as("kubectl kustomize deploy/graceful/overlays/" + overlay)
        .containsExactlyInAnyOrderElementsOf(Manifests.parse(rendered));
  }

  @Test
  void components_foreignDeployment_drains() throws Exception {
    List<HasMetadata> objects = Manifests.parse(Kubectl.kustomize(FOREIGN));
    Deployment deployment = Manifests.only(objects, Deployment.class);
    BudgetTest.checkAgainstGrace(deployment);
    List<Container> containers = deployment.getSpec().getTemplate().getSpec().getContainers();
    assertThat(containers).extracting(Container::getName).containsExactly("chat-server", "sidecar");
    Container server = containers.get(0);
    assertThat(server.getLifecycle().getPreStop().getExec()).isNull();
    assertThat(server.getLifecycle().getPreStop().getHttpGet().getPath())
        .isEqualTo("/hooks/pre-stop");
    assertThat(server.getStartupProbe().getHttpGet().getPath()).isEqualTo("/startupz");
    assertThat(server.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
    assertThat(server.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
    assertThat(containers.get(1).getEnv()).isEmpty();
    assertThat(containers.get(1).getLifecycle()).isNull();
    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("graceful-drain", "on")
        .containsEntry("team", "blue");

    PodDisruptionBudget budget = Manifests.only(objects, PodDisruptionBudget.class);
    assertThat(budget.getMetadata().getName()).isEqualTo("chat");
    assertThat(budget.getSpec().getSelector()).isEqualTo(deployment.getSpec().getSelector());
    NetworkPolicy policy = Manifests.only(objects, NetworkPolicy.class);
    assertThat(policy.getMetadata().getName()).isEqualTo("chat");
    assertThat(policy.getSpec().getPodSelector()).isEqualTo(deployment.getSpec().getSelector());
  }

  @Test
  void components_foreignServiceAndIngress_keepPollersTogether() throws Exception {
    List<HasMetadata> objects = Manifests.parse(Kubectl.kustomize(FOREIGN));
    assertThat(Manifests.only(objects, Service.class).getSpec().getSessionAffinity())
        .isEqualTo("ClientIP");
    assertThat(Manifests.only(objects, Ingress.class).getMetadata().getAnnotations())
        .containsEntry("nginx.ingress.kubernetes.io/affinity", "cookie");
  }

  @Test
  void components_monitoring_comesAlong() throws Exception {
    List<HasMetadata> objects = Manifests.parse(Kubectl.kustomize(FOREIGN));
    assertThat(objects)
        .extracting(HasMetadata::getKind)
        .contains("PodMonitor", "PrometheusRule")
        .doesNotContain("Settings");
    assertThat(Manifests.only(objects, ConfigMap.class).getData())
        .containsOnlyKeys("graceful-drain.json");
  }
}
