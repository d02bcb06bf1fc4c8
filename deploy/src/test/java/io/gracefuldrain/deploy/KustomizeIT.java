package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRule;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kustomize with the overlays, and with the components around somebody else's workload. */
class KustomizeIT {
  private static final Path FOREIGN = Path.of("src", "test", "foreign");
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

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
  void spring_isTheRenderedCopy() throws Exception {
    assertThat(Manifests.read(Path.of("spring.yaml")))
        .as("kubectl kustomize deploy/spring")
        .containsExactlyInAnyOrderElementsOf(Manifests.parse(Kubectl.kustomize(Path.of("spring"))));
  }

  @Test
  void components_foreignDeployment_drains() throws Exception {
    List<HasMetadata> objects = foreign("deployment");
    Deployment deployment = Manifests.only(objects, Deployment.class);
    BudgetTest.checkAgainstGrace(deployment);
    List<Container> containers = deployment.getSpec().getTemplate().getSpec().getContainers();
    assertThat(containers).extracting(Container::getName).containsExactly("chat-server", "sidecar");
    assertThat(containers.get(0).getLifecycle().getPreStop().getExec()).isNull();
    assertDrains(deployment.getSpec().getTemplate(), "pod-template-hash", 30);
    assertThat(containers.get(1).getEnv()).isEmpty();
    assertThat(containers.get(1).getLifecycle()).isNull();
    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("team", "blue");
    assertGuards(objects, "chat", deployment.getSpec().getSelector());
  }

  @Test
  void drainStatefulset_foreignStatefulSet_drainsAndLeavesTheDeploymentBesideIt() throws Exception {
    List<HasMetadata> objects = foreign("statefulset");
    StatefulSet set = Manifests.only(objects, StatefulSet.class);
    assertDrains(set.getSpec().getTemplate(), "controller-revision-hash", 30);
    assertThat(set.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv())
        .anyMatch(each -> each.getName().equals("LOG") && each.getValue().equals("info"));
    assertGuards(objects, "chat", set.getSpec().getSelector());
    assertUntouched(Manifests.only(objects, Deployment.class).getSpec().getTemplate());
    assertThat(objects)
        .filteredOn(PodDisruptionBudget.class::isInstance)
        .extracting(each -> each.getMetadata().getName())
        .containsExactlyInAnyOrder("chat", "worker");
  }

  @Test
  void drainRollout_foreignRollout_drainsAndLeavesTheDatabaseBesideIt() throws Exception {
    List<HasMetadata> objects = foreign("rollout");
    GenericKubernetesResource rollout = Manifests.only(objects, GenericKubernetesResource.class);
    assertThat(rollout.getKind()).isEqualTo("Rollout");
    // Its template and selector are those of Kubernetes, so the model reads them.
    PodTemplateSpec template =
        SERIALIZATION.convertValue(rollout.get("spec", "template"), PodTemplateSpec.class);
    LabelSelector selector =
        SERIALIZATION.convertValue(rollout.get("spec", "selector"), LabelSelector.class);
    assertDrains(template, "rollouts-pod-template-hash", 60);
    assertGuards(objects, "chat", selector);
    assertUntouched(Manifests.only(objects, StatefulSet.class).getSpec().getTemplate());
  }

  /** The three components differ in the kind, and in nothing else. */
  @ParameterizedTest
  @CsvSource({"drain-statefulset, StatefulSet", "drain-rollout, Rollout"})
  void drainComponent_each_isTheOneForDeployments(String folder, String kind) throws Exception {
    assertThat(component(folder).replace(kind, "Deployment").replace("../drain/objects", "objects"))
        .isEqualTo(component("drain"));
  }

  private static String component(String folder) throws IOException {
    String text = Files.readString(Path.of("components", folder, "kustomization.yaml"));
    return text.substring(text.indexOf("apiVersion:"));
  }

  @Test
  void longPolling_foreignService_keepsPollersTogether() throws Exception {
    assertThat(Manifests.only(foreign("deployment"), Service.class).getSpec().getSessionAffinity())
        .isEqualTo("ClientIP");
  }

