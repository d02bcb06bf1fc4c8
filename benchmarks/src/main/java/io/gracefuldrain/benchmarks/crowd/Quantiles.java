package io.gracefuldrain.benchmarks.crowd;

/**
 * How figures are spread.
 *
 * @param p50 the median
 * @param p99 what 99 of a hundred do not exceed
 */
record Quantiles(double p50, double p99) {}
