package io.gracefuldrain.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page on load balancers and meshes: what it says to set is accepted, and fits. */
class BalancersTest {
  private static final Path PAGE = Path.of("..", "docs", "balancers.md");
  private static final Pattern BUDGET =
      Pattern.compile("<!-- budget: (\\w+) -->\n```\n(.*?)```", Pattern.DOTALL);
  private static final Pattern COMPONENT = Pattern.compile("`(sticky-\\w+)`");

  @ParameterizedTest
  @ValueSource(strings = {"nlb", "alb"})
  void budget_each_fitsInItsGrace(String balancer) throws IOException {
    DrainPolicy policy = DrainPolicy.fromEnvironment(settings(balancer));
    DrainCoordinator.create(policy).close();
    assertThat(policy.total().plus(policy.stopMargin())).isLessThanOrEqualTo(policy.gracePeriod());
    assertThat(row(balancer))
        .as("the row of the table")
        .contains("| " + policy.readinessDelayMax().toSeconds() + " s |")
        .contains("| " + policy.gracePeriod().toSeconds() + " s |");
  }

  @Test
  void components_each_areThere() throws IOException {
    Matcher named = COMPONENT.matcher(Files.readString(PAGE));
    assertThat(named.results().map(each -> each.group(1)))
        .isNotEmpty()
        .allSatisfy(
            each -> assertThat(Path.of("components", each, "kustomization.yaml")).isRegularFile());
  }

  private static Map<String, String> settings(String balancer) throws IOException {
    Matcher block = BUDGET.matcher(Files.readString(PAGE));
    return block
        .results()
        .filter(each -> each.group(1).equals(balancer))
        .flatMap(each -> Stream.of(each.group(2).split("\n")))
        .map(line -> line.split("=", 2))
        .collect(
            Collectors.toMap(pair -> pair[0], pair -> pair[1], (one, other) -> one, TreeMap::new));
  }

  private static String row(String balancer) throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| AWS " + balancer.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow();
  }
}
