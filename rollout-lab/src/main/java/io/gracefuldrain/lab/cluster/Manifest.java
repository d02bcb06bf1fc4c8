package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracefuldrain.lab.LabFailure;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a strategy, as kubectl reads them from its file. The Deployment may be changed.
 */
final class Manifest {
  private final List<JsonNode> objects;

  private Manifest(List<JsonNode> objects) {
    this.objects = objects;
  }

  /**
   * Reads objects, or lists of objects, one after the other.
   *
   * @throws LabFailure if there is not exactly one Deployment among them
   */
  static Manifest parse(String json) {
    List<JsonNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> all = Kubectl.JSON.readerFor(JsonNode.class).readValues(json)) {
      while (all.hasNextValue()) {
        JsonNode each = all.nextValue();
        if (each.path("items").isArray()) {
          each.path("items").forEach(objects::add);
        } else {
          objects.add(each);
        }
      }
    } catch (JsonProcessingException e) {
      throw new LabFailure("the manifest as kubectl gives it (expected: JSON)", e);
    } catch (IOException e) {
      throw new LabFailure("the manifest cannot be read", e);
    }
    Manifest manifest = new Manifest(objects);
    manifest.deployment();
    return manifest;
  }

  private ObjectNode deployment() {
    List<JsonNode> found =
        objects.stream().filter(each -> each.path("kind").asText().equals("Deployment")).toList();
    if (found.size() != 1) {
      throw new LabFailure(found.size() + " Deployments in the manifest (expected: 1)");
    }
    return (ObjectNode) found.get(0);
  }

  private JsonNode container() {
    return deployment().at("/spec/template/spec/containers/0");
  }

  String image() {
    return container().path("image").asText();
  }

  int replicas() {
    return deployment().at("/spec/replicas").asInt();
  }

  void scale(int replicas) {
    ((ObjectNode) deployment().path("spec")).put("replicas", replicas);
  }

  /**
   * The Secret that an environment variable of its container is read from, with random contents;
   * null if none is.
   */
  @Nullable JsonNode secretOf(String variable) {
    for (JsonNode each : container().path("env")) {
      JsonNode reference = each.at("/valueFrom/secretKeyRef");
      if (each.path("name").asText().equals(variable) && reference.isObject()) {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        ObjectNode secret = Kubectl.JSON.createObjectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", reference.path("name").asText());
        secret
            .putObject("stringData")
            .put(reference.path("key").asText(), HexFormat.of().formatHex(bytes));
        return secret;
      }
    }
    return null;
  }

  /** Sets an environment variable of its container. */
  void set(String name, String value) {
    for (JsonNode variable : container().path("env")) {
      if (variable.path("name").asText().equals(name)) {
        ((ObjectNode) variable).put("value", value);
        return;
      }
    }
    ((ObjectNode) container()).withArray("env").addObject().put("name", name).put("value", value);
  }

  /** The objects as JSON, for {@code kubectl apply -f -}. */
  String json() {
    ObjectNode list = Kubectl.JSON.createObjectNode();
    list.put("apiVersion", "v1").put("kind", "List").putArray("items").addAll(objects);
    return list.toString();
  }
}
