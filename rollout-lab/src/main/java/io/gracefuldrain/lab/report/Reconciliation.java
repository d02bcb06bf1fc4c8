package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings both sides of each session together by its id. Pure.
 *
 * @param clientsOnly whether pods keep no ledger, so that nothing matches
 * @param matches sessions that both a client and a pod know
 * @param strayStays connections of clients that no pod knows
 * @param straySessions sessions of pods that no client knows
 */
record Reconciliation(
    boolean clientsOnly,
    List<Match> matches,
    List<StrayStay> strayStays,
    List<SessionLine> straySessions) {
  /** How much later than the client a pod may see the same end. */
  private static final long SAME_END_MS = 1_000;

  /**
   * A connection that no pod knows.
   *
   * @param withdrawn whether the Service had stopped routing to its pod before the client lost it
   */
  record StrayStay(ClientLedger client, Stay stay, boolean withdrawn) {
    boolean polled() {
      return !client.kind().overWebSocket();
    }
  }

  /**
   * A session that both sides know.
   *
   * @param withdrawn whether the Service had stopped routing to its pod before the client lost it
   */
  record Match(ClientLedger client, Stay stay, SessionLine session, boolean withdrawn) {
    boolean polled() {
      return !client.kind().overWebSocket() || "polling".equals(session.transport());
    }

    /** Whether it goes on with an earlier session, whose messages may have come over it. */
    boolean recovered() {
      return client.recovery().sids().contains(session.sid());
    }

    /** Whether it ended while the crowd was there. */
    boolean ended() {
      return stay.toMs() != null;
    }

    /**
     * Whether it is a poller whose next poll the Service sent to another pod, before its own pod
     * could let it go. The pod cannot know. Where the routes of the Service are unknown, the sign
     * is a client that left long before its pod says so.
     */
    boolean routedAway() {
      return stay.toMs() != null
          && polled()
          && (withdrawn || stay.toMs() + SAME_END_MS < session.leftMs());
    }

    /**
     * Whether all messages that its pod sent had to arrive over it. Messages that a poller sent
     * elsewhere did not fetch are counted separately. Messages sent after an aware client has let
     * go also came over the next connection; if not, they count as missing.
     */
    boolean judged() {
      return !routedAway() && !stay.moved() && stay.taken();
    }

    /** Orders that its end has cut. An order counts only if the pod had begun it. */
    long ordersCut() {
      return Math.max(0, stay.ordersCut() - ordersLate());
    }

    /**
     * Orders that were on their way when it ended: the client sent them before it knew of the end,
     * and the pod never began them. No work was cut, and a client may place them again.
     */
    long ordersLate() {
      return Math.min(stay.ordersCut(), Math.max(0, stay.ordersPlaced() - session.orders()));
    }

    /** Messages that the pod sent and the client did not receive; negative if it received more. */
    long tail() {
      return session.sent() - stay.received();
    }

    /**
     * Whether the client received more than the pod sent. Some of what the pod sends to a session
     * that it has let go still goes out before the connection's end.
     */
    boolean more() {
      return tail() + session.kept() < 0;
    }
  }

  static Reconciliation of(Run run) {
    return of(run.clientsOnly(), run.crowd().clients(), run.sessions(), withdrawals(run.pods()));
  }

  private static Map<String, Long> withdrawals(List<PodLane> pods) {
    Map<String, Long> withdrawals = new HashMap<>();
    for (PodLane pod : pods) {
      pod.at(MarkKind.OUT_OF_SERVICE).ifPresent(ms -> withdrawals.put(pod.name(), ms));
    }
    return withdrawals;
  }

  private static Reconciliation of(
      boolean clientsOnly,
      List<ClientLedger> clients,
      List<SessionLine> sessions,
      Map<String, Long> withdrawals) {
    Map<String, SessionLine> bySid = new HashMap<>();
    sessions.forEach(session -> bySid.merge(session.sid(), session, SessionLine::and));
    List<Match> matches = new ArrayList<>();
    List<StrayStay> stray = new ArrayList<>();
    for (ClientLedger client : clients) {
      for (Stay stay : client.stays()) {
        SessionLine session = bySid.remove(stay.sid());
        String pod = session == null ? stay.pod() : session.pod();
        long withdrawnMs =
            pod == null ? Long.MAX_VALUE : withdrawals.getOrDefault(pod, Long.MAX_VALUE);
        boolean withdrawn = stay.toMs() != null && withdrawnMs < stay.toMs();
        if (session == null) {
          stray.add(new StrayStay(client, stay, withdrawn));
        } else {
          matches.add(new Match(client, stay, session, withdrawn));
        }
      }
    }
    List<SessionLine> left =
        sessions.stream().filter(session -> bySid.containsKey(session.sid())).toList();
    return new Reconciliation(clientsOnly, List.copyOf(matches), List.copyOf(stray), left);
  }

  Reconciliation {
    matches = List.copyOf(matches);
    strayStays = List.copyOf(strayStays);
    straySessions = List.copyOf(straySessions);
  }

  /**
   * Messages that pods gave to sessions that have ended, and that did not arrive. Pollers that the
   * Service had sent elsewhere do not count: their pods go on giving them messages that nobody
   * fetches.
   */
  long lost() {
    return matches.stream()
        .filter(match -> match.ended() && match.judged())
        .mapToLong(match -> Math.max(0, match.tail()))
        .sum();
  }

  /**
   * Orders that a pod had begun and whose connection ended before they were done. Pollers that the
   * Service had sent elsewhere do not count: their pods finish the orders, and nobody fetches the
   * answers. Without a ledger nobody knows these pollers for sure, so only orders over WebSocket
   * count.
   */
  long ordersCut() {
    return matches.stream().filter(match -> !match.routedAway()).mapToLong(Match::ordersCut).sum()
        + strayStays.stream()
            .filter(stray -> !clientsOnly || !stray.polled())
            .mapToLong(stray -> stray.stay().ordersCut())
            .sum();
  }

  /** The connections of pollers whose orders were cut where no ledger says why. */
  List<StrayStay> pollersCut() {
    return strayStays.stream()
        .filter(stray -> clientsOnly && stray.polled() && stray.stay().ordersCut() > 0)
        .toList();
  }

  /** Connections over WebSocket that only one side knows. */
  long strays() {
    return strayStays.stream().filter(stray -> !stray.polled()).count()
        + straySessions.stream().filter(session -> !"polling".equals(session.transport())).count();
  }

  /** The same for pollers, which may reach the wrong pod, or leave without a goodbye. */
  long strayPollers() {
    return strayStays.size() + straySessions.size() - strays();
  }
}