  @Test
  void stickyGateway_foreignRoute_hasTheCookie() throws Exception {
    HTTPRouteRule rule =
        Manifests.only(foreign("sticky-gateway"), HTTPRoute.class).getSpec().getRules().get(0);
    assertThat(rule.getSessionPersistence().getType()).isEqualTo("Cookie");
    assertThat(rule.getSessionPersistence().getSessionName()).isEqualTo("pod");
    assertThat(rule.getBackendRefs().get(0).getName()).isEqualTo("chat-service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "haproxy"})
  void sticky_foreignIngress_hasTheCookie(String proxy) throws Exception {
    Map<String, String> annotations =
        Manifests.only(foreign("sticky-" + proxy), Ingress.class).getMetadata().getAnnotations();
    assertThat(annotations)
        .containsAllEntriesOf(
            proxy.equals("nginx")
                ? Map.of(
                    "nginx.org/sticky-cookie-services", "serviceName=chat-service pod path=/",
                    "nginx.org/websocket-services", "chat-service")
                : Map.of(
                    "haproxy-ingress.github.io/affinity", "cookie",
                    "haproxy-ingress.github.io/session-cookie-name", "pod",
                    "haproxy.org/cookie-persistence", "pod"));
  }

  @Test
  void stickyTraefik_foreignService_hasTheCookie() throws Exception {
    assertThat(
            Manifests.only(foreign("sticky-traefik"), Service.class).getMetadata().getAnnotations())
        .containsEntry("traefik.ingress.kubernetes.io/service.sticky.cookie", "true")
        .containsEntry("traefik.ingress.kubernetes.io/service.sticky.cookie.name", "pod");
  }

  @Test
  void components_monitoring_comesAlong() throws Exception {
    List<HasMetadata> objects = foreign("deployment");
    assertThat(objects)
        .extracting(HasMetadata::getKind)
        .contains("PodMonitor", "PrometheusRule")
        .doesNotContain("Settings");
    assertThat(Manifests.only(objects, ConfigMap.class).getData())
        .containsOnlyKeys("graceful-drain.json");
  }

  private static List<HasMetadata> foreign(String folder) throws Exception {
    return Manifests.parse(Kubectl.kustomize(FOREIGN.resolve(folder)));
  }

  private static void assertDrains(
      PodTemplateSpec template, String generationLabel, long graceSeconds) {
    Container server = template.getSpec().getContainers().get(0);
    assertThat(server.getLifecycle().getPreStop().getHttpGet().getPath())
        .isEqualTo("/hooks/pre-stop");
    assertThat(server.getStartupProbe().getHttpGet().getPath()).isEqualTo("/startupz");
    assertThat(server.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
    assertThat(server.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
    assertThat(template.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(graceSeconds);
    assertThat(template.getMetadata().getLabels()).containsEntry("graceful-drain", "on");
    assertThat(Manifests.environment(server))
        .containsEntry("DRAIN_GRACE_PERIOD", graceSeconds + "s")
        .containsKeys("DRAIN_POD", "DRAIN_GENERATION", "DRAIN_ADMIN_TOKEN")
        .containsKeys("DRAIN_TICKET_KEY", "DRAIN_POD_IP");
    assertThat(server.getEnv())
        .filteredOn(each -> each.getName().equals("DRAIN_GENERATION"))
        .extracting(each -> each.getValueFrom().getFieldRef().getFieldPath())
        .containsExactly("metadata.labels['" + generationLabel + "']");
  }

  private static void assertUntouched(PodTemplateSpec template) {
    assertThat(template.getMetadata().getLabels()).doesNotContainKey("graceful-drain");
    assertThat(template.getSpec().getTerminationGracePeriodSeconds()).isNull();
    Container container = template.getSpec().getContainers().get(0);
    assertThat(container.getEnv()).isEmpty();
    assertThat(container.getLifecycle()).isNull();
    assertThat(container.getReadinessProbe()).isNull();
  }

  /** The workload's budget and its network policy select its pods, and have its name. */
  private static void assertGuards(List<HasMetadata> objects, String name, LabelSelector selector) {
    PodDisruptionBudget budget =
        objects.stream()
            .filter(PodDisruptionBudget.class::isInstance)
            .map(PodDisruptionBudget.class::cast)
            .filter(each -> each.getMetadata().getName().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(budget.getSpec().getSelector()).isEqualTo(selector);
    NetworkPolicy policy = Manifests.only(objects, NetworkPolicy.class);
    assertThat(policy.getMetadata().getName()).isEqualTo(name);
    assertThat(policy.getSpec().getPodSelector()).isEqualTo(selector);
    assertThat(policy.getSpec().getIngress().get(1).getFrom())
        .extracting(NetworkPolicyPeer::getPodSelector)
        .containsExactly(null, selector);
  }
}
