package io.gracefuldrain;

import static io.gracefuldrain.Times.ms;
import static io.gracefuldrain.Times.s;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPolicy.BudgetCheck;
import io.gracefuldrain.DrainPolicy.Handshakes;
import io.gracefuldrain.DrainPolicy.Readiness;
import io.gracefuldrain.DrainPolicy.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DrainPolicyTest {
  private static final DrainPolicy DEFAULTS = DrainPolicy.defaults();

  @Test
  void defaults_fitInWhatKubernetesGives() {
    assertThat(DEFAULTS.total()).isEqualTo(s(21));
    assertThat(DEFAULTS.total().plus(DEFAULTS.stopMargin())).isLessThan(DEFAULTS.gracePeriod());
    assertThat(DEFAULTS.overBudget()).isEmpty();
    assertThat(DEFAULTS.adminToken()).isEmpty();
    assertThat(DEFAULTS.pod()).isNotBlank();
  }

  static Stream<Arguments> durations() {
    return Stream.of(
        duration(
            "readinessDelayMin",
            DrainPolicy::withReadinessDelayMin,
            DrainPolicy::readinessDelayMin),
        duration(
            "readinessDelayMax",
            DrainPolicy::withReadinessDelayMax,
            DrainPolicy::readinessDelayMax),
        duration("moveWindow", DrainPolicy::withMoveWindow, DrainPolicy::moveWindow),
        duration("hintGrace", DrainPolicy::withHintGrace, DrainPolicy::hintGrace),
        duration("settleGrace", DrainPolicy::withSettleGrace, DrainPolicy::settleGrace),
        duration("forceTimeout", DrainPolicy::withForceTimeout, DrainPolicy::forceTimeout),
        duration("linger", DrainPolicy::withLinger, DrainPolicy::linger),
        duration("stopMargin", DrainPolicy::withStopMargin, DrainPolicy::stopMargin),
        duration("gracePeriod", DrainPolicy::withGracePeriod, DrainPolicy::gracePeriod),
        duration("hookReset", DrainPolicy::withHookReset, DrainPolicy::hookReset));
  }

  private static Arguments duration(
      String name,
      BiFunction<DrainPolicy, Duration, DrainPolicy> with,
      Function<DrainPolicy, Duration> get) {
    return Arguments.of(name, with, get);
  }

  @Test
  void withCrashRate_inRange_isACopyAndOutOfItIsNamed() {
    DrainPolicy changed = DEFAULTS.withCrashRate(0);

    assertThat(DEFAULTS.crashRate()).isEqualTo(500);
    assertThat(changed.crashRate()).isZero();
    assertThat(changed).isNotEqualTo(DEFAULTS);
    assertThat(changed.toString()).contains("crashRate=0");
    assertThatThrownBy(() -> DEFAULTS.withCrashRate(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("crashRate: -1 (expected: >= 0)");
  }

  @ParameterizedTest
  @MethodSource("durations")
  void withDuration_inRange_isACopy(
      String name,
      BiFunction<DrainPolicy, Duration, DrainPolicy> with,
      Function<DrainPolicy, Duration> get) {
    Duration before = get.apply(DEFAULTS);

    DrainPolicy changed = with.apply(DEFAULTS, ms(1500));

    assertThat(get.apply(changed)).as(name).isEqualTo(ms(1500));
    assertThat(get.apply(DEFAULTS)).isEqualTo(before);
    assertThat(changed).isNotEqualTo(DEFAULTS).hasToString(changed.toString());
    assertThat(changed.toString()).contains(name + "=1500ms");
    assertThat(with.apply(changed, before)).isEqualTo(DEFAULTS).hasSameHashCodeAs(DEFAULTS);
  }

  @ParameterizedTest
  @MethodSource("durations")
  void withDuration_outOfRange_isRefusedByName(
      String name,
      BiFunction<DrainPolicy, Duration, DrainPolicy> with,
      Function<DrainPolicy, Duration> get) {
    assertThatThrownBy(() -> with.apply(DEFAULTS, s(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(name + ": PT-1S (expected: >= " + leastOf(name) + ")");
    assertThatThrownBy(() -> with.apply(DEFAULTS, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage(name);
    assertThat(get.apply(DEFAULTS)).isGreaterThanOrEqualTo(Duration.ZERO);

    Duration tooLong = Duration.ofDays(1).plusNanos(1);
    assertThatThrownBy(() -> with.apply(DEFAULTS, tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(name + ": PT24H0.000000001S (expected: <= 24h)");
    assertThatThrownBy(() -> with.apply(DEFAULTS, Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + ": ");
  }

  /** Without time to stop, or to wait for a signal, these two would do harm. */
  private static String leastOf(String name) {
    return name.equals("stopMargin") || name.equals("hookReset") ? "1s" : "0";
  }

  @Test
  void withStopMarginOrHookReset_ofNothing_isRefused() {
    assertThatThrownBy(() -> DEFAULTS.withStopMargin(Duration.ZERO))
        .hasMessage("stopMargin: 0s (expected: >= 1s)");
    assertThatThrownBy(() -> DEFAULTS.withHookReset(ms(999)))
        .hasMessage("hookReset: 999ms (expected: >= 1s)");
  }

  /** A pair of settings that depend on each other, and how an error calls it. */
  private record Pair(
      BiFunction<DrainPolicy, Duration, DrainPolicy> smaller,
      BiFunction<DrainPolicy, Duration, DrainPolicy> larger,
      Function<DrainPolicy, Duration> getSmaller,
      Function<DrainPolicy, Duration> getLarger,
      String smallerName,
      String largerName) {
    @Override
    public String toString() {
      return smallerName + " <= " + largerName;
    }
  }

  static Stream<Pair> pairs() {
    return Stream.of(
        new Pair(
            DrainPolicy::withReadinessDelayMin,
            DrainPolicy::withReadinessDelayMax,
            DrainPolicy::readinessDelayMin,
            DrainPolicy::readinessDelayMax,
            "readinessDelayMin",
            "readinessDelayMax"),
        new Pair(
            DrainPolicy::withHintGrace,
            DrainPolicy::withMoveWindow,
            DrainPolicy::hintGrace,
            DrainPolicy::moveWindow,
            "hintGrace",
            "moveWindow"));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void withBothOfAPair_inEitherOrder_isTheSamePolicy(Pair pair) {
    // On the way, each order passes through a policy that could not be used.
    DrainPolicy roomy = DEFAULTS.withBudgetCheck(BudgetCheck.WARN);
    DrainPolicy up = pair.larger.apply(pair.smaller.apply(roomy, s(15)), s(60));
    DrainPolicy down = pair.smaller.apply(pair.larger.apply(roomy, ms(500)), ms(100));

    assertThat(up).isEqualTo(pair.smaller.apply(pair.larger.apply(roomy, s(60)), s(15)));
    assertThat(down).isEqualTo(pair.larger.apply(pair.smaller.apply(roomy, ms(100)), ms(500)));
    assertThat(pair.getSmaller.apply(up)).isEqualTo(s(15));
    assertThat(pair.getLarger.apply(up)).isEqualTo(s(60));
    assertThat(up.total()).isGreaterThan(DEFAULTS.total());
    assertThat(down.fit(s(5)).total()).isLessThanOrEqualTo(s(5));
    DrainCoordinator.create(up).close();
    DrainCoordinator.create(down).close();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void pair_thatContradictsItself_isRefusedWhenItIsUsed_namingBoth(Pair pair) {
    Duration larger = pair.getLarger.apply(DEFAULTS);
    DrainPolicy above = pair.smaller.apply(DEFAULTS, larger.plusMillis(1));
    DrainPolicy below = pair.larger.apply(pair.smaller.apply(DEFAULTS, s(2)), s(1));
    String aboveWrong =
        "%s: %dms (expected: <= %s, which is %ds, the default)"
            .formatted(
                pair.smallerName, larger.toMillis() + 1, pair.largerName, larger.toSeconds());
    String belowWrong =
        "%s: 2s (expected: <= %s, which is 1s)".formatted(pair.smallerName, pair.largerName);

    isRefused(above, aboveWrong);
    isRefused(below, belowWrong);
    // A warning is enough for a budget that is over, not for settings that contradict each other.
    isRefused(above.withBudgetCheck(BudgetCheck.WARN), aboveWrong);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void larger_alone_takesTheSmallersDefaultWithIt(Pair pair) {
    DrainPolicy policy = pair.larger.apply(DEFAULTS, s(1));

    assertThat(pair.getSmaller.apply(policy)).isLessThanOrEqualTo(s(1)).isGreaterThan(ms(400));
    assertThat(policy.total()).isLessThan(DEFAULTS.total());
    assertThat(policy).isEqualTo(pair.larger.apply(pair.larger.apply(DEFAULTS, s(9)), s(1)));
    assertThat(pair.larger.apply(policy, s(60)).fit(s(30)).total()).isEqualTo(s(30));
  }

  @Test
  void budget_ofAnyHintGrace_hasHalfOfTheWindowForSlots() {
    assertThat(DEFAULTS.withMoveWindow(s(2)).withHintGrace(s(2)).budget().hintGrace())
        .isEqualTo(s(1).toNanos());
    assertThat(DEFAULTS.withMoveWindow(s(3)).budget().hintGrace()).isEqualTo(ms(1500).toNanos());
    assertThat(DEFAULTS.budget().hintGrace()).isEqualTo(s(2).toNanos());
  }

  @Test
  void overriddenBy_anEnvironment_keepsWhatItDoesNotSay() {
    DrainPolicy own = DEFAULTS.withMoveWindow(s(60)).withLinger(s(3)).withGracePeriod(s(120));

    DrainPolicy policy = own.overriddenBy(Map.of("DRAIN_MOVE_WINDOW", "30s"));

    assertThat(policy).isEqualTo(own.withMoveWindow(s(30)));
    assertThat(own.overriddenBy(Map.of())).isEqualTo(own);
    assertThatThrownBy(
            () -> own.withMoveWindow(s(1)).overriddenBy(Map.of("DRAIN_HINT_GRACE", "2s")))
        .hasMessage("DRAIN_HINT_GRACE: 2s (expected: <= DRAIN_MOVE_WINDOW, which is 1s)");
  }

  private static void isRefused(DrainPolicy policy, String message) {
    List<ThrowingCallable> uses =
        List.of(
            policy::total,
            policy::overBudget,
            () -> policy.fit(s(5)),
            () -> DrainCoordinator.create(policy),
            () -> new VirtualPod(policy, true));
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
  }

  @Test
  void budgetAndGracePeriod_inEitherOrder_areTheSamePolicy() {
    DrainPolicy one = DEFAULTS.withMoveWindow(s(60)).withGracePeriod(s(90));
    DrainPolicy other = DEFAULTS.withGracePeriod(s(90)).withMoveWindow(s(60));

    assertThat(one).isEqualTo(other);
    assertThat(one.overBudget()).isEmpty();
    assertThat(DEFAULTS.withMoveWindow(s(60)).overBudget()).isPresent();
  }

  @Test
  void withWords_areCopiesToo() {
    DrainPolicy changed =
        DEFAULTS
            .withPacing(Pacing.atRate(50))
            .withPacingLoop(DrainPolicy.PacingLoop.CLOSED)
            .withReadiness(Readiness.KEEP)
            .withHandshakes(Handshakes.ADMIT)
            .withBudgetCheck(BudgetCheck.WARN)
            .withReceipt(Receipt.LOG)
            .withReconnectUrl(" wss://chat.example.com:8443/path ")
            .withTerminationLog("/tmp/last-words")
            .withPod("pod-1")
            .withGeneration("7d9f")
            .withAdminToken("secret");

    assertThat(changed.pacing()).isEqualTo(Pacing.atRate(50));
    assertThat(changed.pacingLoop()).isEqualTo(DrainPolicy.PacingLoop.CLOSED);
    assertThat(changed.readiness()).isEqualTo(Readiness.KEEP);
    assertThat(changed.handshakes()).isEqualTo(Handshakes.ADMIT);
    assertThat(changed.budgetCheck()).isEqualTo(BudgetCheck.WARN);
    assertThat(changed.receipt()).isEqualTo(Receipt.LOG);
    assertThat(changed.reconnectUrl()).contains("wss://chat.example.com:8443/path");
    assertThat(changed.terminationLog()).contains("/tmp/last-words");
    assertThat(changed.pod()).isEqualTo("pod-1");
    assertThat(changed.generation()).isEqualTo("7d9f");
    assertThat(changed.adminToken()).contains("secret");
    assertThat(changed.withAdminToken(" ").adminToken()).isEmpty();
    assertThat(changed.withHookHeader("X-Drain: yes").hookHeader()).contains("X-Drain:yes");
    assertThat(changed.withHookHeader("").hookHeader()).isEmpty();
    assertThat(changed.withReconnectUrl("").reconnectUrl()).isEmpty();
    assertThat(changed.withTerminationLog("").terminationLog()).isEmpty();
    assertThat(DEFAULTS.pacing()).isEqualTo(Pacing.even());
    assertThat(DEFAULTS.pacingLoop()).isEqualTo(DrainPolicy.PacingLoop.OPEN);
  }

  @Test
  void withWords_thatAreNone_areRefusedByName() {
    assertThatThrownBy(() -> DEFAULTS.withPod(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pod: ' ' (expected: a name on one line)");
    assertThat(DEFAULTS.withGeneration(" ").generation()).isEqualTo("unknown");
    assertThatThrownBy(() -> DEFAULTS.withGeneration("a\nb"))
        .hasMessage("generation: 'a\nb' (expected: a name on one line)");
    assertThatThrownBy(() -> DEFAULTS.withReconnectUrl("chat.example.com"))
        .hasMessage("reconnectUrl: chat.example.com (expected: an http, https, ws or wss address)");
    assertThatThrownBy(() -> DEFAULTS.withTerminationLog("a\0b"))
        .hasMessage("terminationLog: a\0b (expected: the path of a file)");
    assertThatThrownBy(() -> DEFAULTS.withPod(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("pod");
    assertThatThrownBy(() -> DEFAULTS.withPacing(null)).hasMessage("pacing");
    assertThatThrownBy(() -> DEFAULTS.withReadiness(null)).hasMessage("readiness");
  }

  @Test
  void toString_doesNotTellTheToken() {
    DrainPolicy policy = DEFAULTS.withAdminToken("top-secret").withPod("p");
    assertThat(policy.toString())
        .startsWith("DrainPolicy[readinessDelayMin=2s, ")
        .endsWith("generation=unknown, adminToken=set]")
        .doesNotContain("top-secret");
    assertThat(DEFAULTS.toString()).contains("hookHeader=none").endsWith("adminToken=none]");
    assertThat(DEFAULTS.withHookHeader("X-Drain: secret").toString())
        .contains("hookHeader=set")
        .doesNotContain("secret");
  }

  @Test
  void equals_ofWhatIsSetAndWhatIsDefault_isTheSame() {
    assertThat(DEFAULTS.withMoveWindow(s(10))).isEqualTo(DEFAULTS).hasSameHashCodeAs(DEFAULTS);
    assertThat(DEFAULTS).isNotEqualTo("DrainPolicy");
    assertThat(DrainPolicy.fromEnvironment(Map.of())).isEqualTo(DEFAULTS);
  }

  @Test
  void fit_intoLess_isAPolicyThatFits() {
    DrainPolicy fitted = DEFAULTS.fit(s(11));
    assertThat(fitted.total()).isEqualTo(s(11));
    assertThat(fitted.moveWindow()).isEqualTo(s(10));
    assertThat(fitted.settleGrace()).isZero();
    assertThat(fitted.readinessDelayMax()).isZero();
    assertThat(fitted.gracePeriod()).isEqualTo(DEFAULTS.gracePeriod());

    for (long millis = 0; millis <= 21_000; millis += 7) {
      assertThat(DEFAULTS.fit(ms(millis)).total()).isBetween(ms(millis).minusNanos(1), ms(millis));
    }
  }

  @Test
  void fit_intoEnough_isTheSame() {
    assertThat(DEFAULTS.fit(s(21))).isEqualTo(DEFAULTS);
    assertThat(DEFAULTS.fit(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(DEFAULTS);
  }

  @Test
  void fit_intoNoTimeThereIs_isRefused() {
    assertThatThrownBy(() -> DEFAULTS.fit(s(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("budget: PT-1S (expected: >= 0)");
    assertThatThrownBy(() -> DEFAULTS.fit(null)).hasMessage("budget");
  }
}
