package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import io.gracefuldrain.lab.results.Stay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Both sides of each session, brought together by its id. Pure.
 *
 * @param matches sessions that a client and a pod know of
 * @param strayStays connections of clients that no pod knows of
 * @param straySessions sessions of pods that no client knows of
 */
record Reconciliation(
    List<Match> matches, List<StrayStay> strayStays, List<SessionLine> straySessions) {
  /** By how much a pod may be later than a client in seeing the same end. */
  private static final long SAME_END_MS = 1_000;

  /** A connection that no pod knows of. */
  record StrayStay(ClientLedger client, Stay stay) {
    boolean polled() {
      return !client.kind().overWebSocket();
    }
  }

  /**
   * A session that both sides know of.
   *
   * @param withdrawn whether the Service led away from its pod before the client lost it
   */
  record Match(ClientLedger client, Stay stay, SessionLine session, boolean withdrawn) {
    boolean polled() {
      return !client.kind().overWebSocket() || "polling".equals(session.transport());
    }

    /** Whether it ended while the crowd was there. */
    boolean ended() {
      return stay.toMs() != null;
    }

    /**
     * Whether it is a poller whose next poll the Service had sent elsewhere, before its pod saw to
     * it. The pod cannot know. Where it is not known whom the Service led to when, it shows by the
     * client having left long before its pod says so.
     */
    boolean routedAway() {
      return stay.toMs() != null
          && polled()
          && (withdrawn || stay.toMs() + SAME_END_MS < session.leftMs());
    }

    /**
     * Whether what its pod sent had to arrive over it. What a poller that was sent elsewhere did
     * not fetch is told apart; what comes after an aware client has let go came over the next
     * connection too, and if it did not, it shows as missing.
     */
    boolean judged() {
      return !routedAway() && !stay.moved() && stay.taken();
    }

    /** Orders that its end has cut: those the pod had begun, and not one that came too late. */
    long ordersCut() {
      return Math.max(0, stay.ordersCut() - ordersLate());
    }

    /**
     * Orders that its end met on their way: the client sent them before it knew of the end, and the
     * pod never began them. No work was cut, and a client may place them again.
     */
    long ordersLate() {
      return Math.min(stay.ordersCut(), Math.max(0, stay.ordersPlaced() - session.orders()));
    }

    /** Messages that the pod sent and the client did not get; negative if it got more. */
    long tail() {
      return session.sent() - stay.received();
    }
  }

  static Reconciliation of(Run run) {
    return of(run.crowd().clients(), run.sessions(), withdrawals(run.pods()));
  }

  private static Map<String, Long> withdrawals(List<PodLane> pods) {
    Map<String, Long> withdrawals = new HashMap<>();
    for (PodLane pod : pods) {
      pod.at(MarkKind.OUT_OF_SERVICE).ifPresent(ms -> withdrawals.put(pod.name(), ms));
    }
    return withdrawals;
  }

  private static Reconciliation of(
      List<ClientLedger> clients, List<SessionLine> sessions, Map<String, Long> withdrawals) {
    Map<String, SessionLine> bySid = new HashMap<>();
    sessions.forEach(session -> bySid.merge(session.sid(), session, SessionLine::and));
    List<Match> matches = new ArrayList<>();
    List<StrayStay> stray = new ArrayList<>();
    for (ClientLedger client : clients) {
      for (Stay stay : client.stays()) {
        SessionLine session = bySid.remove(stay.sid());
        if (session == null) {
          stray.add(new StrayStay(client, stay));
        } else {
          long withdrawnMs = withdrawals.getOrDefault(session.pod(), Long.MAX_VALUE);
          boolean withdrawn = stay.toMs() != null && withdrawnMs < stay.toMs();
          matches.add(new Match(client, stay, session, withdrawn));
        }
      }
    }
    List<SessionLine> left =
        sessions.stream().filter(session -> bySid.containsKey(session.sid())).toList();
    return new Reconciliation(List.copyOf(matches), List.copyOf(stray), left);
  }

  Reconciliation {
    matches = List.copyOf(matches);
    strayStays = List.copyOf(strayStays);
    straySessions = List.copyOf(straySessions);
  }

  /**
   * Messages that pods gave to sessions since ended, and that did not arrive. Without pollers that
   * the Service had sent elsewhere: their pods go on giving them messages that nobody fetches.
   */
  long lost() {
    return matches.stream()
        .filter(match -> match.ended() && match.judged())
        .mapToLong(match -> Math.max(0, match.tail()))
        .sum();
  }

  /**
   * Orders that a pod had begun and whose connection ended before they were done. Without those of
   * pollers that the Service had sent elsewhere: their pods finish them, and nobody fetches the
   * answer.
   */
  long ordersCut() {
    return matches.stream().filter(match -> !match.routedAway()).mapToLong(Match::ordersCut).sum()
        + strayStays.stream().mapToLong(stray -> stray.stay().ordersCut()).sum();
  }

  /** Connections over WebSocket that only one side knows of. */
  long strays() {
    return strayStays.stream().filter(stray -> !stray.polled()).count()
        + straySessions.stream().filter(session -> !"polling".equals(session.transport())).count();
  }

  /** The same for pollers, which may come to the wrong pod, or go without a word. */
  long strayPollers() {
    return strayStays.size() + straySessions.size() - strays();
  }
}
