package io.gracefuldrain.deploy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Manifests as Kubernetes' own model reads them. */
final class Manifests {
  static final Path GRACEFUL = Path.of("graceful");
  static final List<String> OVERLAYS = List.of("minikube", "production", "spot");

  /** Kinds that others install: the Prometheus Operator, Argo Rollouts. The model has none. */
  private static final List<String> FOREIGN = List.of("PodMonitor", "PrometheusRule", "Rollout");

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final JsonMapper JSON = new JsonMapper();

  private Manifests() {}

  /** The files that are applied as they are. */
  static Stream<Path> files() {
    return Stream.concat(
        Stream.of("none.yaml", "startstop.yaml", "notready.yaml", "spring.yaml").map(Path::of),
        OVERLAYS.stream().map(Manifests::rendered));
  }

  static Path rendered(String overlay) {
    return GRACEFUL.resolve(overlay + ".yaml");
  }

  static List<HasMetadata> read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /**
   * The objects of a text.
   *
   * @throws IllegalArgumentException if a field has a wrong type, or the model does not have it
   */
  static List<HasMetadata> parse(String text) {
    List<HasMetadata> objects = new ArrayList<>();
    for (String document : text.split("(?m)^---$", -1)) {
      HasMetadata object = SERIALIZATION.unmarshal(document);
      if (!(object instanceof GenericKubernetesResource && FOREIGN.contains(object.getKind()))) {
        List<String> unknown = unknownFields(object);
        if (!unknown.isEmpty()) {
          throw new IllegalArgumentException(object.getKind() + ": unknown fields " + unknown);
        }
      }
      objects.add(object);
    }
    return objects;
  }

  /** Returns the written fields that ended up in the model's catch-alls. */
  private static List<String> unknownFields(HasMetadata object) {
    if (object instanceof GenericKubernetesResource) {
      return List.of("kind");
    }
    List<String> unknown = new ArrayList<>();
    collect(object, "", unknown);
    return unknown;
  }

  private static void collect(Object value, String path, List<String> unknown) {
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(list.get(i), path + "[" + i + "]", unknown);
      }
      return;
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> collect(entry, path + "." + key, unknown));
      return;
    }
    if (value == null
        || !value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
      return;
    }
    for (var method : value.getClass().getMethods()) {
      if (method.getParameterCount() == 0 && method.getName().startsWith("get")) {
        Object inner = call(method, value);
        if (!method.getName().equals("getAdditionalProperties")) {
          collect(inner, path + "." + method.getName().substring(3), unknown);
        } else if (inner instanceof Map<?, ?> additional) {
          additional.keySet().forEach(key -> unknown.add(path + "." + key));
        }
      }
    }
  }

  private static Object call(Method getter, Object object) {
    try {
      return getter.invoke(object);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(getter + " of " + object, e);
    }
  }

  static JsonNode json(Object object) throws IOException {
    return parseJson(SERIALIZATION.asJson(object));
  }

  static JsonNode parseJson(String text) throws IOException {
    return JSON.readTree(text);
  }

  /** The only object of a kind. */
  static <T extends HasMetadata> T only(List<HasMetadata> objects, Class<T> kind) {
    List<T> found = objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    if (found.size() != 1) {
      throw new AssertionError(kind.getSimpleName() + ": " + found.size() + " (expected: one)");
    }
    return found.get(0);
  }

  static Deployment deployment(Path file) throws IOException {
    return only(read(file), Deployment.class);
  }

  static Container server(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
  }

  /**
   * A container's environment. A variable that a field of the pod or a Secret fills has a value
   * like that one's.
   */
  static Map<String, String> environment(Container container) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = variable.getValue() == null ? filled(variable) : variable.getValue();
      if (environment.put(variable.getName(), value) != null) {
        throw new AssertionError(variable.getName() + ": given twice");
      }
    }
    return environment;
  }

  private static String filled(EnvVar variable) {
    return switch (variable.getName()) {
      case "DRAIN_POD_IP" -> "10.244.1.7";
      case "DRAIN_TICKET_KEY" -> "0123456789abcdef".repeat(4); // openssl rand -hex 32
      default -> "from-the-pod";
    };
  }
}
