package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file that is applied as it is: of Kubernetes' model, restricted, and as the docs say. */
class ManifestsTest {
  static Stream<Path> files() {
    return Manifests.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_each_isOfTheModel(Path file) throws IOException {
    List<HasMetadata> objects = Manifests.read(file);
    assertThat(objects).hasAtLeastOneElementOfType(Deployment.class);
    assertThat(objects).allSatisfy(each -> assertThat(each.getMetadata().getNamespace()).isNull());
  }

  @ParameterizedTest
  @CsvSource({
    "replicas: 2, replicass: 2",
    "terminationGracePeriodSeconds, terminationGracePeriodsSeconds",
    "periodSeconds: 2, periodSecond: 2",
    "maxUnavailable: 1, maxUnavailble: 1",
    "kind: Service, kind: Servce"
  })
  void parse_unknownField_fails(String right, String wrong) throws IOException {
    String text = Files.readString(Path.of("startstop.yaml"));
    assertThat(text).contains(right);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Manifests.parse(text.replace(right, wrong)))
        .withMessageContaining("unknown fields");
  }

  @Test
  void parse_wrongType_fails() throws IOException {
    String text = Files.readString(Path.of("startstop.yaml"));
    assertThatThrownBy(() -> Manifests.parse(text.replace("replicas: 2", "replicas: two")))
        .hasStackTraceContaining("two");
  }

  @ParameterizedTest
  @MethodSource("files")
  void pod_each_passesPodSecurityRestricted(Path file) throws IOException {
    PodSpec pod = Manifests.deployment(file).getSpec().getTemplate().getSpec();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getVolumes()).allSatisfy(each -> assertThat(each.getEmptyDir()).isNotNull());
    for (Container container : pod.getContainers()) {
      assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
      assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void probes_each_tolerateOneFailure(Path file) throws IOException {
    Container server = Manifests.server(Manifests.deployment(file));
    for (Probe probe :
        List.of(server.getStartupProbe(), server.getReadinessProbe(), server.getLivenessProbe())) {
      assertThat(probe.getFailureThreshold()).isGreaterThan(1);
      assertThat(probe.getHttpGet().getPort().getIntVal()).isEqualTo(8081);
      assertThat(probe.getHttpGet().getHost()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void disruptionBudget_each_letsUnhealthyPodsGo(Path file) throws IOException {
    List<HasMetadata> objects = Manifests.read(file);
    PodDisruptionBudget budget = Manifests.only(objects, PodDisruptionBudget.class);
    assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow");
    assertThat(budget.getSpec().getSelector())
        .isEqualTo(Manifests.only(objects, Deployment.class).getSpec().getSelector());
  }

  @ParameterizedTest
  @MethodSource("files")
  void service_each_leavesTheManagementPortInside(Path file) throws IOException {
    List<HasMetadata> objects = Manifests.read(file);
    Service service = Manifests.only(objects, Service.class);
    assertThat(service.getSpec().getPorts())
        .singleElement()
        .satisfies(port -> assertThat(port.getTargetPort().getIntVal()).isEqualTo(3000));
    assertThat(service.getSpec().getSelector())
        .isEqualTo(
            Manifests.only(objects, Deployment.class).getSpec().getSelector().getMatchLabels());
  }

  @ParameterizedTest
  @MethodSource("drained")
  void networkPolicy_graceful_opensManagementToMonitoringAndItsOwnPodsOnly(Path file)
      throws IOException {
    List<HasMetadata> objects = Manifests.read(file);
    NetworkPolicy policy = Manifests.only(objects, NetworkPolicy.class);
    LabelSelector own = Manifests.only(objects, Deployment.class).getSpec().getSelector();
    assertThat(own.getMatchLabels()).isNotEmpty();
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
    List<NetworkPolicyPeer> management = new ArrayList<>();
    for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
      if (rule.getFrom().isEmpty()) {
        assertThat(rule.getPorts()).isNotEmpty().noneMatch(port -> opens(port, 8081));
      } else {
        management.addAll(rule.getFrom());
      }
    }
    // A peer with a namespace and no pods means all pods there; one without a namespace, this one.
    assertThat(management)
        .containsExactly(
            new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", "monitoring")
                .endNamespaceSelector()
                .build(),
            new NetworkPolicyPeerBuilder().withPodSelector(own).build());
    assertThat(policy.getSpec().getIngress())
        .anyMatch(rule -> rule.getPorts().stream().anyMatch(port -> opens(port, 3000)));
  }

  /** Without the Secret a pod starts as before; with it no file has to be changed. */
  @ParameterizedTest
  @MethodSource("drained")
  void handOver_each_hasItsKeyFromASecretThatMayBeMissing(Path file) throws IOException {
    List<HasMetadata> objects = Manifests.read(file);
    assertThat(objects).extracting(HasMetadata::getKind).doesNotContain("Secret");
    Container server = Manifests.server(Manifests.only(objects, Deployment.class));
    EnvVar key = variable(server, "DRAIN_TICKET_KEY");
    assertThat(key.getValue()).isNull();
    assertThat(key.getValueFrom().getSecretKeyRef())
        .isEqualTo(new SecretKeySelector("ticket-key", "graceful-drain", true));
    assertThat(variable(server, "DRAIN_POD_IP").getValueFrom().getFieldRef().getFieldPath())
        .isEqualTo("status.podIP");
  }

  /** Those with the drain. */
  static Stream<Path> drained() {
    return Stream.concat(rendered(), Stream.of(Path.of("spring.yaml")));
  }

  private static EnvVar variable(Container container, String name) {
    return container.getEnv().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " (expected: in " + container + ")"));
  }

  static Stream<Path> rendered() {
    return Manifests.OVERLAYS.stream().map(Manifests::rendered);
  }

  private static boolean opens(NetworkPolicyPort port, int number) {
    if (!"TCP".equals(port.getProtocol())) {
      return false;
    }
    int first = port.getPort().getIntVal();
    return first <= number && number <= (port.getEndPort() == null ? first : port.getEndPort());
  }
}
