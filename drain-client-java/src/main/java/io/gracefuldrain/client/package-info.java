/**
 * A Socket.IO client that notices nothing of a rollout: it connects to the next pod before it lets
 * go of the one that drains. {@link io.gracefuldrain.client.DrainAware} is the entry.
 */
@NullMarked
package io.gracefuldrain.client;

import org.jspecify.annotations.NullMarked;
