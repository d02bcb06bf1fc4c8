/**
 * The lab measures what clients feel of a rollout. This package holds what every other one may
 * need. The others stand on floors, and each floor knows only those below it. From the bottom up:
 *
 * <ol>
 *   <li>{@code options}, {@code process} and {@code tcp}
 *   <li>{@code results}
 *   <li>{@code ledger} and {@code report}
 *   <li>{@code lean}
 *   <li>{@code crowd}
 *   <li>{@code local} and {@code cluster}
 * </ol>
 */
@NullMarked
package io.gracefuldrain.lab;

import org.jspecify.annotations.NullMarked;
