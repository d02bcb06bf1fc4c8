package io.gracefuldrain;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link DrainPolicy} says: the value of each setting, read only. */
abstract sealed class PolicyValues permits DrainPolicy {
  final Settings settings;

  PolicyValues(Settings settings) {
    this.settings = settings;
  }

  // ---------------------------------------------------------------- how long each part takes

  /**
   * The minimum of the lame duck: when time is short, it is given up only after the settle grace.
   */
  public Duration readinessDelayMin() {
    return settings.duration(Setting.READINESS_DELAY_MIN);
  }

  /** How long the lame duck lasts, so that routing tables can be updated. */
  public Duration readinessDelayMax() {
    return settings.duration(Setting.READINESS_DELAY_MAX);
  }

  /**
   * The time over which connections are let go. When an aware client waits for its slot, the last
   * slot is {@link #hintGrace()} before its end.
   */
  public Duration moveWindow() {
    return settings.duration(Setting.MOVE_WINDOW);
  }

  /**
   * How long a hinted client may take to arrive elsewhere; in effect at most half of {@link
   * #moveWindow()}, so that slots have the other half. A client that has acknowledged the hint
   * counts from then, and has a second more to say that it has landed. This may last until the end
   * of the move window, and a second (at most half) of {@link #settleGrace()} beyond it.
   */
  public Duration hintGrace() {
    return settings.duration(Setting.HINT_GRACE);
  }

  /**
   * How long work in flight may go on after the move window. Make it a second longer than your
   * longest work: clients hinted last may begin work in its first second.
   */
  public Duration settleGrace() {
    return settings.duration(Setting.SETTLE_GRACE);
  }

  /** How long closing by force may take. */
  public Duration forceTimeout() {
    return settings.duration(Setting.FORCE_TIMEOUT);
  }

  /** How long the drained process stays for a last scrape. */
  public Duration linger() {
    return settings.duration(Setting.LINGER);
  }

  /**
   * The part of the grace period that is kept for stopping servers. At its end a watchdog ends the
   * process.
   */
  public Duration stopMargin() {
    return settings.duration(Setting.STOP_MARGIN);
  }

  /** The pod's {@code terminationGracePeriodSeconds}, which Kubernetes does not tell the pod. */
  public Duration gracePeriod() {
    return settings.duration(Setting.GRACE_PERIOD);
  }

  /** How long after a preStop hook a signal must follow; otherwise the pod serves again. */
  public Duration hookReset() {
    return settings.duration(Setting.HOOK_RESET);
  }

  // ---------------------------------------------------------------- what a drain does

  /**
   * How many clients a second may come back from a pod that has crashed. Aware clients spread their
   * return over connections / rate, between 1 s and 60 s. With 0 they have no such window, and come
   * back like stock clients.
   */
  public int crashRate() {
    return settings.number(Setting.CRASH_RATE);
  }

  /** How the slots are laid over the window. */
  public Pacing pacing() {
    return (Pacing) settings.get(Setting.PACING);
  }

  /** How long a server may warm up before it starts; zero if it does not. */
  public Duration warmUp() {
    return settings.duration(Setting.WARM_UP);
  }

  /** Whether slots follow the landings of clients that say when they have landed. */
  public DrainPolicy.PacingLoop pacingLoop() {
    return (DrainPolicy.PacingLoop) settings.get(Setting.PACING_LOOP);
  }

  /** What the readiness probe says before moving begins. */
  public DrainPolicy.Readiness readiness() {
    return (DrainPolicy.Readiness) settings.get(Setting.READINESS);
  }

  /** What becomes of handshakes while connections are being let go. */
  public DrainPolicy.Handshakes handshakes() {
    return (DrainPolicy.Handshakes) settings.get(Setting.HANDSHAKES);
  }

  /** What happens when the budget does not fit in the grace period. */
  public DrainPolicy.BudgetCheck budgetCheck() {
    return (DrainPolicy.BudgetCheck) settings.get(Setting.BUDGET_CHECK);
  }

