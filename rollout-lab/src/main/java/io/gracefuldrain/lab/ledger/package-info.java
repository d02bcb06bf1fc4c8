/**
 * Counts what one client feels: its connections, gaps, moves, messages and orders. It is told what
 * happens and when, and knows neither sockets nor clocks.
 */
@NullMarked
package io.gracefuldrain.lab.ledger;

import org.jspecify.annotations.NullMarked;
