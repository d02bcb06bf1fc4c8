/**
 * The lab measures what clients feel of a rollout. This package holds what every other one may
 * need; the others stand on floors, and each floor knows only those below it. From the bottom up:
 * {@code options}, {@code process} and {@code tcp}; {@code results}; {@code ledger} and {@code
 * report}; {@code lean}; {@code crowd}; {@code local} and {@code cluster}.
 */
@NullMarked
package io.gracefuldrain.lab;

import org.jspecify.annotations.NullMarked;
