package io.gracefuldrain.lab.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides what a Deployment does next in a rolling update. Pods that are terminating do not count.
 * Pure.
 *
 * @param replicas how many pods are wanted
 * @param maxSurge how many more pods there may be
 * @param maxUnavailable how many fewer pods may be available
 */
record Scaling(int replicas, int maxSurge, int maxUnavailable) {
  /** Checks that a rollout can make progress. */
  Scaling {
    if (replicas < 1 || maxSurge < 0 || maxUnavailable < 0) {
      throw new IllegalArgumentException(
          "replicas: %s, maxSurge: %s, maxUnavailable: %s (expected: at least 1, 0 and 0)"
              .formatted(replicas, maxSurge, maxUnavailable));
    }
    if (maxSurge == 0 && maxUnavailable == 0) {
      throw new IllegalArgumentException(
          "maxSurge and maxUnavailable: 0 (expected: at least one of them above 0)");
    }
  }

  /**
   * A pod that is not terminating.
   *
   * @param current whether it belongs to the wanted generation
   * @param available whether it is ready
   * @param order the position in the order of creation
   */
  record Member(String name, boolean current, boolean available, int order) {}

  /**
   * The next step; it is empty if the controller can only wait.
   *
   * @param create how many pods of the wanted generation
   * @param delete names of old pods
   */
  record Step(int create, List<String> delete) {
    boolean nothing() {
      return create == 0 && delete.isEmpty();
    }
  }

  /**
   * Like ReplicaSets: first the new one grows as far as the surge allows, then the old one shrinks.
   */
  Step next(List<Member> pods) {
    int current = (int) pods.stream().filter(Member::current).count();
    int create = Math.max(0, Math.min(replicas - current, replicas + maxSurge - pods.size()));
    return new Step(create, surplus(pods, current + create));
  }

  private List<String> surplus(List<Member> pods, int current) {
    int minAvailable = replicas - Math.min(maxUnavailable, replicas);
    long currentAvailable = available(pods.stream().filter(Member::current));
    List<Member> old = pods.stream().filter(pod -> !pod.current()).toList();
    int total = old.size() + current;
    // New pods that are not available yet are deducted, so that old ones make up for them.
    long most = total - minAvailable - (current - currentAvailable);
    List<String> delete = new ArrayList<>();
    // Pods that are not available go first: they cost no availability.
    old.stream()
        .filter(pod -> !pod.available())
        .sorted(NEWEST_FIRST)
        .limit(Math.max(0, most))
        .forEach(pod -> delete.add(pod.name()));
    long spare = available(pods.stream()) - minAvailable;
    old.stream()
        .filter(Member::available)
        .sorted(NEWEST_FIRST)
        .limit(Math.max(0, Math.min(spare, most - delete.size())))
        .forEach(pod -> delete.add(pod.name()));
    return List.copyOf(delete);
  }

  private static final Comparator<Member> NEWEST_FIRST =
      Comparator.comparingInt(Member::order).reversed();

  private static long available(Stream<Member> pods) {
    return pods.filter(Member::available).count();
  }

  /** Whether exactly the wanted pods exist, all available. */
  boolean complete(List<Member> pods) {
    return pods.size() == replicas
        && pods.stream().allMatch(pod -> pod.current() && pod.available());
  }
}
