/**
 * Drains a netty-socketio server. {@link io.gracefuldrain.socketio.SocketIoDrain} is the entry.
 *
 * <p>Inside, each class has one question:
 *
 * <ul>
 *   <li><em>What may pass?</em> {@code ChannelGate}, a channel's handler, decides by a {@code
 *       RequestQuery}. {@code HeldMessages} has what waits for the end of the settle grace. {@code
 *       TurnQueue} and {@code InTurn} keep an aware client's uploads and packets in order.
 *   <li><em>Which server can be attached?</em> {@code ServerCheck}, by its {@code ServerVersion}
 *       and by {@code ServerInternals}.
 *   <li><em>What is tracked?</em> {@code SessionTracker}, a handler, begins a {@code Session}.
 *       {@code Sessions} has them all; {@code SessionChannels} and {@code Upgrade} are parts of
 *       one.
 *   <li><em>What are aware clients told?</em> {@code ConnectReplies}, a handler, sees who has
 *       joined; {@code Greeter} says hello and hears that a client has landed, which {@code
 *       LandedPackets} has found; {@code HintEvents} and {@code PlanEvents} say the rest. All of it
 *       is written by {@code OwnJson} as each {@code Message} says, and read by {@code JsonText}.
 *   <li><em>How is a client let go?</em> {@code Farewell}, with the parts of {@code drain-netty};
 *       by HTTP with {@code EngineIoAnswers}. Every stock client recovers on its own.
 *   <li><em>How does its session wait for another pod?</em> {@code Keeper} begins that, {@code
 *       Keeping} ends it. netty-socketio fills a {@code Mailbox} by way of a {@code
 *       StandInChannel}, {@code SharedText} encodes it; {@code LateArrivals} has what the client
 *       sends too late, {@code Luggage} its rooms and data. {@code HandOverCodec} says it to the
 *       other pod.
 * </ul>
 *
 * <p>Dependencies go one way: no two of these classes know each other. A test holds that.
 */
@NullMarked
package io.gracefuldrain.socketio;

import org.jspecify.annotations.NullMarked;
