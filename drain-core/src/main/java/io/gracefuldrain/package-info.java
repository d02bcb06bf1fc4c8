/**
 * The domain of a graceful drain: phases, tracked connections, work in flight, paced moves and the
 * receipt. Depends on the JDK and SLF4J only; {@link io.gracefuldrain.DrainCoordinator} is the
 * entry.
 */
@NullMarked
package io.gracefuldrain;

import org.jspecify.annotations.NullMarked;
