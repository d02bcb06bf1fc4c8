/**
 * A crowd of raw WebSocket clients, as large as one process can have: how it moves from one server
 * to another, and what those feel who are at the second one already; and the processes of such
 * servers.
 */
@NullMarked
package io.gracefuldrain.lab.raw;

import org.jspecify.annotations.NullMarked;
