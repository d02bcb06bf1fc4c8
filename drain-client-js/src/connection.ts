import { aware } from './address.js';
import { isFunction, safely } from './options.js';
import type { Aware, Outgoing } from './app-socket.js';
import type { Pod } from './types.js';

export interface Hint {
  reason: string;
  graceMs: number;
  ticket: string;
  url?: unknown;
  /** When the grace is over, by our clock. */
  until: number;
}

/** What happens on a connection, in its order. */
export interface Listener {
  onManager(link: Link, event: string, args: any[]): void;
  onEvent(link: Link, socket: Aware, args: any[]): void;
  connect(link: Link, socket: Aware, inner: any): void;
  disconnect(link: Link, socket: Aware, inner: any, ...why: any[]): void;
  connect_error(link: Link, socket: Aware, inner: any, error?: Error): void;
}

export const UNKNOWN: Pod = { pod: 'unknown', generation: 'unknown' };

/** Tells of what a stock manager or socket is about to tell its own listeners of. */
function tap(emitter: any, learn: (event: string, ...args: any[]) => void): void {
  const { emitReserved } = emitter;
  emitter.emitReserved = (...args: [string]) => {
    learn(...args);
    emitReserved.apply(emitter, args);
  };
}

/** One connection to a pod: a manager of the user's socket.io-client, and its stock sockets. */
export class Link {
  readonly manager: any;
  /** The stock sockets, by the app's. */
  readonly inners = new Map<Aware, any>();
  /** What the app awaits an acknowledgement of by this connection. */
  readonly asked = new Set<Outgoing>();
  hello!: Pod;
  planMs!: number;
  /** The hint that is to be acted on when the present move is over. */
  hint: Hint | undefined;
  dropped = false;
  greet!: () => void;
  greeted!: Promise<void>;
  /** Its transport is gone; why. */
  lost!: Promise<string>;
  lose!: (reason: string) => void;

  constructor(
    Manager: any,
    origin: string,
    options: any,
    private readonly listener: Listener,
  ) {
    this.begin();
    const manager = (this.manager = new Manager(origin, { ...options, autoConnect: false }));
    const { open } = manager;
    manager.open = (done: any) => {
      // At each handshake: the app may have put another query there.
      manager.opts.query = aware(manager.opts.query);
      return open.call(manager, done);
    };
    tap(manager, (event, ...args) => {
      if (this.dropped) return;
      listener.onManager(this, event, args);
      if (event === 'close') {
        this.lose(args[0]);
        this.begin();
      }
    });
  }

  /** Nothing is known of the pod yet. */
  private begin(): void {
    this.hello = UNKNOWN;
    this.hint = undefined;
    this.planMs = 0;
    this.greeted = new Promise((resolve) => (this.greet = resolve));
    this.lost = new Promise((resolve) => (this.lose = resolve));
  }

  /** The stock socket of that namespace, connecting; again: that it is already is no matter. */
  join(socket: Aware, again?: boolean): any {
    const { listener } = this;
    let inner = this.inners.get(socket);
    if (!inner) {
      inner = this.manager.socket(socket.nsp);
      this.inners.set(socket, inner);
      // Read at each connect, as the app may have set another one meanwhile.
      inner.auth = (tell: (data: any) => void) =>
        isFunction(socket.auth) ? socket.auth(tell) : tell(socket.auth);
      const live = () => !this.dropped && socket.active;
      inner.onAny((...args: any[]) => live() && listener.onEvent(this, socket, args));
      tap(
        inner,
        (event, ...args) => live() && (listener as any)[event](this, socket, inner, ...args),
      );
    }
    if (again || !inner.active) inner.connect();
    return inner;
  }

  /** Resolves when that namespace is connected, or left; rejects when it is refused or lost. */
  up(socket: Aware): Promise<void> {
    const inner = this.join(socket);
    return new Promise((resolve, reject) => {
      inner.once('connect', resolve);
      inner.once('connect_error', reject);
      inner.once('disconnect', reject);
    });
  }

  leave(socket: Aware): void {
    const inner = this.inners.get(socket);
    inner?.disconnect();
    inner?.emitReserved('connect'); // nobody needs to wait for it any more
  }

  send(out: Outgoing): void {
    const { socket, packet, volatile } = out;
    const { id, data } = packet;
    const inner = this.inners.get(socket);
    if (!inner) return; // the last words in a namespace that neither connection has got to know
    const args = [...data];
    if (id != null) {
      if (!socket.acks[id]) return; // timed out while it was held: not sent by the stock client
      const own = inner.ids; // what it will have for an id
      this.asked.add(out);
      socket.forget[id] = () => {
        this.asked.delete(out);
        delete inner.acks[own];
      };
      args.push((...answer: any[]) => socket.onack({ id, data: answer }));
    }
    inner.flags = { volatile, ...packet.options }; // as volatile and compress() set them
    inner.emit(...args);
  }

  /** Nothing pending will be answered: what the stock socket does when it is disconnected. */
  abandon(): void {
    for (const { socket, packet } of this.asked) {
      const id = packet.id!;
      const ack = socket.acks[id]!;
      delete socket.acks[id];
      if (ack.withError) safely(() => ack.call(socket, new Error('socket has been disconnected')));
    }
  }

  drop(): void {
    this.dropped = true;
    this.abandon();
    this.inners.forEach((inner) => safely(() => inner.disconnect())); // its listeners are the app's
    this.manager.disconnect();
  }
}
