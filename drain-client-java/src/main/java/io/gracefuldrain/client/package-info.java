/**
 * A Socket.IO client that hides rollouts from its application: it connects to the next pod before
 * it lets go of the pod that drains. Begin with {@link io.gracefuldrain.client.DrainAware}.
 *
 * <p>Inside, a file knows only files below it:
 *
 * <ul>
 *   <li>{@code Client} takes the application's calls. {@code Inbound} takes the connections'
 *       reports. {@code Connections} has the current connection and the retired ones.
 *   <li>{@code Moves} begins moves, one at a time. {@code Move} goes through the states of {@code
 *       Phase}, with {@code Approach} (connecting), {@code Preparation} (preparing), {@code
 *       Landing} (holding) and {@code RetiredConnection} (overlap, lingering).
 *   <li>{@code Outbox} has the emits, with {@code Gate} (held) and {@code Reply} (their answers).
 *   <li>{@code Connection} is one connection to one pod, and {@code Channel} one namespace of it.
 *   <li>{@code AwareSocket} is the application's socket, with its {@code Listeners}.
 * </ul>
 */
@NullMarked
package io.gracefuldrain.client;

import org.jspecify.annotations.NullMarked;
