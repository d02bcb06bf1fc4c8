/**
 * A Socket.IO client with next to no weight, written for the crowd. It behaves like the stock
 * JavaScript client, and an aware one moves by the reconnect hint.
 */
@NullMarked
package io.gracefuldrain.lab.lean;

import org.jspecify.annotations.NullMarked;
