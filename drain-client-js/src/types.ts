import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';

// The only `any`s of this client are here, where socket.io-client's own types have them. A test
// holds that each one has a comment that begins with `any:`.

/** A pod as it called itself. Both are `unknown` for a server that said no hello. */
export interface Pod {
  pod: string;
  generation: string;
}

/** Of `drain:moving`: the server asked this client to move, and the move begins. */
export interface Moving {
  /** `drain` or `shed`, as the server said. */
  reason: string;
  /** How long the server waits, in milliseconds. */
  graceMs: number;
  from: Pod;
}

/**
 * Of `drain:moved`: the old connection is dropped. Durations are in milliseconds.
 *
 * @example
 * socket.on('drain:moved', ({ from, to, tookMs }) => {
 *   console.log(`moved from ${from.pod} to ${to.pod} in ${tookMs} ms`);
 * });
 */
export interface Moved {
  reason: string;
  from: Pod;
  to: Pod;
  /** From the hint until the new connection was up in every namespace. */
  connectMs: number;
  /** From the hint until the new connection was the current one. */
  tookMs: number;
  /** How many emits were held until then. */
  held: number;
  /** How many events came by both connections, and were dropped once. */
  duplicates: number;
  /** How long there was no living connection: 0, unless the old one was cut midway. */
  downtimeMs: number;
}

/**
 * Of `drain:failed`: a move failed and the client goes on as a stock one, or `ready` failed.
 *
 * @example
 * socket.on('drain:failed', ({ reason, message }) => console.warn(`${reason}: ${message}`));
 */
export interface Failed {
  /** The reason of the move. `ready` if `ready` failed outside of a move. */
  reason: string;
  message: string;
}

/** The events that a socket has besides those of socket.io-client. */
export interface DrainEvents {
  'drain:moving': (moving: Moving) => void;
  'drain:moved': (moved: Moved) => void;
  'drain:failed': (failed: Failed) => void;
}

/** Types of events, as socket.io-client takes them: a function for each name. */
export interface EventsMap {
  // any: as in socket.io-client's own type of that name; a value of this type must fit there.
  [event: string]: any;
}

/** The events of a socket whose user gave no types: any event. */
export interface AnyEvents extends DrainEvents {
  // any: listeners may have parameters of any type, as with socket.io-client.
  [event: string]: (...args: any[]) => void;
}

/**
 * The user's own socket, of the user's own socket.io-client, with three more events.
 *
 * @example
 * const socket: AwareSocket<ServerToClient, ClientToServer> = drainAware(io, '/chat');
 */
export type AwareSocket<
  Listen extends EventsMap = AnyEvents,
  Emit extends EventsMap = Listen,
> = Socket<Listen extends AnyEvents ? Listen : Listen & DrainEvents, Emit>;

/** A socket with any events. */
// any: the events are the user's, and different for each `io`.
export type AnySocket = Socket<any, any>;

/** The type of `io` in socket.io-client 4, as far as it matters here. */
export type Io = (url: string, options?: Options) => AnySocket;

/**
 * The app's part in a move.
 *
 * @example
 * const aware: AwareOptions = {
 *   ready: (next) => next.timeout(2000).emitWithAck('join', 'room 5'),
 *   dedupe: (event, args) => (event === 'feed' ? args[0].n : undefined),
 *   overlapMs: 200,
 * };
 */
export interface AwareOptions {
  /**
   * Called whenever a namespace is connected: at first, when it came back, and on the new
   * connection of a move, which waits for the promise. Join rooms here, and await the answer.
   */
  ready?: (socket: AnySocket, connect: { moving: boolean }) => unknown;
  /**
   * The id of an event, the same on both connections. An event without one (undefined or null) is
   * never dropped. By default the id is `drainId` of the first argument that is an object, which
   * bytes and arrays are not. `false`: nothing is ever dropped.
   */
  // any: the app's own arguments, which it knows by the event.
  dedupe?: false | ((event: string, args: any[]) => string | number | bigint | null | undefined);
  /** How long to listen to the old connection, in milliseconds, 60,000 at most. 500 by default. */
  overlapMs?: number;
}

/** The options of a connection, made by any client. */
export type Options = Partial<ManagerOptions & SocketOptions>;
