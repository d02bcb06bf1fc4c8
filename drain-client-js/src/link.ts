import type { Aware, Outgoing } from './socket.js';
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
  onConnect(link: Link, socket: Aware, inner: any): void;
  onDisconnect(link: Link, socket: Aware, inner: any, reason: string, details: unknown): void;
  onRefused(link: Link, socket: Aware, inner: any, error: Error): void;
}

export const EVENTS =
  'open close error ping packet reconnect reconnect_attempt reconnect_error reconnect_failed';

/** One connection to a pod: a manager of the user's socket.io-client, and its stock sockets. */
export class Link {
  readonly manager: any;
  /** The stock sockets, by the app's. */
  readonly sockets = new Map<Aware, any>();
  /** Who waits for an acknowledgement by this connection, and for which. */
  readonly pending = new Map<string, [Aware, number]>();
  hello: Pod | undefined;
  planMs = 0;
  /** The server has asked to leave it. */
  hinted = false;
  /** The hint that is to be acted on when the present move is over. */
  hint: Hint | undefined;
  dropped = false;
  readonly greeted: Promise<void>;
  /** Its transport is gone; why. Another promise after each reconnect. */
  lost!: Promise<string>;
  lose!: (reason: string) => void;
  /** Nothing is pending any more. */
  onIdle = () => {};
  private greet!: () => void;
  // Who waits for a namespace that the app may leave.
  private readonly waiting = new Map<Aware, () => void>();

  constructor(
    Manager: any,
    origin: string,
    options: any,
    private readonly listener: Listener,
  ) {
    this.greeted = new Promise((resolve) => (this.greet = resolve));
    this.arm();
    this.manager = new Manager(origin, { ...options, autoConnect: false });
    for (const event of EVENTS.split(' ')) {
      this.manager.on(event, (...args: any[]) => {
        if (this.dropped) return;
        if (event === 'open') this.arm();
        listener.onManager(this, event, args);
        if (event === 'close') this.lose(args[0]);
      });
    }
  }

  private arm(): void {
    this.hello = this.hint = undefined;
    this.hinted = false;
    this.lost = new Promise((resolve) => (this.lose = resolve));
  }

  says(hello: any): void {
    const { pod, generation } = hello;
    this.hello = { pod, generation };
    this.greet();
  }

  /** The stock socket of that namespace, connecting. */
  join(socket: Aware): any {
    const { listener } = this;
    let inner = this.sockets.get(socket);
    if (!inner) {
      inner = this.manager.socket(socket.nsp);
      this.sockets.set(socket, inner);
      // Read at each connect, as the app may have set another one meanwhile.
      inner.auth = (tell: (data: any) => void) =>
        typeof socket.auth === 'function' ? socket.auth(tell) : tell(socket.auth);
      const when =
        (action: (...args: any[]) => void) =>
        (...args: any[]) => {
          if (!this.dropped && socket.active) action(this, socket, ...args);
        };
      inner.onAny(when((link, to, ...args) => listener.onEvent(link, to, args)));
      inner.on(
        'connect',
        when((link, to) => listener.onConnect(link, to, inner)),
      );
      inner.on(
        'disconnect',
        when((link, to, reason, more) => listener.onDisconnect(link, to, inner, reason, more)),
      );
      inner.on(
        'connect_error',
        when((link, to, e) => listener.onRefused(link, to, inner, e)),
      );
    }
    inner.connect();
    return inner;
  }

  /** Resolves when that namespace is connected; rejects when it is refused or lost. */
  up(socket: Aware): Promise<void> {
    const inner = this.join(socket);
    return new Promise((resolve, reject) => {
      this.waiting.set(socket, resolve);
      if (inner.connected) resolve();
      inner.once('connect', resolve);
      inner.once('connect_error', reject);
      inner.once('disconnect', (reason: string) => reject(new Error(reason)));
    });
  }

  leave(socket: Aware): void {
    this.sockets.get(socket)?.disconnect();
    this.waiting.get(socket)?.();
  }

  connected(socket: Aware): boolean {
    return !!this.sockets.get(socket)?.connected;
  }

  send({ socket, packet, volatile }: Outgoing): void {
    const { id } = packet;
    const args = [...packet.data];
    if (id != null) {
      this.pending.set(id + socket.nsp, [socket, id]);
      args.push((...data: any[]) => socket.onack({ id, data }));
    }
    const inner = this.sockets.get(socket);
    (volatile ? inner.volatile : inner).compress(packet.options?.compress !== false).emit(...args);
  }

  settled(socket: Aware, id: number): void {
    if (this.pending.delete(id + socket.nsp) && !this.pending.size) this.onIdle();
  }

  /** Nothing pending will be answered: what the stock socket does when it is disconnected. */
  abandon(): void {
    for (const [socket, id] of [...this.pending.values()]) {
      const ack = socket.acks[id];
      delete socket.acks[id];
      if (ack?.withError) ack.call(socket, new Error('socket has been disconnected'));
    }
    this.pending.clear();
    this.onIdle();
  }

  drop(): void {
    if (this.dropped) return;
    this.dropped = true;
    this.abandon();
    for (const inner of this.sockets.values()) inner.disconnect();
    this.manager.disconnect();
    this.lose('io client disconnect');
  }
}
