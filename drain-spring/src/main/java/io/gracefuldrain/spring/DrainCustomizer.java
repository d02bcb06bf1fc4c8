package io.gracefuldrain.spring;

import io.gracefuldrain.DrainPolicy;

/**
 * Changes the policy in code, as a bean. It comes after the properties {@code drain.*} and before
 * the environment's variables {@code DRAIN_*}, which win. Several are called in their order.
 *
 * <pre>{@code
 * @Bean
 * DrainCustomizer longerMoves() {
 *   return policy -> policy.withMoveWindow(Duration.ofSeconds(12));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface DrainCustomizer {
  /** Gives the policy that the application wants, from the one it has so far. */
  DrainPolicy customize(DrainPolicy policy);
}
