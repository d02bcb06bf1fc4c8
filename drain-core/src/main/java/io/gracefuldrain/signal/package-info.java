/**
 * Drains when the process ends: on a signal, taken before JVM shutdown hooks run, or in a shutdown
 * hook when it exits without one; {@link io.gracefuldrain.signal.DrainSignals} is the entry.
 */
@NullMarked
package io.gracefuldrain.signal;

import org.jspecify.annotations.NullMarked;
