package io.gracefuldrain.sample;

import io.gracefuldrain.testing.Await;
import io.gracefuldrain.testing.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** A demo that is ready. */
final class DemoProcess implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(BOUND).build();

  final int[] ports = Ports.free(9);
  final AppProcess process;
  final String url = "http://127.0.0.1:" + ports[0];

  DemoProcess() throws Exception {
    this(Map.of());
  }

  /**
   * @param environment settings of the drain, for its pods
   */
  DemoProcess(Map<String, String> environment) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(ClassArchive.environment());
    process = AppProcess.run(all, arguments(ports));
    process.awaitOutput("Open http://localhost:" + ports[0]);
  }

  int management(int pod) {
    return ports[2 + 2 * pod];
  }

  JSONObject status() {
    try {
      return new JSONObject(get(url + "/demo/status").body());
    } catch (Exception e) {
      throw new AssertionError(process.output(), e);
    }
  }

  List<String> pods() throws JSONException {
    JSONArray pods = status().getJSONArray("pods");
    return List.of(
        pods.getJSONObject(0).getString("name"), pods.getJSONObject(1).getString("name"));
  }

  boolean bothServe() {
    JSONArray pods = status().optJSONArray("pods");
    for (int i = 0; i < pods.length(); i++) {
      if (!pods.optJSONObject(i).optString("phase").equals("SERVING")) {
        return false;
      }
    }
    return true;
  }

  void awaitRollouts(int count) {
    Await.until(
        count + " rollouts in " + process.output(),
        SOON,
        () -> status().optInt("rollouts") == count && status().optString("state").equals("IDLE"));
  }

  @Override
  public void close() {
    process.terminate(); // killed, its pods would end a moment after it
    Await.until("the demo's end", BOUND, () -> !process.alive());
  }

  static String arguments(int[] ports) {
    return "demo -p %d --pods %d@%d,%d@%d,%d@%d,%d@%d"
        .formatted(
            ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], ports[6], ports[7],
            ports[8]);
  }

  static HttpResponse<String> get(String url) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(BOUND).build(), BodyHandlers.ofString());
  }
}
