package io.gracefuldrain.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracefuldrain.lab.LabFailure;
import io.gracefuldrain.lab.results.CrowdReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The crowd in its own pods, so that clients come from as many addresses as there are pods: a
 * Service sends each address to one of its pods. Not thread-safe.
 */
final class CrowdPods implements AutoCloseable {
  static final int UP_MS = 500;

  /**
   * The crowd must not take the processors from the pods that it measures. With the JVM's second
   * compiler four crowds kept both processors busy for half a minute, the whole rollout, and a
   * message took 0.1 to 0.9 s at the 99th percentile; without it 0.02 to 0.1 s.
   */
  private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

  private static final String APP = "crowd";
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration END = Duration.ofSeconds(30);

  private final Kubectl kubectl;
  private final String image;
  private final String service;
  private final int count;
  private final CrowdWanted wanted;
  private final Map<String, CrowdLog> logs = new LinkedHashMap<>();
  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final List<FollowedProcess> followers = new ArrayList<>();

  /**
   * @param service the name of the Service, which is on port 3000
   */
  CrowdPods(Kubectl kubectl, String image, String service, int count, CrowdWanted wanted) {
    this.kubectl = kubectl;
    this.image = image;
    this.service = service;
    this.count = count;
    this.wanted = wanted;
  }

  /** Starts the pods. They run when this returns, and their clients begin to connect. */
  void start() throws InterruptedException {
    ObjectNode list = Kubectl.JSON.createObjectNode();
    list.put("apiVersion", "v1").put("kind", "List");
    ArrayNode items = list.putArray("items");
    for (int i = 1; i <= count; i++) {
      items.add(pod(i));
      logs.put(name(i), new CrowdLog());
    }
    kubectl.feed(list.toString(), "apply", "-f", "-");
    kubectl.run(
        START,
        "wait",
        "pod",
        "--selector",
        "app=" + APP,
        "--for",
        "jsonpath={.status.phase}=Running",
        "--timeout",
        START.toSeconds() + "s");
    for (JsonNode pod : kubectl.json("get", "pods", "--selector", "app=" + APP).path("items")) {
      addresses.put(
          pod.path("metadata").path("name").asText(), pod.path("status").path("podIP").asText());
    }
    logs.forEach(
        (pod, log) ->
            followers.add(
                FollowedProcess.ofLines(
                    "the log of " + pod, kubectl.command("logs", "--follow", pod), log::read)));
  }

  private static String name(int number) {
    return APP + "-" + number;
  }

  private JsonNode pod(int number) {
    ObjectNode pod = Kubectl.JSON.createObjectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", name(number)).putObject("labels").put("app", APP);
    ObjectNode spec = pod.putObject("spec");
    spec.put("restartPolicy", "Never")
        .put("automountServiceAccountToken", false)
        .put("enableServiceLinks", false);
    spec.putObject("securityContext")
        .put("runAsNonRoot", true)
        .put("runAsUser", 65532)
        .put("runAsGroup", 65532)
        .putObject("seccompProfile")
        .put("type", "RuntimeDefault");
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "probe").put("image", image).put("imagePullPolicy", "IfNotPresent");
    container
        .putArray("env")
        .addObject()
        .put("name", "JAVA_TOOL_OPTIONS")
        .put("value", ONE_COMPILER);
    ArrayNode arguments = container.putArray("args");
    arguments.add("probe").add("http://" + service + ":3000");
    wanted.arguments(number).forEach(arguments::add);
    arguments.add("--up-ms").add(String.valueOf(UP_MS));
    arguments.add("--duration").add("15m").add("--json").add("-");
    ObjectNode resources = container.putObject("resources");
    resources.putObject("requests").put("cpu", "50m").put("memory", wanted.memory());
    resources.putObject("limits").put("memory", wanted.memory());
    ObjectNode security = container.putObject("securityContext");
    security.put("allowPrivilegeEscalation", false).put("readOnlyRootFilesystem", true);
    security.putObject("capabilities").putArray("drop").add("ALL");
    container.putArray("volumeMounts").addObject().put("name", "tmp").put("mountPath", "/tmp");
    spec.putArray("volumes").addObject().put("name", "tmp").putObject("emptyDir");
    return pod;
  }

  boolean allConnected() {
    followers.forEach(follower -> follower.check(true));
    return logs.values().stream().allMatch(CrowdLog::allConnected);
  }

  /** The last line of each pod, for people. */
  String state() {
    return logs.values().stream().map(CrowdLog::last).toList().toString();
  }

  /** Ends the pods and reads their reports. */
  CrowdReport stop() throws InterruptedException {
    kubectl.run("delete", "pods", "--selector", "app=" + APP, "--wait=false");
    for (FollowedProcess follower : followers) {
      follower.await(END);
    }
    Map<String, CrowdReport> reports = new LinkedHashMap<>();
    logs.forEach(
        (pod, log) -> {
          CrowdReport report = log.report();
          if (report == null) {
            throw new LabFailure(
                pod + " left no report within " + END.toSeconds() + " s; last: " + log.last());
          }
          reports.put(Objects.requireNonNullElse(addresses.get(pod), pod), report);
        });
    return Crowds.merge(reports);
  }

  @Override
  public void close() {
    followers.forEach(FollowedProcess::close);
  }
}
