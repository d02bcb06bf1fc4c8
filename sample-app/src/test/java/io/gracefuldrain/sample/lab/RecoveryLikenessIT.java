package io.gracefuldrain.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracefuldrain.lab.crowd.Crowd;
import io.gracefuldrain.lab.crowd.CrowdPlan;
import io.gracefuldrain.lab.results.ClientKind;
import io.gracefuldrain.lab.results.CrowdReport;
import io.gracefuldrain.sample.NodeProcess;
import io.gracefuldrain.testing.Await;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the lean client shows of its session when it comes back, and what it takes for a recovery:
 * the same as the stock JavaScript client, from 4.6 on.
 */
class RecoveryLikenessIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What the server answers to each CONNECT and sends after it, before it ends the connection. */
  private static final List<List<String>> STORY =
      List.of(
          List.of(
              "40{\"sid\":\"s0\",\"pid\":\"p1\"}", "42[\"a\",{\"n\":1}]", "42[\"b\",1,\"off\"]"),
          List.of("40{\"sid\":\"s1\",\"pid\":\"p1\"}", "42[\"named\"]", "427[\"asks\",\"text\"]"),
          List.of("40{\"sid\":\"s2\",\"pid\":\"p2\"}", "42[\"drain:at\",\"token\"]"),
          List.of("40{\"sid\":\"s3\"}", "42[\"c\",\"late\"]"),
          List.of("40{\"sid\":\"s4\",\"pid\":\"p3\"}"),
          List.of("40{\"sid\":\"s5\",\"pid\":\"p3\"}"));

  /** What it asks with. */
  private static final List<String> CONNECTS =
      List.of(
          "40",
          "40{\"pid\":\"p1\",\"offset\":\"off\"}",
          "40{\"pid\":\"p1\",\"offset\":\"named\"}",
          "40{\"pid\":\"p2\",\"offset\":\"token\"}",
          "40",
          "40{\"pid\":\"p3\",\"offset\":\"token\"}");

  private static final List<Boolean> RECOVERED = List.of(false, true, false, false, false, true);

  @Test
  void session_shownAgain_isThatOfTheStockClients() throws Exception {
    List<String> versions = List.of("4.6", "4.7", "4.8");
    List<ScriptedServer> servers = new ArrayList<>();
    List<NodeProcess> stock = new ArrayList<>();
    try (ScriptedServer server = new ScriptedServer(STORY);
        Crowd lean =
            Crowd.start(
                CrowdPlan.defaults(URI.create(server.url()))
                    .withClients(Map.of(ClientKind.LEAN_RECOVERING, 1)))) {
      for (String version : versions) {
        ScriptedServer each = new ScriptedServer(STORY);
        servers.add(each);
        stock.add(NodeProcess.of(version, "likeness.js", List.of(each.url())));
      }
      servers.add(server);
      Await.until(
          () -> "all came back: " + servers.stream().map(ScriptedServer::connects).toList(),
          SOON,
          () -> servers.stream().allMatch(each -> each.connects().size() == STORY.size()));
      assertThat(servers).extracting(ScriptedServer::connects).containsOnly(CONNECTS);
      for (int i = 0; i < versions.size(); i++) {
        NodeProcess each = stock.get(i);
        Await.until("all told", SOON, () -> recovered(each).size() == STORY.size());
        assertThat(recovered(each)).as(versions.get(i)).isEqualTo(RECOVERED);
      }
      Await.until("connected", SOON, () -> lean.progress().connected() == 1);
      CrowdReport report = lean.stop();
      assertThat(report.clients().get(0).recovery().sids()).containsExactly("e1", "e5");
      assertThat(report.clients().get(0).stays()).hasSize(STORY.size());
    } finally {
      stock.forEach(NodeProcess::close);
      servers.forEach(ScriptedServer::close);
    }
  }

  private static List<Boolean> recovered(NodeProcess client) {
    return client.told().stream()
        .filter(each -> each.has("recovered"))
        .map(each -> each.path("recovered"))
        .map(JsonNode::asBoolean)
        .toList();
  }
}
