package io.gracefuldrain;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a drain: immutable, validated, and the same by code and by environment. Each
 * {@code withX} gives a changed copy:
 *
 * <pre>{@code
 * DrainPolicy policy =
 *     DrainPolicy.defaults()
 *         .withMoveWindow(Duration.ofSeconds(60))
 *         .withGracePeriod(Duration.ofSeconds(90))
 *         .overriddenBy(System.getenv());
 * }</pre>
 *
 * <p>A value that is wrong alone is refused at once. Two that depend on each other, such as a hint
 * grace within its move window, are compared when the policy is used: by {@link
 * DrainCoordinator#create}, {@link #overriddenBy}, {@link #total()}, {@link #fit} and {@link
 * #overBudget()}. So the order in which code sets them never matters. A default never contradicts a
 * value that was set: it is shortened to what the other setting permits. A refusal is an {@link
 * IllegalArgumentException} that names the setting, the value and the expected values.
 *
 * <p>The deadline is derived, never set: {@link #total()} is the sum of the parts, and together
 * with {@link #stopMargin()} it must fit in {@link #gracePeriod()}.
 */
public final class DrainPolicy extends PolicyValues {
  /** What {@code /readyz} says while a drain has begun and moving has not. */
  public enum Readiness {
    /** Good until moving begins: keeps a terminating pod as the Service's fallback. */
    KEEP,
    /** Failing at once. */
    FAIL,
    /**
     * {@link #KEEP} for a termination inside Kubernetes, where the platform has already withdrawn
     * the pod; {@link #FAIL} for a manual drain and outside Kubernetes, where nothing has.
     */
    AUTO
  }

  /** What becomes of handshakes once connections are being let go. */
  public enum Handshakes {
    /** Refused, so that clients try elsewhere. */
    REFUSE,
    /** Admitted, and moved at once; refused once closing by force has begun. */
    ADMIT
  }

  /** What happens when the budget does not fit in the grace period. */
  public enum BudgetCheck {
    /** The coordinator refuses to start. */
    FAIL,
    /** A warning is logged. A drain that ends the process is shortened to what fits. */
    WARN
  }

  /** Where the receipt's line goes. */
  public enum Receipt {
    /** To standard output, as a line of its own. */
    STDOUT,
    /** To the logger. */
    LOG
  }

  /** Whether slots follow landings. */
  public enum PacingLoop {
    /** They follow the clock alone. */
    OPEN,
    /**
     * They are held back while clients that say when they have landed land late, or not at all: for
     * half of the move window at most. Its end stays where it is.
     */
    CLOSED
  }

  /** Whether sessions are handed over. */
  public enum Handover {
    /** If there is a key. */
    AUTO,
    /** Never. */
    OFF
  }

  private static final DrainPolicy DEFAULTS = new DrainPolicy(Settings.DEFAULTS);

  DrainPolicy(Settings settings) {
    super(settings);
  }

  /** The defaults: 21 s in all, which with a stop margin of 6 s fits in Kubernetes' 30 s. */
  public static DrainPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * The defaults, changed by variables of the process's environment, such as {@code
   * DRAIN_MOVE_WINDOW=10s}.
   *
   * <p>A name that begins with {@code DRAIN_} and is neither a setting nor one of Kubernetes' own
   * Service variables is logged as a warning. With {@code DRAIN_STRICT=true} it is an error.
   *
   * @throws IllegalArgumentException if a value is bad, a name is nearly that of a setting (two
   *     typing errors at most, or one in a short name), or two settings contradict each other
   */
  public static DrainPolicy fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  /** The same for a given environment. */
  public static DrainPolicy fromEnvironment(Map<String, String> environment) {
    return DEFAULTS.overriddenBy(environment);
  }

  /**
   * This policy, changed by variables of an environment. So an application has defaults of its own,
   * and the environment overrides them.
   *
   * @throws IllegalArgumentException as {@link #fromEnvironment()}, also if a variable contradicts
   *     a setting of this policy
   */
  public DrainPolicy overriddenBy(Map<String, String> environment) {
    return new DrainPolicy(settings.overriddenBy(environment));
  }

  private DrainPolicy with(Setting setting, Object value) {
    return new DrainPolicy(settings.with(setting, value));
  }

  private DrainPolicy read(Setting setting, String text) {
    return with(setting, setting.parse(setting.property(), text));
  }

  /**
   * How long a drain may take from its beginning to its completion, without stopping the servers.
   *
   * @throws IllegalArgumentException if two settings contradict each other
   */
  public Duration total() {
    return Duration.ofNanos(budget().total());
  }

  /**
   * This policy compressed so that {@link #total()} is within a budget. Time is taken from the
   * linger, the readiness delay down to its minimum, the settle grace and the rest of the readiness
   * delay, in this order. At last it is taken from the move window and the force timeout, in
   * proportion.
   *
   * @throws IllegalArgumentException if the budget is negative, or two settings contradict each
   *     other
   */
  public DrainPolicy fit(Duration budget) {
    if (Objects.requireNonNull(budget, "budget").isNegative()) {
      throw new IllegalArgumentException("budget: " + budget + " (expected: >= 0)");
    }
    return new DrainPolicy(settings.with(budget().fit(Durations.nanos(budget))));
  }

  Budget budget() {
    return settings.budget();
  }

  /**
   * The error in the budget, if it does not fit in the grace period.
   *
   * @throws IllegalArgumentException if two settings contradict each other
   */
  public Optional<String> overBudget() {
    return settings.overBudget();
  }

  /** {@link #readinessDelayMin()} changed. */
  public DrainPolicy withReadinessDelayMin(Duration value) {
    return with(Setting.READINESS_DELAY_MIN, value);
  }

  /** {@link #readinessDelayMax()} changed. */
  public DrainPolicy withReadinessDelayMax(Duration value) {
    return with(Setting.READINESS_DELAY_MAX, value);
  }

  /** {@link #moveWindow()} changed. */
  public DrainPolicy withMoveWindow(Duration value) {
    return with(Setting.MOVE_WINDOW, value);
  }

  /** {@link #hintGrace()} changed. */
  public DrainPolicy withHintGrace(Duration value) {
    return with(Setting.HINT_GRACE, value);
  }

  /** {@link #settleGrace()} changed. */
  public DrainPolicy withSettleGrace(Duration value) {
    return with(Setting.SETTLE_GRACE, value);
  }

  /** {@link #forceTimeout()} changed. */
  public DrainPolicy withForceTimeout(Duration value) {
    return with(Setting.FORCE_TIMEOUT, value);
  }

  /** {@link #linger()} changed. */
  public DrainPolicy withLinger(Duration value) {
    return with(Setting.LINGER, value);
  }

  /** {@link #stopMargin()} changed; at least one second. */
  public DrainPolicy withStopMargin(Duration value) {
    return with(Setting.STOP_MARGIN, value);
  }

  /** {@link #gracePeriod()} changed. */
  public DrainPolicy withGracePeriod(Duration value) {
    return with(Setting.GRACE_PERIOD, value);
  }

  /** {@link #hookReset()} changed; at least one second. */
  public DrainPolicy withHookReset(Duration value) {
    return with(Setting.HOOK_RESET, value);
  }

  /** {@link #crashRate()} changed. */
  public DrainPolicy withCrashRate(int perSecond) {
    return with(Setting.CRASH_RATE, perSecond);
  }

  /** {@link #pacing()} changed. */
  public DrainPolicy withPacing(Pacing value) {
    return with(Setting.PACING, value);
  }

  /** {@link #warmUp()} changed. */
  public DrainPolicy withWarmUp(Duration value) {
    return with(Setting.WARM_UP, value);
  }

  /** {@link #pacingLoop()} changed. */
  public DrainPolicy withPacingLoop(PacingLoop value) {
    return with(Setting.PACING_LOOP, value);
  }

  /** {@link #readiness()} changed. */
  public DrainPolicy withReadiness(Readiness value) {
    return with(Setting.READINESS, value);
  }

  /** {@link #handshakes()} changed. */
  public DrainPolicy withHandshakes(Handshakes value) {
    return with(Setting.HANDSHAKES, value);
  }

  /** {@link #budgetCheck()} changed. */
  public DrainPolicy withBudgetCheck(BudgetCheck value) {
    return with(Setting.BUDGET_CHECK, value);
  }

  /** {@link #receipt()} changed. */
  public DrainPolicy withReceipt(Receipt value) {
    return with(Setting.RECEIPT, value);
  }

  /** {@link #goodbye()} changed. */
  public DrainPolicy withGoodbye(Goodbye value) {
    return with(Setting.GOODBYE, value);
  }

  /**
   * {@link #affinityCookies()} changed: names with a comma between them; a blank one removes all.
   */
  public DrainPolicy withAffinityCookie(String value) {
    return read(Setting.AFFINITY_COOKIE, value);
  }

  /** {@link #reconnectUrl()} changed; a blank one removes it. */
  public DrainPolicy withReconnectUrl(String value) {
    return read(Setting.RECONNECT_URL, value);
  }

  /** {@link #terminationLog()} changed; a blank one removes it. */
  public DrainPolicy withTerminationLog(String value) {
    return read(Setting.TERMINATION_LOG, value);
  }

  /** {@link #pod()} changed. */
  public DrainPolicy withPod(String value) {
    return read(Setting.POD, value);
  }

  /** {@link #generation()} changed; a blank one is {@code unknown}. */
  public DrainPolicy withGeneration(String value) {
    return read(Setting.GENERATION, value);
  }

  /** {@link #adminToken()} changed; a blank one removes it. */
  public DrainPolicy withAdminToken(String value) {
    return read(Setting.ADMIN_TOKEN, value);
  }

  /** {@link #hookHeader()} changed; a blank one removes it. */
  public DrainPolicy withHookHeader(String value) {
    return read(Setting.HOOK_HEADER, value);
  }

  /** {@link #handover()} changed. */
  public DrainPolicy withHandover(Handover value) {
    return with(Setting.HANDOVER, value);
  }

  /** {@link #handoverTimeout()} changed; at least 50 ms. */
  public DrainPolicy withHandoverTimeout(Duration value) {
    return with(Setting.HANDOVER_TIMEOUT, value);
  }

  /** {@link #handoverSessionBytes()} changed. */
  public DrainPolicy withHandoverSessionBytes(int value) {
    return with(Setting.HANDOVER_SESSION_BYTES, value);
  }

  /** {@link #handoverPodBytes()} changed. */
  public DrainPolicy withHandoverPodBytes(int value) {
    return with(Setting.HANDOVER_POD_BYTES, value);
  }

  /** {@link #handoverPort()} changed. */
  public DrainPolicy withHandoverPort(int value) {
    return with(Setting.HANDOVER_PORT, value);
  }

  /** {@link #podIp()} changed: an IPv4 or IPv6 address; a blank one removes it. */
  public DrainPolicy withPodIp(String value) {
    return read(Setting.POD_IP, value);
  }

  /**
   * {@link #peers()} changed: ranges as {@code 10.0.0.0/8}, with a comma between them; a blank one
   * removes all.
   */
  public DrainPolicy withPeers(String value) {
    return read(Setting.PEERS, value);
  }

  /**
   * {@link #ticketKeys()} changed: one key of at least 32 characters, or two with a comma between
   * them; a blank one removes them.
   */
  public DrainPolicy withTicketKey(String value) {
    return read(Setting.TICKET_KEY, value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DrainPolicy that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  /** Every setting with its value; secrets are not told. */
  @Override
  public String toString() {
    return "DrainPolicy" + settings;
  }
}
