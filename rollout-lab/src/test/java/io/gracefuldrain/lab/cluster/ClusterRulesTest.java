package io.gracefuldrain.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.options.CannotStart;
import org.junit.jupiter.api.Test;

/**
 * The rules of verify: the facts that it reads before it changes a cluster, and the objects that it
 * applies.
 */
class ClusterRulesTest {
  private static final String DEPLOYMENT =
      "{'kind': 'Deployment', 'spec': {'replicas': 2, 'template': {'spec': {'containers':"
          + " [{'image': 'i', 'env': [{'name': 'A', 'value': '1'}]}]}}}}";

  private static JsonNode nodes(String node) {
    return Recorded.json("{'items': [" + node + "]}");
  }

  private static Manifest manifest(String json) {
    return Manifest.parse(json.replace('\'', '"'));
  }

  @Test
  void fitting_minikube_namesItsProfile() {
    assertThat(
            ImageLoad.fitting(nodes("{'metadata': {'labels': {'minikube.k8s.io/name': 'two'}}}")))
        .hasValueSatisfying(
            command ->
                assertThat(command)
                    .containsExactly("minikube", "--profile", "two", "image", "load"));
  }

  @Test
  void fitting_kind_namesItsCluster() {
    assertThat(
            ImageLoad.fitting(nodes("{'spec': {'providerID': 'kind://docker/c/c-control-plane'}}")))
        .hasValueSatisfying(
            command ->
                assertThat(command)
                    .containsExactly("kind", "load", "image-archive", "--name", "c"));
  }

  @Test
  void fitting_another_isUnknown() {
    assertThat(ImageLoad.fitting(nodes("{'spec': {'providerID': 'aws:///zone/i-1'}}"))).isEmpty();
    assertThat(ImageLoad.fitting(nodes(""))).isEmpty();
  }

  @Test
  void version_newEnough_isTold() {
    String json =
        "{\"serverVersion\": {\"major\": \"1\", \"minor\": \"%s\", \"gitVersion\": \"v\"}}";
    assertThat(Prerequisites.version(json.formatted("34"))).isEqualTo("v");
    assertThat(Prerequisites.version(json.formatted("30+"))).isEqualTo("v");
    assertThatThrownBy(() -> Prerequisites.version(json.formatted("29")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("1.30 or newer");
    assertThatThrownBy(() -> Prerequisites.version("{}")).isInstanceOf(LabFailure.class);
  }

  @Test
  void schedulable_tainted_orCordoned_areNot() {
    assertThat(
            Prerequisites.schedulable(
                nodes(
                    "{'spec': {}}, {'spec': {'unschedulable': true}}, {'spec': {'taints':"
                        + " [{'effect': 'NoSchedule'}]}}, {'spec': {'taints': [{'effect':"
                        + " 'PreferNoSchedule'}]}}")))
        .isEqualTo(2);
  }

  @Test
  void manifest_objectsOneByOneOrInAList_areTheSame() {
    Manifest one = manifest(DEPLOYMENT + "\n{'kind': 'Service'}");
    Manifest other =
        manifest("{'kind': 'List', 'items': [" + DEPLOYMENT + ", {'kind': 'Service'}]}");
    assertThat(one.json()).isEqualTo(other.json()).contains("\"Service\"");
    assertThat(one.image()).isEqualTo("i");
    assertThat(one.replicas()).isEqualTo(2);
  }

  @Test
  void manifest_set_replacesOrAdds() {
    Manifest manifest = manifest(DEPLOYMENT);
    manifest.set("A", "2");
    manifest.set("B", "3");
    manifest.scale(4);
    assertThat(Recorded.json(manifest.json()).at("/items/0/spec/template/spec/containers/0/env"))
        .hasToString("[{\"name\":\"A\",\"value\":\"2\"},{\"name\":\"B\",\"value\":\"3\"}]");
    assertThat(manifest.replicas()).isEqualTo(4);
  }

  @Test
  void manifest_withoutADeployment_isRefused() {
    assertThatThrownBy(() -> manifest("{'kind': 'Service'}"))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("0 Deployments");
  }
}
