package io.gracefuldrain.spring;

import io.gracefuldrain.DrainReport;

/**
 * A drain is done. An application event, as {@link DrainPhaseEvent}, which comes before it. When
 * the application ends, its listeners have two seconds, and the context closes then.
 *
 * @param receipt what became of each connection
 */
public record DrainDoneEvent(DrainReport receipt) {}
