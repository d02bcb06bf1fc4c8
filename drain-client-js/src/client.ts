import { awareQuery, parseAddress } from './address.js';
import { AppSocket, type Outgoing, type Port } from './app-socket.js';
import type { Clock } from './clock.js';
import { Connection, type ConnectionEvents, type TimedHint, type Why } from './connection.js';
import { managerOf, tune, type Managed } from './manager.js';
import { onMessage, warnOnce } from './messages.js';
import { moveOn, type Mover } from './move.js';
import { safely, type Settings } from './options.js';
import { spreadReconnect } from './plan.js';
import { IDLE, standInOf, type Holding, type State } from './state.js';
import type { StockClasses, StockManager, StockSocket } from './stock.js';
import type { Hint } from './wire.js';

/** The address of a client, and its options. */
export interface Target {
  /** The same for sockets that may share a connection. */
  readonly key: string;
  /** The app's own address, without path and query. */
  readonly origin: string;
  readonly options: { readonly autoConnect?: boolean };
}

/** The app's sockets of one address, and the connection that they share. */
export class Client implements Port, Managed, Mover, ConnectionEvents {
  /** The app's `socket.io`. */
  readonly io: StockManager;
  readonly clock: Clock;
  readonly sockets = new Map<string, AppSocket>();
  /** Current, next, old, and old ones that linger. */
  readonly connections = new Set<Connection>();
  /** The connection that carries emits. */
  current: Connection;
  state = IDLE;
  lastTicket: string | undefined;
  duplicates = 0;
  /** The app's settings at its manager. */
  private readonly settingsOfManager = new Map<string | symbol, unknown[]>();
  readonly warn = warnOnce();

  constructor(
    readonly classes: StockClasses,
    readonly target: Target,
    private readonly settings: Settings,
  ) {
    this.clock = settings.clock;
    this.io = managerOf(classes, this);
    this.current = this.open(target.origin, target.options);
  }

  private open(origin: string, options: object): Connection {
    const connection = new Connection(this.classes, origin, options, this);
    this.connections.add(connection);
    return connection;
  }

  drop(connection: Connection): void {
    this.connections.delete(connection);
    connection.drop();
  }

  /** Those that the app has not closed. */
  private active(): AppSocket[] {
    return [...this.sockets.values()].filter(({ stock }) => stock.active);
  }

  joined(): AppSocket[] {
    return this.active().filter(({ joined }) => joined);
  }

  tell(event: string, what: object): void {
    for (const { stock } of this.active()) safely(() => stock.emitReserved(event, what));
  }

  // ---------------------------------------------------------------- what the app does

  socket(nsp: string, options?: object, settings = this.settings): StockSocket {
    let socket = this.sockets.get(nsp);
    if (!socket) {
      socket = new AppSocket(this.classes, this, nsp, options, settings);
      this.sockets.set(nsp, socket);
    }
    const { stock } = socket;
    if (this.target.options.autoConnect !== false && !stock.active) stock.connect();
    return stock;
  }

  join(socket: AppSocket): void {
    (standInOf(this.state) || this.current).join(socket, true);
  }

  leave(socket: AppSocket): void {
    const { state, current } = this;
    const { hold, next } = state;
    const last = (hold?.hidden && next) || current;
    hold?.releaseOf(socket, (out) => last.send(out));
    for (const connection of this.connections) connection.leave(socket);
    if (!this.active().length) this.endMove();
  }

  held(): number {
    return this.state.hold?.size ?? 0;
  }

  send(out: Outgoing): void {
    const hold = this.state.hold;
    if (!hold) {
      this.current.send(out);
      return;
    }
    // One that cannot be encoded is the app's error now, as it would be without a move.
    const { nsp } = out.socket.stock;
    this.current.manager.encoder.encode(Object.assign({ nsp }, out.packet));
    hold.add(out);
  }

  disconnect(): void {
    this.endMove();
    this.current.manager.disconnect();
  }

  private endMove(): void {
    this.current.hint = undefined;
    this.state.move?.fail();
  }

  // ---------------------------------------------------------------- what the app sees as its manager

  managerFor(member: string | symbol): StockManager {
    // While emits are held it is next's engine that must be writable for them.
    const connection = (member === 'engine' && standInOf(this.state)) || this.current;
    return connection.manager;
  }

