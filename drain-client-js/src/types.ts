import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';

/** A pod, as it called itself; both are `unknown` for a server that said no hello. */
export interface Pod {
  pod: string;
  generation: string;
}

/** Of `drain:moving`: the server asked this client to move, and it begins to. */
export interface Moving {
  /** `drain` or `shed`, as the server said. */
  reason: string;
  /** How long the server waits, in milliseconds. */
  graceMs: number;
  from: Pod;
}

/** Of `drain:moved`: the old connection is let go. Durations are in milliseconds. */
export interface Moved {
  reason: string;
  from: Pod;
  to: Pod;
  /** From the hint until the new connection was up in every namespace. */
  connectMs: number;
  /** From the hint until the new connection was the current one. */
  tookMs: number;
  /** How many emits waited for that. */
  held: number;
  /** How many events came by both connections, and were dropped once. */
  duplicates: number;
  /** How long there was no living connection: 0, unless the old one was cut midway. */
  downtimeMs: number;
}

/** Of `drain:failed`: a move failed, and the client goes on as a stock one; or `ready` did. */
export interface Failed {
  /** The reason of the move; `ready` if it was `ready` that failed, outside of a move. */
  reason: string;
  message: string;
}

export interface DrainEvents {
  'drain:moving': (moving: Moving) => void;
  'drain:moved': (moved: Moved) => void;
  'drain:failed': (failed: Failed) => void;
}

export interface EventsMap {
  [event: string]: any;
}

/** What a socket listens to when its user gave no types: any event. */
export interface AnyEvents extends DrainEvents {
  [event: string]: (...args: any[]) => void;
}

/** The user's own socket, of the user's own socket.io-client, with three more events. */
export type AwareSocket<
  Listen extends EventsMap = AnyEvents,
  Emit extends EventsMap = Listen,
> = Socket<Listen extends AnyEvents ? Listen : Listen & DrainEvents, Emit>;

/** What `io` of socket.io-client 4 is, as far as it matters here. */
export type Io = (
  url: string,
  options?: Partial<ManagerOptions & SocketOptions>,
) => Socket<any, any>;

export interface AwareOptions {
  /**
   * Called whenever a namespace is connected: at first, when it came back, and on the new
   * connection of a move, which waits for it. Join rooms here, and await their acknowledgement.
   */
  ready?: (socket: Socket<any, any>, connect: { moving: boolean }) => unknown;
  /**
   * The id of an event, the same on both connections; undefined or null: none, it is never dropped.
   * By default `drainId` of its first argument that is an object, which bytes and arrays are not;
   * false: nothing is ever dropped.
   */
  dedupe?: false | ((event: string, args: any[]) => string | number | bigint | null | undefined);
  /** How long the old connection is still listened to, in milliseconds; 500 by default. */
  overlapMs?: number;
}

/** What a connection is made with, whichever client made it. */
export type Options = Partial<ManagerOptions & SocketOptions>;
