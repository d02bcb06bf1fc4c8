// The members of the user's own socket.io-client that this client uses: every one, documented or
// not, so that a new version can be held against this page. Names that begin with _ are not used:
// minified builds have others for them.
import type { AnySocket } from './types.js';

/** An app's function: an acknowledgement, an `auth`, a manager's setting. */
export type Func = (...args: unknown[]) => unknown;

export const isFunction = (value: unknown): value is Func => typeof value === 'function';

/** The packet that a stock socket makes for an emit. */
export interface Packet {
  readonly type: number;
  /** The event's name, then its arguments. */
  readonly data: unknown[];
  /** Of the acknowledgement, if one is wanted. */
  readonly id?: number;
  readonly options: { readonly compress: boolean };
}

/** The type of an EVENT packet. */
export const EVENT = 2;

/** The common parent of the stock `Socket` and `Manager`. */
export interface StockEmitter {
  on(event: string, listener: Func): void;
  off(event?: string, listener?: Func): void;
  /** Not documented: emits an event of socket.io-client's own, such as `connect`. */
  emitReserved(event: string, ...args: unknown[]): void;
}

/** A `Socket` of socket.io-client. */
export interface StockSocket extends StockEmitter {
  // Documented.
  readonly io: StockManager;
  readonly nsp: string;
  readonly active: boolean;
  readonly connected: boolean;
  /** Since 4.6. */
  recovered?: boolean;
  id?: string;
  auth: unknown;
  /** Emits that wait for a connection. */
  sendBuffer: Packet[];
  connect(): StockSocket;
  disconnect(): StockSocket;
  emit(event: string, ...args: unknown[]): StockSocket;
  timeout(ms: number): StockSocket;
  once(event: string, listener: Func): void;
  onAny(listener: (event: string, ...args: unknown[]) => void): void;

  // Not documented.
  /** There while the socket is active. */
  subs?: unknown[] | undefined;
  /** The id of the next emit that wants an acknowledgement. */
  readonly ids: number;
  /** Acknowledgement functions by id. Those with a timeout want an error first. */
  acks: { [id: string]: Func & { withError?: boolean } };
  /** How the next emit is sent; `fromQueue`: by the queue of the option `retries`. */
  flags: { volatile?: boolean; compress?: boolean; fromQueue?: boolean };
  /** Sends what is in the buffers. */
  emitBuffered(): void;
  packet(packet: Packet): void;
  destroy(): void;
  onevent(packet: { data: unknown[] }): void;
  onack(packet: { id: number; data: unknown[] }): void;
  /** With another `session` than before, the session was not recovered. */
  onconnect(id: string | undefined, session: object | undefined): void;
  onclose(reason: string, details?: unknown): void;
}

/** The name of a transport, or its class. */
export type StockTransport = string | { readonly prototype: { readonly name: string } };

/** A `Socket` of engine.io-client. */
export interface StockEngine {
  // Documented.
  readonly transport?: { readonly name: string };

  // Not documented.
  /** The names of the transports that it may use. */
  readonly transports: readonly string[];
}

/** A `Manager` of socket.io-client. */
export interface StockManager extends StockEmitter {
  // Documented.
  opts: {
    path?: string;
    query?: unknown;
    transports?: readonly StockTransport[];
    autoConnect?: boolean;
  };
  readonly engine?: StockEngine;
  reconnection(): boolean;
  reconnection(on: boolean): StockManager;
  open(done?: Func): StockManager;
  socket(nsp: string): StockSocket;

  // Not documented.
  uri: string;
  /** It was closed on purpose. */
  readonly skipReconnect?: boolean;
  /** Its sockets, by namespace. */
  readonly nsps: { readonly [nsp: string]: StockSocket };
  readonly backoff: {
    attempts: number;
    /** The delay before the next reconnect. The stock one is the prototype's. */
    duration?(): number;
  };
  /** Throws when a packet cannot be encoded. */
  readonly encoder: { encode(packet: Packet & { nsp: string }): unknown };
  disconnect(): void;
}

/** The classes of the user's socket.io-client. */
export interface StockClasses {
  readonly Socket: new (io: StockManager, nsp: string, options: object | undefined) => StockSocket;
  readonly Manager: new (uri: string, options: object) => StockManager;
  readonly Emitter: new () => StockEmitter;
}

/** A socket of the user's as this client sees it. */
export function asStock(socket: AnySocket): StockSocket {
  return socket as unknown as StockSocket;
}

export function classesOf(socket: StockSocket): StockClasses {
  const Socket: unknown = socket.constructor;
  const Manager: unknown = socket.io.constructor;
  const Emitter: unknown = Object.getPrototypeOf(Socket);
  return { Socket, Manager, Emitter } as StockClasses;
}

/** Puts a function in the place of one of the prototype's, where nobody looks for names. */
export function put(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

/** Has `learn` told of each reserved event of a stock socket or manager, before its listeners are. */
export function tap(
  emitter: StockEmitter,
  learn: (event: string, args: unknown[]) => void,
  /** The same once its listeners have been told. */
  after?: (event: string, args: unknown[]) => void,
): void {
  const { emitReserved } = emitter;
  put(emitter, 'emitReserved', (event: string, ...args: unknown[]) => {
    learn(event, args);
    emitReserved.call(emitter, event, ...args);
    after?.(event, args);
  });
}
