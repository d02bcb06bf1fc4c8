package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The strategies differ in their treatment and in nothing else: a comparison is fair. */
class TreatmentTest {
  private static final Path NONE = Path.of("none.yaml");
  private static final Path HOOKS = Path.of("startstop.yaml");
  private static final Path NOT_READY = Path.of("notready.yaml");
  private static final Path SPRING = Path.of("spring.yaml");
  private static final Path GRACEFUL = Manifests.rendered("minikube");

  @ParameterizedTest
  @ValueSource(strings = {"startstop.yaml", "notready.yaml", "graceful/minikube.yaml"})
  void strategy_withoutItsTreatment_isNone(String file) throws IOException {
    assertThat(untreated(Path.of(file))).isEqualTo(untreated(NONE));
  }

  @Test
  void spring_butForItsImage_isGraceful() throws IOException {
    assertThat(untreated(SPRING).toString().replace("sample-spring:dev", "sample:dev"))
        .isEqualTo(untreated(GRACEFUL).toString());
    Container server = server(SPRING);
    assertThat(server.getArgs()).isEmpty();
    assertThat(server.getEnv()).isEqualTo(server(GRACEFUL).getEnv());
    assertThat(server.getLifecycle()).isEqualTo(server(GRACEFUL).getLifecycle());
    assertThat(service(SPRING).getMetadata().getName()).isEqualTo("socketio-spring");
  }

  @Test
  void none_untreated_keepsWhatMatters() throws IOException {
    assertThat(untreated(NONE).toString())
        .contains("maxSurge", "replicas", "readinessProbe", "\"cpu\":", "seccompProfile")
        .contains("graceful-drain-sample", "terminationGracePeriodSeconds", "sessionAffinity");
  }

  @Test
  void none_isPlain() throws IOException {
    Container server = server(NONE);
    assertThat(server.getArgs()).containsExactly("serve", "--plain", "--ledger");
    assertThat(server.getLifecycle()).isNull();
    assertThat(service(NONE).getMetadata().getName()).isEqualTo("socketio-none");
  }

  @Test
  void startstop_holdsWithoutAShell() throws IOException {
    Container server = server(HOOKS);
    assertThat(server.getArgs()).containsExactly("serve", "--plain", "--ledger");
    Lifecycle hooks = server.getLifecycle();
    assertThat(hooks.getPostStart().getExec().getCommand())
        .startsWith("java")
        .containsSequence("io.gracefuldrain.cli.Drain", "await-started");
    long hold = hooks.getPreStop().getSleep().getSeconds();
    long grace =
        Manifests.deployment(HOOKS)
            .getSpec()
            .getTemplate()
            .getSpec()
            .getTerminationGracePeriodSeconds();
    assertThat(hold).isPositive();
    assertThat(grace - hold).as("for the server's own stop").isGreaterThan(10);
    assertThat(service(HOOKS).getMetadata().getName()).isEqualTo("socketio-hooks");
    assertThat(service(HOOKS).getSpec().getType()).isEqualTo("NodePort");
  }

  @Test
  void notready_publishesWhatIsNotReady() throws IOException {
    assertThat(service(NOT_READY).getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(service(NOT_READY).getMetadata().getName()).isEqualTo("socketio-notready");
    assertThat(server(NOT_READY).getArgs()).containsExactly("serve", "--plain", "--ledger");
    assertThat(server(NOT_READY).getLifecycle()).isNull();
  }

  @Test
  void graceful_drainsByItsHook() throws IOException {
    Container server = server(GRACEFUL);
    assertThat(server.getArgs()).containsExactly("serve", "--ledger");
    assertThat(server.getLifecycle().getPreStop().getHttpGet().getPath())
        .isEqualTo("/hooks/pre-stop");
    assertThat(server.getLifecycle().getPostStart()).isNull();
    assertThat(service(GRACEFUL).getMetadata().getName()).isEqualTo("socketio-graceful");
  }

  /** Deployment, Service and disruption budget, less the treatment and the name. */
  private static JsonNode untreated(Path file) throws IOException {
    List<HasMetadata> objects = Manifests.read(file);
    Deployment deployment = Manifests.only(objects, Deployment.class);
    String name = deployment.getMetadata().getName();
    Container server = Manifests.server(deployment);
    server.setArgs(List.of());
    server.setLifecycle(null);
    server.setEnv(
        server.getEnv().stream()
            .filter(
                each ->
                    !List.of(
                            "DRAIN_GRACE_PERIOD",
                            "DRAIN_SETTLE_GRACE",
                            "DRAIN_ADMIN_TOKEN",
                            "DRAIN_TICKET_KEY",
                            "DRAIN_POD_IP")
                        .contains(each.getName()))
            .toList());
    deployment.getSpec().getTemplate().getMetadata().getLabels().remove("graceful-drain");
    Service service = Manifests.only(objects, Service.class);
    service.getSpec().setPublishNotReadyAddresses(null);
    PodDisruptionBudget budget = Manifests.only(objects, PodDisruptionBudget.class);
    return named(Manifests.json(List.of(deployment, service, budget)), name);
  }

  private static JsonNode named(JsonNode node, String name) throws IOException {
    return Manifests.parseJson(node.toString().replace(name, "NAME"));
  }

  private static Container server(Path file) throws IOException {
    return Manifests.server(Manifests.deployment(file));
  }

  private static Service service(Path file) throws IOException {
    return Manifests.only(Manifests.read(file), Service.class);
  }
}
