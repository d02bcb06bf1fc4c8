package io.gracefuldrain.spring;

import io.gracefuldrain.DrainReport;

/**
 * A drain has begun. An application event, as {@link DrainPhaseEvent}, which comes before it.
 *
 * @param report the state right after the beginning
 */
public record DrainBegunEvent(DrainReport report) {}
