/**
 * Drains the WebSockets of a Netty server. {@link io.gracefuldrain.netty.NettyDrain} is the entry.
 * {@link io.gracefuldrain.netty.WebSocketGoodbye}, {@link io.gracefuldrain.netty.LastRead}, {@link
 * io.gracefuldrain.netty.StallWatch} and {@link io.gracefuldrain.netty.HttpAnswers} are its parts
 * that an adapter with a protocol of its own uses, too: that of netty-socketio does.
 */
@NullMarked
package io.gracefuldrain.netty;

import org.jspecify.annotations.NullMarked;
