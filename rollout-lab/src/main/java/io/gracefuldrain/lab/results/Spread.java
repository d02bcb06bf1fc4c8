package io.gracefuldrain.lab.results;

/** The spread of a figure: count, median, 99th percentile and maximum, in milliseconds. */
public record Spread(long count, long p50Ms, long p99Ms, long maxMs) {}
