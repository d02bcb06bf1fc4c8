import type { Manager, ManagerOptions, Socket, SocketOptions } from 'socket.io-client';

// The only `any`s of this client are here, where socket.io-client's own types have them. A test
// holds that each one has a comment that begins with `any:`.

/** A pod as it called itself. The names are `unknown` for a server that said no hello. */
export interface Pod {
  pod: string;
  generation: string;
  /** Another one after each start of the process, from servers that say it. */
  epoch?: string;
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
 * Of `drain:switched`: the new connection is the current one from now on. `socket.id` is `id` by
 * now; what the app emits in this listener goes out on the new connection.
 *
 * @example
 * socket.on('drain:switched', ({ id, previousId }) => rename(previousId, id));
 */
export interface Switched {
  reason: string;
  from: Pod;
  to: Pod;
  id: string;
  previousId: string;
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
 * Why a move failed.
 *
 * - `refused`: the server or the network refused every attempt, or the server refused every
 *   namespace; then the message is the server's own
 * - `boomerang`: the new connection led to the same pod again
 * - `ready`: the app's `ready` failed
 * - `timeout`: the time was over
 * - `lost`: the new connection was lost at the last moment
 * - `returned`: the old connection had been cut, and came back first
 */
export type FailureCode = 'refused' | 'boomerang' | 'ready' | 'timeout' | 'lost' | 'returned';

/**
 * Of `drain:failed`: a move failed and the client goes on as a stock one, or `ready` failed.
 *
 * @example
 * socket.on('drain:failed', ({ code, message }) => console.warn(`${code}: ${message}`));
 */
export interface Failed {
  /** The reason of the move. `ready` if `ready` failed outside of a move. */
  reason: string;
  code: FailureCode;
  /** For people. */
  message: string;
}

/** The events that a socket has besides those of socket.io-client. */
export interface DrainEvents {
  'drain:moving': (moving: Moving) => void;
  'drain:switched': (switched: Switched) => void;
  'drain:moved': (moved: Moved) => void;
  'drain:failed': (failed: Failed) => void;
}

/** The state of a move: `idle` without one. */
export type MoveState = 'idle' | 'connecting' | 'preparing' | 'holding' | 'overlap';

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
 * The user's own socket, of the user's own socket.io-client, with four more events.
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

/** What an aware `io` has besides its call, and socket.io-client's types do not say. */
export interface IoMembers {
  /** `new io.Manager(url, options).socket('/chat')` is an aware socket. */
  readonly Manager: typeof Manager;
}

type Handed<S> = Pick<
  S,
  Extract<
    keyof S,
    | 'emit'
    | 'emitWithAck'
    | 'on'
    | 'once'
    | 'off'
    | 'id'
    | 'nsp'
    | 'connected'
    | 'auth'
    | 'recovered'
    | 'volatile'
  >
>;

/**
 * What `ready` is handed: the new connection in one namespace, as far as `ready` needs it. Its
 * listeners end when `ready` is done outside of a move, and with the move in one.
 */
export type ReadySocket<
  Listen extends EventsMap = AnyEvents,
  Emit extends EventsMap = Listen,
> = Handed<Socket<Listen, Emit>> & {
  /** The next emit awaits its acknowledgement for that long, in milliseconds. */
  timeout(ms: number): Handed<ReturnType<Socket<Listen, Emit>['timeout']>>;
};

/** What tells that two events are the same. */
export type EventId = string | number | bigint | null | undefined;

/** The name of each event with its arguments. */
type Call<Listen extends EventsMap> = {
  [Event in keyof Listen & string]: [event: Event, args: Parameters<Listen[Event]>];
}[keyof Listen & string];

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
export interface AwareOptions<
  Listen extends EventsMap = AnyEvents,
  Emit extends EventsMap = Listen,
> {
  /**
   * Called whenever a namespace is connected: at first, when it came back, and on the new
   * connection of a move, which waits for the promise. Join rooms here, and await the answer. With
   * it, or with `false`, a move is quiet. Without, `connect` is fired after each move.
   */
  ready?: false | ((next: ReadySocket<Listen, Emit>, connect: { moving: boolean }) => unknown);
  /**
   * The id of an event, the same on both connections. An event without one (undefined or null) is
   * never dropped. By default the id is `drainId` of the first argument that is an object, which
   * bytes and arrays are not. `byContent` takes the content for the id. `false`: nothing is ever
   * dropped.
   */
  dedupe?: false | ((...call: Call<Listen>) => EventId);
  /** How long to listen to the old connection, in milliseconds, 60,000 at most. 500 by default. */
  overlapMs?: number;
  /**
   * Origins besides the app's own to which a server's hint may lead, such as
   * `https://blue.example.org`. Never from https to http.
   */
  origins?: readonly string[] | ((origin: string) => boolean);
  /** Told of each step of a move, and of what was ignored. By default that is a warning. */
  log?: (what: string, details: object) => void;
}

/** The options of a connection, made by any client. */
export type Options = Partial<ManagerOptions & SocketOptions>;