  tuned(name: string | symbol, args: unknown[]): void {
    this.settingsOfManager.set(name, args);
  }

  // ---------------------------------------------------------------- what happens on the connections

  onManager(connection: Connection, event: string, args: unknown[]): void {
    if (connection !== this.current) return;
    if (event === 'close') this.onClose(connection, args as [string]);
    this.io.emitReserved(event, ...args);
  }

  private onClose(connection: Connection, why: Why): void {
    const move = this.state.move;
    if (move?.old === connection) move.onOldCut(why);
    else spreadReconnect(connection, why);
    connection.asked.clear();
  }

  onConnect(connection: Connection, socket: AppSocket, inner: StockSocket): void {
    if (connection !== this.current) return;
    this.state.move?.onOldBack();
    socket.connectedBy(inner, true);
  }

  onDisconnect(connection: Connection, socket: AppSocket, inner: StockSocket, why: Why): void {
    if (connection === this.state.next) connection.lost.give(why[0]);
    const isHidden = this.state.hold?.hidden && inner.active;
    if (connection !== this.current || isHidden) return;
    if (!inner.active) socket.stock.destroy(); // the server's last word
    socket.stock.onclose(...why);
  }

  onRefused(connection: Connection, socket: AppSocket, inner: StockSocket, error: unknown): void {
    if (connection !== this.current) return;
    const { stock } = socket;
    if (!inner.active) {
      stock.destroy();
      // It was connected if the old pod let it in during the hold.
      if (stock.connected) stock.onclose('io server disconnect');
    }
    if (!stock.connected) stock.emitReserved('connect_error', error);
  }

  onEvent(connection: Connection, socket: AppSocket, args: unknown[]): void {
    const { state, warn } = this;
    const deliver = (): void => {
      if (!socket.deliver(args)) this.duplicates++;
    };
    if (/^drain:/.test(String(args[0]))) {
      onMessage(connection, args, warn, (hint) => this.onHint(connection, hint));
    } else if (state.inbox && state.next === connection) {
      state.inbox.push(() => {
        if (socket.stock.active) deliver();
      });
    } else {
      deliver();
    }
  }

  private onHint(connection: Connection, hint: Hint): void {
    const { ticket, graceMs } = hint;
    if (ticket === this.lastTicket || (connection.hint && ticket === connection.hint.ticket))
      return;
    connection.planMs = 0; // what comes now is no surprise
    connection.hint = Object.assign({ until: this.clock.now() + graceMs }, hint);
    if (connection !== this.current) return;
    if (this.state.name === 'idle') moveOn(this);
    else if (this.state.name === 'overlap') this.state.move.onHint();
  }

  // ---------------------------------------------------------------- what its moves do

  enter(state: State): void {
    this.state = state;
  }

  openNext({ ticket, url }: TimedHint): Connection {
    const { opts } = this.current.manager;
    const { origin, path } = parseAddress(url || this.target.origin)!;
    const options = Object.assign({}, opts, {
      reconnection: false, // a move makes its attempts itself
      query: awareQuery(opts.query, ticket),
    });
    if (path.length > 1) options.path = path;
    return this.open(origin, options);
  }

  standsIn(next: Connection): boolean {
    // A namespace that next knows nothing of yet is joined there by the end of the move.
    return this.joined().every((socket) => socket.stock.connected && next.has(socket) !== false);
  }

  sendBuffered(): void {
    for (const socket of this.joined()) if (socket.stock.connected) socket.sendBuffered();
  }

  release({ next, inbox, hold }: Holding): number {
    next.succeed(this.current, this.target.origin);
    tune(next.manager, this.settingsOfManager);
    this.current = next;
    for (const socket of this.active()) {
      const inner = next.join(socket);
      // If it is not connected, it was requested just now. One opened meanwhile is unready.
      if (inner.connected) socket.connectedBy(inner, !socket.joined);
    }
    inbox.splice(0).forEach(safely);
    return hold.release((out) => next.send(out));
  }

  stay(hidden: Why | undefined): void {
    if (hidden) {
      for (const { stock } of this.joined()) safely(() => stock.onclose(...hidden));
    }
    for (const socket of this.active()) this.current.join(socket);
  }
}
