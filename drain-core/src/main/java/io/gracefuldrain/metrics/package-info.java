/**
 * The drain as Micrometer meters; {@link io.gracefuldrain.metrics.DrainMetrics} is the entry,
 * {@code docs/metrics.md} the list.
 */
@NullMarked
package io.gracefuldrain.metrics;

import org.jspecify.annotations.NullMarked;
