import { HELD_MOST } from './bounds.js';
import { messageOf } from './failure.js';
import type { Settings } from './options.js';
import { noteState } from './reading.js';
import { readying, type Readying } from './ready.js';
import { safely } from './safely.js';
import { SeenIds } from './seen.js';
import { EVENT, isFunction, put, type Packet, type StockClasses } from './stock.js';
import type { StockManager, StockSocket } from './stock.js';
import type { Failed, MoveState } from './types.js';

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
  moveState(): MoveState;
  join(socket: AppSocket): void;
  /** The app calls connect() although it is connected: it asks for a refused namespace once more. */
  again(socket: AppSocket): void;
  leave(socket: AppSocket): void;
  send(out: Outgoing): void;
}

/**
 * The socket that the app has, in one namespace. It is a stock socket of the app's own
 * socket.io-client, so listeners, acknowledgements, timeouts, retries and buffers are the stock
 * ones. Only what would reach a connection goes to the client instead.
 *
 * The functions put on the stock socket only return `this`: the app may call them by a proxy of its
 * own, such as Vue's.
 */
export class AppSocket {
  readonly stock: StockSocket;
  /** Whether it has been connected, and has not been closed for good since. */
  joined = false;
  readonly seen: SeenIds;
  /** The last id that the app knows. */
  private lastId: string | undefined;
  /** What `ready` was handed, in the present move. */
  private readying: Readying | undefined;
  /** What `ready` was handed at the last connect outside of moves. */
  private atConnect: Readying | undefined;
  private readonly ackTimeout: number | undefined;
  /** Callbacks for acknowledgements that nobody awaits any more, by id. */
  private readonly forget = new Map<string | symbol, () => void>();
  /** The stock socket takes another session than the last one as one that was not recovered. */
  private session: object | undefined;

  constructor(
    { Socket }: StockClasses,
    private readonly port: Port,
    nsp: string,
    options: { readonly ackTimeout?: number } | undefined,
    readonly settings: Settings,
  ) {
    this.stock = new Socket(port.io, nsp, options);
    this.seen = new SeenIds(() => settings.clock.now());
    this.ackTimeout = options && options.ackTimeout;
    this.divert();
    noteState(this.stock, () => port.moveState());
  }

  /** Has the stock socket turn to the client where it would turn to its manager. */
  private divert(): void {
    const { stock, port } = this;
    const { emit } = stock;
    const self = this;
    // The app may hold the socket by a proxy of its own, and gets that back.
    put(stock, 'connect', function (this: unknown) {
      if (stock.connected) port.again(self);
      else {
        stock.subs = stock.subs ?? []; // makes it active
        port.join(self);
      }
      return this;
    });
    put(stock, 'destroy', () => {
      stock.subs = undefined;
      this.joined = false;
      this.lastId = undefined;
      port.leave(this);
    });
    put(stock, 'emit', function (this: unknown, event: string, ...args: unknown[]) {
      if (port.held() >= HELD_MOST) {
        stock.flags = {};
        throw new Error(`emit: ${event}: ${HELD_MOST} held back (expected: fewer)`);
      }
      emit.call(stock, event, ...args);
      return this;
    });
    put(stock, 'packet', (packet: Packet) => {
      // CONNECT, DISCONNECT and ACK are sent by the sockets of the connections themselves.
      if (packet.type !== EVENT) return;
      const { volatile, fromQueue } = stock.flags;
      port.send({ socket: this, packet, volatile: !!volatile, queued: !!fromQueue });
    });
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
   * It is connected by `inner`, a stock socket of a connection. The app is told, unless it knows it
   * as connected. If it is not prepared for that connection yet, its `ready` is called.
   */
  connectedBy(inner: StockSocket, isUnready: boolean): void {
    const { stock } = this;
    this.joined = true;
    if (!stock.connected) {
      // Without recovery on the server, the stock socket knows neither true nor false.
      if (!inner.recovered) this.session = inner.recovered === false ? {} : undefined;
      this.lastId = inner.id;
      safely(() => stock.onconnect(inner.id, this.session));
    }
    if (isUnready) void this.getReady();
  }

  /** Its id is now that of `inner`. Answers with the last one. */
  takeId({ id, recovered }: StockSocket): string | undefined {
    const { stock, lastId } = this;
    stock.id = this.lastId = id;
    if ('recovered' in stock) stock.recovered = recovered!;
    return lastId;
  }

  /**
   * After a move. Without `ready` the app joins its rooms when it is told `connect`, and if it may
   * have missed something it asks for that there.
   */
  reconnected(hasGap = false): void {
    if (hasGap || !this.settings.ready) safely(() => this.stock.emitReserved('connect'));
  }

  private async getReady(): Promise<void> {
    const { stock, settings } = this;
    const { id } = stock;
    this.atConnect?.end(false); // of a connection that is gone
    const { next, end } = (this.atConnect = readying(stock, stock, undefined));
    try {
      await settings.ready?.(next, { moving: false });
    } catch (error) {
      if (stock.id !== id) return; // it went with its connection
      const failed: Failed = { reason: 'ready', code: 'ready', message: messageOf(error) };
      settings.log('failed', failed);
      safely(() => stock.emitReserved('drain:failed', failed));
    }
    end(true);
  }

  /** Has the app prepare the new connection of a move. */
  async prepareOn(inner: StockSocket): Promise<void> {
    const { settings, stock } = this;
    if (!settings.ready) return;
    this.endReady(false); // of the last attempt
    this.readying = readying(inner, stock, this.ackTimeout);
    await settings.ready(this.readying.next, { moving: true });
  }

  /** The move is over for what `ready` was handed. */
  endReady(adopted: boolean): void {
    this.readying?.end(adopted);
    this.readying = undefined;
  }

  /** Gives an event to the app, unless another connection brought it: then the answer is false. */
  deliver(args: unknown[], connection: number, isMoving: boolean): boolean {
    const [event, ...rest] = args.filter((arg) => !isFunction(arg)) as [string];
    let id: unknown;
    safely(() => (id = this.settings.dedupe(event, rest, args.some(isFunction))));
    const isNew = this.seen.isNew(String(event), id, connection, isMoving);
    if (isNew) this.stock.onevent({ data: args });
    return isNew;
  }

  /** Emits that it could not send so far go to the client. */
  sendBuffered(): void {
    safely(() => this.stock.emitBuffered());
  }
}
