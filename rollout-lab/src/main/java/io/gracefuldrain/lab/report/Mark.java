package io.gracefuldrain.lab.report;

/**
 * An event in the life of a pod.
 *
 * @param atMs when, in milliseconds since the epoch
 * @param note a detail, or empty
 */
public record Mark(MarkKind kind, long atMs, String note) {}
