package io.gracefuldrain.spring;

import io.gracefuldrain.Outcome;

/**
 * A connection that a drain or a shed tracked has ended. An application event, as {@link
 * DrainPhaseEvent}.
 *
 * @param connection its id
 * @param outcome what became of it
 */
public record ConnectionEndedEvent(String connection, Outcome outcome) {}
