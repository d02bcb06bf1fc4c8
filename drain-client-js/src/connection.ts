import { awareQuery } from './address.js';
import type { AppSocket, Outgoing } from './app-socket.js';
import { safely } from './options.js';
import { signal, type Signal } from './signal.js';
import { isFunction, tap, type StockManager, type StockSocket } from './stock.js';
import type { StockClasses } from './stock.js';
import type { Pod } from './types.js';
import { UNKNOWN, type Hint } from './wire.js';

/** A hint, and when its grace is over by our clock. */
export interface TimedHint extends Hint {
  readonly until: number;
}

/** Why a connection has ended: reason and details, as socket.io-client has them. */
export type Why = readonly [reason: string, details?: unknown];

/** The events of a connection, in their order; `inner` is its stock socket of that namespace. */
export interface ConnectionEvents {
  onManager(connection: Connection, event: string, args: unknown[]): void;
  onEvent(connection: Connection, socket: AppSocket, args: unknown[]): void;
  onConnect(connection: Connection, socket: AppSocket, inner: StockSocket): void;
  onDisconnect(connection: Connection, socket: AppSocket, inner: StockSocket, why: Why): void;
  onRefused(connection: Connection, socket: AppSocket, inner: StockSocket, error: unknown): void;
}

/** One connection to one pod: a manager of the user's socket.io-client, and its stock sockets. */
export class Connection {
  readonly manager: StockManager;
  /** The stock sockets, by the app's. */
  readonly inners = new Map<AppSocket, StockSocket>();
  /** Emits whose acknowledgements the app awaits by this connection. */
  readonly asked = new Set<Outgoing>();
  hello!: Pod;
  planMs!: number;
  /** A hint that is to be acted on when the present move is over. */
  hint: TimedHint | undefined;
  dropped = false;
  /** Hello was said. */
  greeted!: Signal<Pod>;
  /** The transport is gone, or a namespace; why. */
  lost!: Signal<string>;
  /** Those that wait for a namespace to be connected, to be told that it was left. */
  private readonly left = new Map<AppSocket, () => void>();

  constructor(
    { Manager }: StockClasses,
    uri: string,
    options: object,
    private readonly events: ConnectionEvents,
  ) {
    this.reset();
    const manager = (this.manager = new Manager(
      uri,
      Object.assign({}, options, { autoConnect: false }),
    ));
    const { open } = manager;
    manager.open = (done) => {
      // At each handshake, as the app may have set another query.
      manager.opts.query = awareQuery(manager.opts.query);
      return open.call(manager, done);
    };
    tap(manager, (event, ...args) => {
      if (this.dropped) return;
      events.onManager(this, event, args);
      if (event !== 'close') return;
      this.lost.give(args[0] as string);
      this.reset();
    });
  }

  /** Nothing is known of the pod. */
  private reset(): void {
    this.hello = UNKNOWN;
    this.hint = undefined;
    this.planMs = 0;
    this.greeted = signal();
    this.lost = signal();
  }

  greet(hello: Pod): void {
    this.hello = hello;
    this.greeted.give(hello);
  }

  /** Rejects when this connection is lost. */
  async failed(): Promise<never> {
    throw new Error(await this.lost.given);
  }

  // ---------------------------------------------------------------- namespaces

  /**
   * The stock socket of that namespace, which connects if it is new or was left before. With `anew`
   * it connects in any case: its manager may have been closed.
   */
  join(socket: AppSocket, anew = false): StockSocket {
    let inner = this.inners.get(socket);
    if (!inner) this.inners.set(socket, (inner = this.newInner(socket)));
    if (anew || !inner.active) inner.connect();
    return inner;
  }

  private newInner(socket: AppSocket): StockSocket {
    const { events } = this;
    const inner = this.manager.socket(socket.stock.nsp);
    // Read at each connect, as the app may have set another one.
    inner.auth = (tell: (data: unknown) => void) => {
      const { auth } = socket.stock;
      if (isFunction(auth)) auth.call(socket.stock, tell);
      else tell(auth);
    };
    const isLive = (): boolean => !this.dropped && socket.stock.active;
    inner.onAny((...args) => {
      if (isLive()) events.onEvent(this, socket, args);
    });
    tap(inner, (event, ...args) => {
      if (!isLive()) return;
      if (event === 'connect') events.onConnect(this, socket, inner);
      if (event === 'disconnect') events.onDisconnect(this, socket, inner, args as [string]);
      if (event === 'connect_error') events.onRefused(this, socket, inner, args[0]);
    });
    return inner;
  }

  /** Resolves when that namespace is connected or left, and rejects when it is refused or lost. */
  connected(socket: AppSocket): Promise<void> {
    const inner = this.join(socket);
    return new Promise((resolve, reject) => {
      inner.once('connect', () => resolve());
      inner.once('connect_error', reject);
      inner.once('disconnect', reject);
      this.left.set(socket, resolve);
    });
  }

  leave(socket: AppSocket): void {
    this.inners.get(socket)?.disconnect();
    this.left.get(socket)?.();
  }

  /** Whether that namespace is connected here. Undefined: it was never joined. */
  has(socket: AppSocket): boolean | undefined {
    return this.inners.get(socket)?.connected;
  }

  // ---------------------------------------------------------------- emits

  send(out: Outgoing): void {
    const { socket, packet, volatile } = out;
    const { id, data, options } = packet;
    const inner = this.inners.get(socket);
    if (!inner) return; // last words in a namespace that was joined on neither connection
    const [event, ...args] = data as [string, ...unknown[]];
    if (id !== undefined) {
      if (!socket.stock.acks[id]) return; // timed out while it was held: the stock client sends no such
      const ownId = inner.ids; // the id that this emit will have
      this.asked.add(out);
      socket.whenSettled(id, () => {
        this.asked.delete(out);
        delete inner.acks[ownId];
      });
      args.push((...answer: unknown[]) => socket.stock.onack({ id, data: answer }));
    }
    inner.flags = Object.assign({ volatile }, options); // as `volatile` and `compress()` set them
    inner.emit(event, ...args);
  }

  /** Nothing that is asked here will be answered. */
  abandon(): void {
    for (const { socket, packet } of this.asked) socket.abandon(packet.id!);
  }

  /** Closes it, for good and without a word to the app. */
  drop(): void {
    this.dropped = true;
    this.abandon();
    this.inners.forEach((inner) => safely(() => inner.disconnect())); // the app's `ready` may listen
    this.manager.disconnect();
  }

  /** Goes on as `old` did: with its reconnection and options, and to the app's own address. */
  succeed(old: Connection, uri: string): void {
    const { manager } = this;
    manager.reconnection(old.manager.reconnection());
    manager.opts = old.manager.opts;
    manager.uri = uri;
  }
}
