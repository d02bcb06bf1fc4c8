package io.gracefuldrain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of a drain: immutable, validated, and the same by code and by environment. Each
 * {@code withX} gives a changed copy.
 *
 * <p>A value that is wrong alone is refused at once, by an {@link IllegalArgumentException}. Two
 * that depend on each other, such as a hint grace within its move window, are compared when the
 * policy is used: by {@link DrainCoordinator#create}, {@link #overriddenBy}, {@link #total()},
 * {@link #fit} and {@link #overBudget()}. So the order in which code sets them never matters. A
 * default is shortened to what the other setting permits.
 *
 * <p>The deadline is derived, never set: {@link #total()} is the sum of the parts, and together
 * with {@link #stopMargin()} it must fit in {@link #gracePeriod()}.
 */
public final class DrainPolicy {
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

  private static final DrainPolicy DEFAULTS = new DrainPolicy(Settings.DEFAULTS);

  final Settings settings;

  DrainPolicy(Settings settings) {
    this.settings = settings;
  }

  /** The defaults: 21 s in all, which with a stop margin of 6 s fits in Kubernetes' 30 s. */
  public static DrainPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * The defaults, changed by variables of the environment, as {@code DRAIN_MOVE_WINDOW=10s}.
   *
   * <p>A name that begins with {@code DRAIN_} and is neither a setting nor one of Kubernetes' own
   * is logged as a warning. With {@code DRAIN_STRICT=true} it is an error.
   *
   * @throws IllegalArgumentException if a value is bad, or a name is nearly that of a setting
   */
  public static DrainPolicy fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  /** The same for a given environment. */
  public static DrainPolicy fromEnvironment(Map<String, String> environment) {
    return DEFAULTS.overriddenBy(environment);
  }

  /**
   * This policy, as an application's own defaults, changed by variables of an environment.
   *
   * @throws IllegalArgumentException as {@link #fromEnvironment()}
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
   * linger, the readiness delay down to its minimum, the settle grace, the rest of the readiness
   * delay, and at last from the move window and the force timeout, in proportion.
   *
   * @throws IllegalArgumentException if the budget is negative, or two settings contradict
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

  /** The error in the budget, if it does not fit in the grace period; throws as {@link #total}. */
  public Optional<String> overBudget() {
    return settings.overBudget();
  }

  /** The part of the lame duck that is given up only after the settle grace. */
  public Duration readinessDelayMin() {
    return settings.duration(Setting.READINESS_DELAY_MIN);
  }

  /** {@link #readinessDelayMin()} changed. */
  public DrainPolicy withReadinessDelayMin(Duration value) {
    return with(Setting.READINESS_DELAY_MIN, value);
  }

  /** How long the lame duck lasts, so that routing tables can be updated. */
  public Duration readinessDelayMax() {
    return settings.duration(Setting.READINESS_DELAY_MAX);
  }

  /** {@link #readinessDelayMax()} changed. */
  public DrainPolicy withReadinessDelayMax(Duration value) {
    return with(Setting.READINESS_DELAY_MAX, value);
  }

  /** The time over which connections are let go, the grace of the last hint included. */
  public Duration moveWindow() {
    return settings.duration(Setting.MOVE_WINDOW);
  }

  /** {@link #moveWindow()} changed. */
  public DrainPolicy withMoveWindow(Duration value) {
    return with(Setting.MOVE_WINDOW, value);
  }

  /**
   * How long a hinted client may take to arrive elsewhere, from its acknowledgement on; in effect
   * at most half of {@link #moveWindow()}. It has a second more to say that it has landed.
   */
  public Duration hintGrace() {
    return settings.duration(Setting.HINT_GRACE);
  }

  /** {@link #hintGrace()} changed. */
  public DrainPolicy withHintGrace(Duration value) {
    return with(Setting.HINT_GRACE, value);
  }

  /** How long work in flight may go on after the move window: your longest and a second more. */
  public Duration settleGrace() {
    return settings.duration(Setting.SETTLE_GRACE);
  }

  /** {@link #settleGrace()} changed. */
  public DrainPolicy withSettleGrace(Duration value) {
    return with(Setting.SETTLE_GRACE, value);
  }

  /** How long closing by force may take. */
  public Duration forceTimeout() {
    return settings.duration(Setting.FORCE_TIMEOUT);
  }

  /** {@link #forceTimeout()} changed. */
  public DrainPolicy withForceTimeout(Duration value) {
    return with(Setting.FORCE_TIMEOUT, value);
  }

  /** How long the drained process stays for a last scrape. */
  public Duration linger() {
    return settings.duration(Setting.LINGER);
  }

  /** {@link #linger()} changed. */
  public DrainPolicy withLinger(Duration value) {
    return with(Setting.LINGER, value);
  }

  /** The part of the grace period for stopping servers; at its end a watchdog ends the process. */
  public Duration stopMargin() {
    return settings.duration(Setting.STOP_MARGIN);
  }

  /** {@link #stopMargin()} changed; at least one second. */
  public DrainPolicy withStopMargin(Duration value) {
    return with(Setting.STOP_MARGIN, value);
  }

  /** The pod's {@code terminationGracePeriodSeconds}, which Kubernetes does not tell the pod. */
  public Duration gracePeriod() {
    return settings.duration(Setting.GRACE_PERIOD);
  }

  /** {@link #gracePeriod()} changed. */
  public DrainPolicy withGracePeriod(Duration value) {
    return with(Setting.GRACE_PERIOD, value);
  }

  /** How long after a preStop hook a signal must follow; otherwise the pod serves again. */
  public Duration hookReset() {
    return settings.duration(Setting.HOOK_RESET);
  }

  /** {@link #hookReset()} changed; at least one second. */
  public DrainPolicy withHookReset(Duration value) {
    return with(Setting.HOOK_RESET, value);
  }

  /**
   * How many clients a second may come back from a pod that has crashed: aware clients spread their
   * return over connections / rate, between 1 s and 60 s. With 0 they come back like stock clients.
   */
  public int crashRate() {
    return settings.number(Setting.CRASH_RATE);
  }

  /** {@link #crashRate()} changed. */
  public DrainPolicy withCrashRate(int perSecond) {
    return with(Setting.CRASH_RATE, perSecond);
  }

  /** How the slots are laid over the window. */
  public Pacing pacing() {
    return (Pacing) settings.get(Setting.PACING);
  }

  /** {@link #pacing()} changed. */
  public DrainPolicy withPacing(Pacing value) {
    return with(Setting.PACING, value);
  }

  /** What the readiness probe says before moving begins. */
  public Readiness readiness() {
    return (Readiness) settings.get(Setting.READINESS);
  }

  /** {@link #readiness()} changed. */
  public DrainPolicy withReadiness(Readiness value) {
    return with(Setting.READINESS, value);
  }

  /** What becomes of handshakes while connections are being let go. */
  public Handshakes handshakes() {
    return (Handshakes) settings.get(Setting.HANDSHAKES);
  }

  /** {@link #handshakes()} changed. */
  public DrainPolicy withHandshakes(Handshakes value) {
    return with(Setting.HANDSHAKES, value);
  }

  /** What happens when the budget does not fit in the grace period. */
  public BudgetCheck budgetCheck() {
    return (BudgetCheck) settings.get(Setting.BUDGET_CHECK);
  }

  /** {@link #budgetCheck()} changed. */
  public DrainPolicy withBudgetCheck(BudgetCheck value) {
    return with(Setting.BUDGET_CHECK, value);
  }

  /** Where the receipt's line goes. */
  public Receipt receipt() {
    return (Receipt) settings.get(Setting.RECEIPT);
  }

  /** {@link #receipt()} changed. */
  public DrainPolicy withReceipt(Receipt value) {
    return with(Setting.RECEIPT, value);
  }

  /** How WebSockets end that are let go; an adapter may decide it for each client. */
  public Goodbye goodbye() {
    return (Goodbye) settings.get(Setting.GOODBYE);
  }

  /** {@link #goodbye()} changed. */
  public DrainPolicy withGoodbye(Goodbye value) {
    return with(Setting.GOODBYE, value);
  }

  /** The names of the cookies that hold a client to its pod: a refusal expires them. */
  public List<String> affinityCookies() {
    return settings.names(Setting.AFFINITY_COOKIE);
  }

  /** {@link #affinityCookies()} changed: names with commas between them, or blank for none. */
  public DrainPolicy withAffinityCookie(String value) {
    return read(Setting.AFFINITY_COOKIE, value);
  }

  /** Where hinted clients reconnect; empty for the address they already use. */
  public Optional<String> reconnectUrl() {
    return settings.text(Setting.RECONNECT_URL);
  }

  /** {@link #reconnectUrl()} changed; a blank one removes it. */
  public DrainPolicy withReconnectUrl(String value) {
    return read(Setting.RECONNECT_URL, value);
  }

  /** The file that Kubernetes shows as the container's last words. */
  public Optional<String> terminationLog() {
    return settings.text(Setting.TERMINATION_LOG);
  }

  /** {@link #terminationLog()} changed; a blank one removes it. */
  public DrainPolicy withTerminationLog(String value) {
    return read(Setting.TERMINATION_LOG, value);
  }

  /** The name of this pod in hints, tickets and receipts, unique within its generation. */
  public String pod() {
    return (String) settings.get(Setting.POD);
  }

  /** {@link #pod()} changed. */
  public DrainPolicy withPod(String value) {
    return read(Setting.POD, value);
  }

  /** The name of this rollout's pods, such as the pod template's hash; the last had another. */
  public String generation() {
    return (String) settings.get(Setting.GENERATION);
  }

  /** {@link #generation()} changed; a blank one is {@code unknown}. */
  public DrainPolicy withGeneration(String value) {
    return read(Setting.GENERATION, value);
  }

  /** The bearer token for every change by HTTP; when it is empty, these methods are disabled. */
  public Optional<String> adminToken() {
    return settings.text(Setting.ADMIN_TOKEN);
  }

  /** {@link #adminToken()} changed; a blank one removes it. */
  public DrainPolicy withAdminToken(String value) {
    return read(Setting.ADMIN_TOKEN, value);
  }

  /** The header that the preStop hook must carry, as {@code name:value}; empty if it needs none. */
  public Optional<String> hookHeader() {
    return settings.text(Setting.HOOK_HEADER);
  }

  /** {@link #hookHeader()} changed; a blank one removes it. */
  public DrainPolicy withHookHeader(String value) {
    return read(Setting.HOOK_HEADER, value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DrainPolicy that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }

  /** Every setting with its value; the token and the hook's header are not told. */
  @Override
  public String toString() {
    return "DrainPolicy" + settings;
  }
}
