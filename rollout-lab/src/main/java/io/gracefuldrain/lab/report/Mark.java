package io.gracefuldrain.lab.report;

/**
 * Something that happened to a pod.
 *
 * @param atMs when, in milliseconds since the epoch
 * @param note what more there is to say, or empty
 */
public record Mark(MarkKind kind, long atMs, String note) {}