  /** Where the receipt's line goes. */
  public DrainPolicy.Receipt receipt() {
    return (DrainPolicy.Receipt) settings.get(Setting.RECEIPT);
  }

  /** How WebSockets end that are let go; an adapter may decide it for each client. */
  public Goodbye goodbye() {
    return (Goodbye) settings.get(Setting.GOODBYE);
  }

  // ---------------------------------------------------------------- names, addresses, secrets

  /** The names of the cookies that hold a client to its pod: a refusal expires them. */
  public List<String> affinityCookies() {
    return settings.names(Setting.AFFINITY_COOKIE);
  }

  /** Where hinted clients reconnect; empty for the address they already use. */
  public Optional<String> reconnectUrl() {
    return settings.text(Setting.RECONNECT_URL);
  }

  /** The file that Kubernetes shows as the container's last words. */
  public Optional<String> terminationLog() {
    return settings.text(Setting.TERMINATION_LOG);
  }

  /** The name of this pod in hints, tickets and receipts, unique within its generation. */
  public String pod() {
    return (String) settings.get(Setting.POD);
  }

  /**
   * The name of this rollout's pods, for instance the pod template's hash; the last rollout had
   * another.
   */
  public String generation() {
    return (String) settings.get(Setting.GENERATION);
  }

  /** The bearer token for every change by HTTP; when it is empty, these methods are disabled. */
  public Optional<String> adminToken() {
    return settings.text(Setting.ADMIN_TOKEN);
  }

  /** The header that the preStop hook must carry, as {@code name:value}; empty if it needs none. */
  public Optional<String> hookHeader() {
    return settings.text(Setting.HOOK_HEADER);
  }

  // ---------------------------------------------------------------- the hand-over of sessions

  /** Whether sessions are handed over to the pods where their clients turn up. */
  public DrainPolicy.Handover handover() {
    return (DrainPolicy.Handover) settings.get(Setting.HANDOVER);
  }

  /** Whether sessions are handed over: there is a key, and it is not switched off. */
  public boolean handsOver() {
    return handover() == DrainPolicy.Handover.AUTO && !ticketKeys().isEmpty();
  }

  /** How long a pod waits for another one's session at most, in all. */
  public Duration handoverTimeout() {
    return settings.duration(Setting.HANDOVER_TIMEOUT);
  }

  /**
   * How many bytes are kept for a session at most, {@link KeptSession#PACKET_BYTES} for each packet
   * included.
   */
  public int handoverSessionBytes() {
    return settings.number(Setting.HANDOVER_SESSION_BYTES);
  }

  /** How many bytes are kept for all sessions of this pod at most. */
  public int handoverPodBytes() {
    return settings.number(Setting.HANDOVER_POD_BYTES);
  }

  /** The port where other pods ask for sessions; 0 for that of the server with the endpoints. */
  public int handoverPort() {
    return settings.number(Setting.HANDOVER_PORT);
  }

  /** The address where other pods ask for sessions; without one they cannot. */
  public Optional<InetAddress> podIp() {
    return settings.text(Setting.POD_IP).map(AddressRanges::address);
  }

  /** The addresses that may be asked for a session; no other is ever dialled. */
  public AddressRanges peers() {
    return AddressRanges.parse(settings.text(Setting.PEERS).orElse(""));
  }

  /**
   * The keys of tokens, which all pods share: the first one makes them, all are valid. Without one
   * no session is handed over.
   */
  public List<String> ticketKeys() {
    return settings.names(Setting.TICKET_KEY);
  }

  /**
   * The names of these keys, which may be shown: eight hexadecimal digits each, in the same order.
   */
  public List<String> ticketKeyNames() {
    return ticketKeys().stream().map(key -> KeyNames.shown(KeyNames.of(key))).toList();
  }
}
