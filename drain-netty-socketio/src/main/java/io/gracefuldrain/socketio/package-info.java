/**
 * Drains a netty-socketio server: tracks its sessions, counts what is dispatched to each, and lets
 * each go in the way that every client comes back from by itself. {@link
 * io.gracefuldrain.socketio.SocketIoDrain} is the entry.
 */
@NullMarked
package io.gracefuldrain.socketio;

import org.jspecify.annotations.NullMarked;
