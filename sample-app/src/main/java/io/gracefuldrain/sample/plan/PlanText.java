package io.gracefuldrain.sample.plan;

import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.sample.plan.Planner.Choice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code plan} says: a row for each surge, what to set, and why. */
final class PlanText {
  private static final String ROW = "%9s  %6s  %5s  %8s  %16s  %13s  %8s  %11s  %10s  %7s%s";

  private final Goals goals;
  private final List<Choice> choices;

  PlanText(Goals goals, List<Choice> choices) {
    this.goals = goals;
    this.choices = choices;
  }

  static String head(Scenario scenario, Goals goals) {
    return lines(
        "%s clients on %s pods, each of which takes %s handshakes a second."
            .formatted(
                count(scenario.clients()),
                count(scenario.pods()),
                count(Math.round(scenario.receiver().perSecond()))),
        "",
        ROW.formatted(
            "maxSurge",
            "window",
            "grace",
            "minReady",
            "moves of a client",
            "pods at most",
            "busiest",
            "connect p99",
            "away, p50",
            "rollout",
            ""));
  }

  static String row(Choice choice) {
    Result result = choice.result();
    Scenario scenario = result.scenario();
    DrainPolicy policy = scenario.policy();
    Result.Course course = result.course();
    return ROW.formatted(
        scenario.surge(),
        Options.text(policy.moveWindow()),
        Options.text(policy.gracePeriod()),
        Options.text(scenario.minReady()),
        "%s, %s at most"
            .formatted(decimal(result.clients().moves(), 2), result.clients().mostMoves()),
        "%s, %s drain".formatted(course.pods(), course.drainsAtOnce()),
        percent(result.load().busiest()),
        seconds(result.clients().connect().p99()),
        result.clients().away().count() == 0 ? "never" : seconds(result.clients().away().p50()),
        minutes(course.took()),
        choice.good() ? "" : "  no");
  }

  /** The choice with the fewest moves, and among those the one with the fewest pods. */
  Optional<Choice> recommended() {
    return choices.stream()
        .filter(Choice::good)
        .min(
            Comparator.<Choice>comparingDouble(choice -> choice.result().clients().moves())
                .thenComparing(choice -> choice.result().course().pods()));
  }

