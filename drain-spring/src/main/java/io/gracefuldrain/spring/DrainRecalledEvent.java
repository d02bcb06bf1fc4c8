package io.gracefuldrain.spring;

import io.gracefuldrain.DrainReport;

/**
 * A drain was taken back, and the pod serves again. An application event, as {@link
 * DrainPhaseEvent}, which comes before it.
 *
 * @param report the state right after the recall
 */
public record DrainRecalledEvent(DrainReport report) {}
