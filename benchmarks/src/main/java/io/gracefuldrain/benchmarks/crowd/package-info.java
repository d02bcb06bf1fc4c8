/**
 * A crowd is moved from one server to another, in our way and in those of others, in the same run.
 * {@code CrowdCommand} is the entry, {@code Way} lists the ways, {@code CrowdPod} is the server
 * that ends, {@code CrowdMove} is one move.
 */
@NullMarked
package io.gracefuldrain.benchmarks.crowd;

import org.jspecify.annotations.NullMarked;
