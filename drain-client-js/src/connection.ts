import { awareQuery } from './address.js';
import type { AppSocket, Outgoing } from './app-socket.js';
import type { Refusals } from './refusals.js';
import { safely } from './safely.js';
import { signal, type Signal } from './signal.js';
import { isFunction, put, tap, type Func, type StockManager, type StockSocket } from './stock.js';
import type { StockClasses } from './stock.js';
import type { Target } from './target.js';
import type { Pod } from './types.js';
import { UNKNOWN, type Hint } from './wire.js';

/** A hint, and when its grace is over by our clock. */
export interface TimedHint extends Hint {
  readonly until: number;
  /** Its move was refused once. */
  readonly isAgain?: boolean;
}

/** Why a connection has ended: reason and details, as socket.io-client has them. */
export type Why = readonly [reason: string, details?: unknown];

/** The events of a connection, in their order; `inner` is its stock socket of that namespace. */
export interface ConnectionEvents {
  /** Its transport is gone; its sockets are about to be told. */
  onClose(connection: Connection, why: Why): void;
  /** An event of its manager, after its sockets were told. */
  onManager(connection: Connection, event: string, args: unknown[]): void;
  onEvent(connection: Connection, socket: AppSocket, args: unknown[]): void;
  onConnect(connection: Connection, socket: AppSocket, inner: StockSocket): void;
  onDisconnect(connection: Connection, socket: AppSocket, inner: StockSocket, why: Why): void;
  onRefused(connection: Connection, socket: AppSocket, inner: StockSocket, error: unknown): void;
}

let connections = 0;

/** One connection to one pod: a manager of the user's socket.io-client, and its stock sockets. */
export class Connection {
  readonly number = ++connections;
  readonly manager: StockManager;
  /** The stock sockets, by the app's. */
  readonly inners = new Map<AppSocket, StockSocket>();
  /** Emits whose acknowledgements the app awaits by this connection. */
  private readonly asked = new Set<Outgoing>();
  /** Given when nothing is asked any more. */
  private settled: Signal<void> | undefined;
  /** Namespaces for which the app's `ready` was called, in a move. */
  readonly prepared = new Set<AppSocket>();
  hello!: Pod;
  planMs!: number;
  /** A hint that is to be acted on when the present move is over. */
  hint: TimedHint | undefined;
  /** A hint whose move was refused in every namespace: the app may ask once more. */
  declined: TimedHint | undefined;
  dropped = false;
  /** A namespace was connected since the transport is there. */
  private isUp = false;
  /** Hello was said. */
  greeted!: Signal<Pod>;
  /** The transport is gone, or a namespace; why. */
  lost!: Signal<string>;
  /** Namespaces that the server has just ended or refused. */
  private readonly ended = new Set<AppSocket>();
  /** What waits for the end of a pause. */
  private parked: (() => void)[] | undefined;
  /** Those that wait for a namespace to be connected, to be told that it was left. */
  private readonly left = new Map<AppSocket, () => void>();

  constructor(
    { Manager }: StockClasses,
    uri: string,
    options: object,
    private readonly events: ConnectionEvents,
    /** The namespaces that this server has refused in the move to it. */
    readonly refusals: Refusals,
  ) {
    this.reset();
    this.lost = signal();
    const manager = (this.manager = new Manager(
      uri,
      Object.assign({}, options, { autoConnect: false }),
    ));
    const { autoConnect } = options as { autoConnect?: boolean };
    if (autoConnect === undefined) delete manager.opts.autoConnect;
    else manager.opts.autoConnect = autoConnect;
    const { open } = manager;
    put(manager, 'open', (done?: Func) => {
      // At each handshake, and only for it: the app may change its own query.
      if (this.parked) {
        this.parked.push(() => manager.open(done));
        return manager;
      }
      const { opts } = manager;
      const { query } = opts;
      opts.query = awareQuery(query);
      try {
        return open.call(manager, done);
      } finally {
        opts.query = query;
      }
    });
    let wasUp = false;
    let isLost = false;
    const before = (event: string, args: unknown[]): void => {
      if (this.dropped) return;
      if (event === 'open') {
        delete manager.backoff.duration; // of a plan that was not needed
        if (isLost) this.lost = signal(); // until now whoever asks is told that it is lost
        isLost = false;
      }
      if (event !== 'close') return;
      // A manager also closes when its server has refused all namespaces. That is no loss.
      wasUp = args[0] !== 'forced close' || this.isUp;
      if (wasUp) this.lost.give(args[0] as string);
      isLost = isLost || wasUp;
      events.onClose(this, args as [string]);
      this.isUp = false;
    };
    tap(manager, before, (event, args) => {
      if (this.dropped) return;
      events.onManager(this, event, args);
      if (event === 'close' && wasUp) this.reset();
    });
  }

