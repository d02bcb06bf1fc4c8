/**
 * A Socket.IO service that drains. Begin here: {@link io.gracefuldrain.sample.MinimalServer} is the
 * server to copy. Then read {@code server.DrainingPod}, the same lines in a larger service. {@link
 * io.gracefuldrain.sample.PlainNettyServer} is one without Socket.IO.
 *
 * <ul>
 *   <li>{@code server}: the service, with the library's lines in {@code DrainingPod}
 *   <li>{@code page}: its page for browsers
 *   <li>{@code front}: a stand-in for a Kubernetes Service
 *   <li>{@code demo}: two pods, a front, and rollouts
 *   <li>{@code options}: options that their command lines share
 * </ul>
 *
 * {@link io.gracefuldrain.sample.SampleApp} lists all commands.
 */
@NullMarked
package io.gracefuldrain.sample;

import org.jspecify.annotations.NullMarked;
