/**
 * The command line client of the drain endpoints. {@link io.gracefuldrain.cli.Drain} is the entry.
 */
@NullMarked
package io.gracefuldrain.cli;

import org.jspecify.annotations.NullMarked;
