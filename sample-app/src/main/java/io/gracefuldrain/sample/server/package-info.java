/**
 * A Socket.IO service, and what it does with the library: {@link
 * io.gracefuldrain.sample.server.DrainingPod} has the lines that the README shows.
 */
@NullMarked
package io.gracefuldrain.sample.server;

import org.jspecify.annotations.NullMarked;
