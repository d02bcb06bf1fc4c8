/**
 * Drains when the process is asked to end: SIGTERM and SIGINT taken before JVM shutdown hooks run,
 * or a shutdown hook where they cannot be; {@link io.gracefuldrain.signal.DrainSignals} is the
 * entry.
 */
@NullMarked
package io.gracefuldrain.signal;

import org.jspecify.annotations.NullMarked;
