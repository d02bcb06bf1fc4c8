package io.gracefuldrain.spring;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.DrainReport;

/**
 * The phase of the pod has changed. An application event; its listeners are called on the drain's
 * own thread for them and cannot delay the drain.
 *
 * @param from the phase before
 * @param to the phase now
 * @param report the state right after the change
 */
public record DrainPhaseEvent(DrainPhase from, DrainPhase to, DrainReport report) {}
