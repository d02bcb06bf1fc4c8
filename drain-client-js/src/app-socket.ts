import { HELD_MOST } from './bounds.js';
import { messageOf, safely, type Settings } from './options.js';
import { SeenIds } from './seen.js';
import { EVENT, isFunction, type Packet, type StockClasses, type StockManager } from './stock.js';
import type { StockSocket } from './stock.js';

/** An emit of the app on its way to a connection. */
export interface Outgoing {
  readonly socket: AppSocket;
  readonly packet: Packet;
  readonly volatile: boolean;
  /** Sent by the queue of the option `retries`, which sends it again after a reconnect. */
  readonly queued: boolean;
}

/** The client, as the app's sockets need it. */
export interface Port {
  /** The app's `socket.io`. */
  readonly io: StockManager;
  /** How many emits are held. */
  held(): number;
  join(socket: AppSocket): void;
  leave(socket: AppSocket): void;
  send(out: Outgoing): void;
}

/**
 * The socket that the app has, in one namespace. It is a stock socket of the app's own
 * socket.io-client, so listeners, acknowledgements, timeouts, retries and buffers are the stock
 * ones. Only what would reach a connection goes to the client instead.
 *
 * The functions put on the stock socket do not use `this`: the app may call them by a proxy of its
 * own, such as Vue's.
 */
export class AppSocket {
  readonly stock: StockSocket;
  /** Whether it has been connected, and has not been closed for good since. */
  joined = false;
  private readonly seen = new SeenIds();
  /** Callbacks for acknowledgements that nobody awaits any more, by id. */
  private readonly forget = new Map<string | symbol, () => void>();
  /** The stock socket takes another session than the last one as one that was not recovered. */
  private session = {};

  constructor(
    { Socket }: StockClasses,
    private readonly port: Port,
    nsp: string,
    options: object | undefined,
    readonly settings: Settings,
  ) {
    this.stock = new Socket(port.io, nsp, options);
    this.divert();
  }

  /** Has the stock socket turn to the client where it would turn to its manager. */
  private divert(): void {
    const { stock, port } = this;
    const { emit } = stock;
    stock.connect = () => {
      if (!stock.connected) {
        stock.subs = stock.subs ?? []; // makes it active
        port.join(this);
      }
      return stock;
    };
    stock.destroy = () => {
      stock.subs = undefined;
      this.joined = false;
      port.leave(this);
    };
    stock.emit = (event, ...args) => {
      if (port.held() >= HELD_MOST) {
        stock.flags = {};
        throw new Error(`emit: ${event}: ${HELD_MOST} held back (expected: fewer)`);
      }
      return emit.call(stock, event, ...args);
    };
    stock.packet = (packet) => {
      // CONNECT, DISCONNECT and ACK are sent by the sockets of the connections themselves.
      if (packet.type !== EVENT) return;
      const { volatile, fromQueue } = stock.flags;
      port.send({ socket: this, packet, volatile: !!volatile, queued: !!fromQueue });
    };
    // The stock socket deletes an acknowledgement function once it was called or has timed out.
    stock.acks = new Proxy(stock.acks, {
      deleteProperty: (acks, id) => {
        this.forget.get(id)?.();
        this.forget.delete(id);
        return Reflect.deleteProperty(acks, id);
      },
    });
  }

  // ---------------------------------------------------------------- acknowledgements

  /** Has `action` run once the app waits for this acknowledgement no more. */
  whenSettled(id: number, action: () => void): void {
    this.forget.set(String(id), action);
  }

  /** The acknowledgement will never come: does what the stock socket does at a disconnect. */
  abandon(id: number): void {
    const { stock } = this;
    const ack = stock.acks[id]!;
    delete stock.acks[id];
    if (ack.withError) safely(() => ack.call(stock, new Error('socket has been disconnected')));
  }

  // ---------------------------------------------------------------- what its connection brings

  /**
   * It is connected by `inner`, a stock socket of a connection. The app is told, unless it never
   * knew otherwise. If it is not prepared for that connection yet, its `ready` is called.
   */
  connectedBy({ id, recovered }: StockSocket, isUnready: boolean): void {
    const { stock } = this;
    this.joined = true;
    if (stock.connected) {
      stock.id = id;
    } else {
      if (!recovered) this.session = {};
      safely(() => stock.onconnect(id, this.session));
    }
    if (isUnready) void this.getReady();
  }

  private async getReady(): Promise<void> {
    try {
      await this.settings.ready(this.stock, { moving: false });
    } catch (error) {
      this.stock.emitReserved('drain:failed', { reason: 'ready', message: messageOf(error) });
    }
  }

  /** Gives an event to the app, unless its id was seen before: then the answer is false. */
  deliver(args: unknown[]): boolean {
    const [event, ...rest] = args.filter((arg) => !isFunction(arg));
    let id: unknown;
    safely(() => (id = this.settings.dedupe(event as string, rest)));
    const isNew = this.seen.isNew(id);
    if (isNew) this.stock.onevent({ data: args });
    return isNew;
  }

  /** Emits that it could not send so far go to the client. */
  sendBuffered(): void {
    safely(() => this.stock.emitBuffered());
  }
}