  String answer() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    recommended().ifPresentOrElse(choice -> recommend(choice, lines), () -> refuse(lines));
    choices.stream().filter(choice -> !choice.good()).forEach(choice -> explain(choice, lines));
    return lines(lines.toArray(String[]::new));
  }

  private void recommend(Choice choice, List<String> lines) {
    Scenario scenario = choice.scenario();
    DrainPolicy policy = scenario.policy();
    Result result = choice.result();
    String window = Options.text(policy.moveWindow());
    long grace = policy.gracePeriod().toSeconds();
    lines.add("Set:");
    lines.add(
        "  maxSurge: %s, maxUnavailable: 0, minReadySeconds: %s"
            .formatted(scenario.surge(), scenario.minReady().toSeconds()));
    lines.add("  terminationGracePeriodSeconds: " + grace);
    lines.add("  DRAIN_MOVE_WINDOW=%s, DRAIN_GRACE_PERIOD=%ss".formatted(window, grace));
    lines.add("");
    lines.add("Why:");
    lines.add(
        "  window   A pod has up to %s connections when its drain begins. Over %s the busiest pod"
            .formatted(count(result.load().largestCrowd()), window));
    lines.add(
        "           takes %s of its handshakes from those that move (at most %s%% wanted); the rest is"
            .formatted(percent(result.load().busiest()), goals.load()));
    lines.add("           for those who are there already.");
    lines.add("  grace    " + sum(policy));
    lines.add("  surge    " + surge(result));
    lines.add("  clients  " + felt(result));
    lines.add(
        "  time     The rollout takes %s; a pod drains for %s at most, and %s drain at the same time."
            .formatted(
                minutes(result.course().took()),
                minutes(result.course().longestDrain()),
                result.course().drainsAtOnce()));
  }

  private static String sum(DrainPolicy policy) {
    return "%s readiness delay + %s window + %s settle grace + %s force + %s linger + %s to stop = %s"
        .formatted(
            Options.text(policy.readinessDelayMax()),
            Options.text(policy.moveWindow()),
            Options.text(policy.settleGrace()),
            Options.text(policy.forceTimeout()),
            Options.text(policy.linger()),
            Options.text(policy.stopMargin()),
            Options.text(policy.total().plus(policy.stopMargin())));
  }

  private static String surge(Result result) {
    int pods = result.scenario().pods();
    int surge = result.scenario().surge();
    String moves = decimal(result.clients().moves(), 2);
    if (surge >= pods) {
      return "All new pods are there before an old one goes, so nobody lands on a pod that ends next:"
          + " %s moves a client.".formatted(moves);
    }
    return "%s at a time: some clients land on a pod that ends later, and move again: %s moves a client."
        .formatted(surge == 1 ? "One new pod" : surge + " new pods", moves);
  }

  private static String felt(Result result) {
    Result.Felt felt = result.clients();
    List<String> parts = new ArrayList<>();
    if (felt.away().count() > 0) {
      parts.add(
          "stock ones are away for %s at the median, %s for one in a hundred"
              .formatted(seconds(felt.away().p50()), seconds(felt.away().p99())));
    }
    if (felt.aware().count() > 0) {
      parts.add(
          "aware ones are elsewhere %s after their hint, and never away"
              .formatted(seconds(felt.aware().p50())));
    }
    int sessions = felt.recovered() + felt.notRecovered();
    if (sessions > 0) {
      parts.add(
          "%s of %s sessions are handed over".formatted(count(felt.recovered()), count(sessions)));
    }
    parts.add(
        "%s connects fail, %s connections are cut"
            .formatted(count(felt.failedConnects()), count(felt.cut())));
    return String.join("; ", parts) + ".";
  }

  private void refuse(List<String> lines) {
    lines.add("Nothing can be recommended.");
    lines.add("");
  }

  /** Why a row is none to set. */
  private void explain(Choice choice, List<String> lines) {
    Result result = choice.result();
    List<String> reasons = new ArrayList<>();
    if (!goals.loadMet(result)) {
      reasons.add(
          "the busiest pod takes %s of its handshakes from those that move (expected: at most %s%%)"
              .formatted(percent(result.load().busiest()), goals.load()));
    }
    if (result.clients().connect().p99() > goals.connect().toMillis()) {
      reasons.add(
          "99 of a hundred connects take up to %s (expected: at most %s)"
              .formatted(seconds(result.clients().connect().p99()), Options.text(goals.connect())));
    }
    if (result.clients().cut() > 0) {
      reasons.add(
          "%s connections are cut (expected: none)".formatted(count(result.clients().cut())));
    }
    if (result.clients().timeOuts() > 0) {
      reasons.add(
          "%s connects take more than 20s (expected: none)"
              .formatted(count(result.clients().timeOuts())));
    }
    if (!choice.fits()) {
      reasons.add(
          "there are %s pods at the same time (expected: at most %s)"
              .formatted(result.course().pods(), goals.pods()));
    }
    lines.add(
        "maxSurge %s: no. %s."
            .formatted(choice.scenario().surge(), capital(String.join("; ", reasons))));
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String decimal(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String percent(double share) {
    return decimal(share * 100, share < 0.1 ? 1 : 0) + "%";
  }

  private static String seconds(int ms) {
    return decimal(ms / 1e3, 2) + "s";
  }

  private static String minutes(Duration time) {
    long seconds = Math.round(time.toMillis() / 1e3);
    return seconds < 120 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
  }

  private static String lines(String... lines) {
    return String.join(System.lineSeparator(), lines);
  }
}
