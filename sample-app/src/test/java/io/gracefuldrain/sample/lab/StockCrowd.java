package io.gracefuldrain.sample.lab;

import io.gracefuldrain.sample.NodeProcess;
import java.io.IOException;
import java.util.List;

/** Stock JavaScript clients in a Node process, which tell what happens to them. */
final class StockCrowd implements AutoCloseable {
  /**
   * One finished time away.
   *
   * @param kind {@code js-websocket} or {@code js-polling}
   */
  record Away(String kind, String reason, double ms, double backoffMs, int failed) {}

  private final NodeProcess node;

  StockCrowd(String url, int each) throws IOException {
    node = new NodeProcess("stock.js", List.of(url, String.valueOf(each)));
  }

  /** Why connections ended, in their order. */
  List<String> left() {
    return node.told().stream()
        .filter(each -> each.has("left"))
        .map(each -> each.get("left").asText())
        .toList();
  }

  /** How many had an attempt fail. */
  long refused() {
    return node.told().stream()
        .filter(each -> each.has("refused"))
        .map(each -> each.get("kind").asText() + each.get("client").asInt())
        .distinct()
        .count();
  }

  List<Away> away() {
    return node.told().stream()
        .filter(each -> each.has("ms"))
        .map(
            each ->
                new Away(
                    each.get("kind").asText(),
                    each.get("reason").asText(),
                    each.get("ms").asDouble(),
                    each.get("backoffMs").asDouble(),
                    each.get("failed").asInt()))
        .toList();
  }

  @Override
  public void close() {
    node.close();
  }
}