  /** Nothing is known of the pod. */
  private reset(): void {
    this.hello = UNKNOWN;
    this.hint = this.declined = undefined;
    this.planMs = 0;
    this.greeted = signal();
  }

  greet(hello: Pod): void {
    this.hello = hello;
    this.greeted.give(hello);
  }

  /** Rejects when this connection is lost. */
  async failed(): Promise<never> {
    throw new Error(await this.lost.given);
  }

  /** It is gone, and another one stands in for it: it does not reconnect for now. */
  pause(): void {
    this.parked = this.parked ?? [];
  }

  resume(): void {
    const { parked } = this;
    this.parked = undefined;
    // Unless the app has closed it meanwhile.
    if (!this.manager.skipReconnect) parked?.forEach((go) => go());
  }

  // ---------------------------------------------------------------- namespaces

  /**
   * The stock socket of that namespace, which connects if it is new or was left before. With `anew`
   * it connects in any case: its manager may have been closed.
   */
  join(socket: AppSocket, anew = false): StockSocket {
    let inner = this.inners.get(socket);
    if (!inner) this.inners.set(socket, (inner = this.newInner(socket)));
    this.ended.delete(socket);
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
    tap(inner, (event, args) => {
      if (!isLive()) return;
      if (event === 'connect') this.isUp = true;
      const isEnd = event === 'disconnect' || event === 'connect_error';
      if (isEnd && !inner.active) this.ended.add(socket);
      if (event === 'connect') events.onConnect(this, socket, inner);
      if (event === 'disconnect') events.onDisconnect(this, socket, inner, args as [string]);
      if (event === 'connect_error') events.onRefused(this, socket, inner, args[0]);
    });
    return inner;
  }

  /** Whether that namespace is still to be joined here, by a move. */
  lacks(socket: AppSocket): boolean {
    return !this.inners.get(socket)?.active && !this.refusals.stands(socket);
  }

  /** Resolves when that namespace is connected, left, ended or refused, and rejects when it is lost. */
  connected(socket: AppSocket): Promise<void> {
    const inner = this.join(socket);
    return new Promise((resolve, reject) => {
      inner.once('connect', () => resolve());
      // A server that refuses a namespace makes its socket inactive.
      inner.once('connect_error', (error) => (inner.active ? reject(error) : resolve()));
      // So does one that lets it in and ends it.
      inner.once('disconnect', (why) => (inner.active ? reject(why) : resolve()));
      this.left.set(socket, resolve);
    });
  }

  leave(socket: AppSocket): void {
    // One that the server has ended is left already; once more would close the manager once more.
    if (!this.ended.delete(socket)) this.inners.get(socket)?.disconnect();
    this.left.get(socket)?.();
  }

  /** How many acknowledgements the app awaits by this connection. */
  get owed(): number {
    return this.asked.size;
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
        this.forget(out);
        delete inner.acks[ownId];
      });
      args.push((...answer: unknown[]) => socket.stock.onack({ id, data: answer }));
    }
    inner.flags = Object.assign({ volatile }, options); // as `volatile` and `compress()` set them
    inner.emit(event, ...args);
  }

  /** Nobody awaits these acknowledgements any more. */
  forget(...outs: Outgoing[]): void {
    for (const out of outs) this.asked.delete(out);
    if (!this.asked.size) this.settled?.give();
  }

  forgetAll(): void {
    this.forget(...this.asked);
  }

  /** Resolves once the app awaits no acknowledgement by this connection. */
  answered(): Promise<void> {
    this.settled = signal();
    this.forget();
    return this.settled.given;
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

  /** They are the app's own: what it changes in them counts at the next handshake, as with the stock client. */
  keepOptions(own: Target['options']): void {
    const { manager } = this;
    own.path = manager.opts.path!;
    manager.opts = own;
  }

  /** Goes on as `old` did: with its reconnection and options, and to the app's own address. */
  succeed(old: Connection, uri: string): void {
    const { manager } = this;
    manager.reconnection(old.manager.reconnection());
    manager.opts = old.manager.opts;
    manager.uri = uri;
  }
}
