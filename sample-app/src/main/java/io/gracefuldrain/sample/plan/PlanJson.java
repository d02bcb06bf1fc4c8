package io.gracefuldrain.sample.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code plan} has found, as JSON: times in milliseconds. */
final class PlanJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  static String of(List<Planner.Choice> choices) throws JsonProcessingException {
    return JSON.writeValueAsString(choices.stream().map(PlanJson::choice).toList())
        + System.lineSeparator();
  }

  private static Map<String, Object> choice(Planner.Choice choice) {
    Scenario scenario = choice.scenario();
    DrainPolicy policy = scenario.policy();
    Result result = choice.result();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("clients", scenario.clients());
    said.put("pods", scenario.pods());
    said.put("maxSurge", scenario.surge());
    said.put("receiverRate", scenario.receiver().perSecond());
    said.put("receiverFirstMs", scenario.receiver().first().toMillis());
    said.put("receiverStallMs", scenario.receiver().stall().toMillis());
    said.put("pacingLoop", policy.pacingLoop().name());
    said.put("slowPercent", scenario.slow());
    said.put("awarePercent", scenario.mix().aware());
    said.put("recoveringPercent", scenario.mix().recovering());
    said.put("moveWindowMs", policy.moveWindow().toMillis());
    said.put("gracePeriodMs", policy.gracePeriod().toMillis());
    said.put("minReadyMs", scenario.minReady().toMillis());
    said.put("good", choice.good());
    said.put("moves", result.clients().moves());
    said.put("mostMoves", result.clients().mostMoves());
    said.put("connectMs", spread(result.clients().connect()));
    said.put("awayMs", spread(result.clients().away()));
    said.put("awareMs", spread(result.clients().aware()));
    said.put("failedConnects", result.clients().failedConnects());
    said.put("timeOuts", result.clients().timeOuts());
    said.put("cut", result.clients().cut());
    said.put("handedOver", result.clients().recovered());
    said.put("notHandedOver", result.clients().notRecovered());
    said.put("largestCrowd", result.load().largestCrowd());
    said.put("busiest", result.load().busiest());
    said.put("busiestSecond", result.load().busiestSecond());
    said.put("peakOverMean", result.load().peakOverMean());
    said.put("deepestQueue", result.load().deepest());
    said.put("bystandersMs", spread(result.load().bystanders()));
    said.put("slotsMs", result.course().slots().toMillis());
    said.put("rolloutMs", result.course().took().toMillis());
    said.put("longestDrainMs", result.course().longestDrain().toMillis());
    said.put("drainsAtOnce", result.course().drainsAtOnce());
    said.put("mostPods", result.course().pods());
    return said;
  }

  private static Map<String, Object> spread(Times.Spread spread) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("count", spread.count());
    said.put("p50", spread.p50());
    said.put("p90", spread.p90());
    said.put("p99", spread.p99());
    said.put("max", spread.max());
    return said;
  }
}
