import { mayFollow } from './address.js';
import { AppSocket, type Outgoing, type Port } from './app-socket.js';
import type { Clock } from './clock.js';
import { Connection, type ConnectionEvents, type TimedHint, type Why } from './connection.js';
import { copyOf } from './copy.js';
import { HELD_MOST } from './bounds.js';
import { keep } from './hold.js';
import { IGNORED, type Log } from './log.js';
import { managerOf, type Managed } from './manager.js';
import { isOurs, onMessage } from './messages.js';
import { moveAgain, moveOn, type About, type Mover, type Released } from './move.js';
import { optionsOfNext } from './next-options.js';
import type { Settings } from './options.js';
import { spreadReconnect } from './plan.js';
import { Refusals } from './refusals.js';
import { release, type Releasing } from './release.js';
import { safely } from './safely.js';
import { IDLE, standInOf, type Holding, type MoveUnderWay, type State } from './state.js';
import type { Packet, StockClasses, StockManager, StockSocket } from './stock.js';
import type { Target } from './target.js';
import type { MoveState } from './types.js';
import type { Hint } from './wire.js';

const SERVER_LEFT = 'io server disconnect';

/** The app's sockets of one address, and the connection that they share. */
export class Client implements Port, Managed, Mover, Releasing, ConnectionEvents {
  /** The app's `socket.io`. */
  readonly io: StockManager;
  readonly clock: Clock;
  readonly log: Log;
  readonly sockets = new Map<string, AppSocket>();
  /** Current, next, old, and old ones that linger. */
  readonly connections = new Set<Connection>();
  /** The connection that carries emits. */
  current: Connection;
  state = IDLE;
  lastTicket: string | undefined;
  duplicates = 0;
  /** Where the app's address leads. It may set another one. */
  home: string;
  /** The app's settings at its manager. */
  readonly settingsOfManager = new Map<string | symbol, unknown[]>();
  /** A socket that is just being made must not connect by itself. */
  private isMaking = false;
  /** What the last `drain:switched` said of its move. */
  private lastSwitch: About | undefined;
  /** Namespaces that the new server has refused, and that the old connection carries to its end. */
  readonly staying = new Map<AppSocket, Connection>();

  constructor(
    readonly classes: StockClasses,
    readonly target: Target,
    readonly settings: Settings,
  ) {
    this.clock = settings.clock;
    this.log = settings.log;
    this.home = target.origin;
    this.io = managerOf(classes, this);
    this.current = this.open(this.home, target.options, new Refusals());
    this.current.keepOptions(target.options);
  }

  private open(origin: string, options: object, refusals: Refusals): Connection {
    const connection = new Connection(this.classes, origin, options, this, refusals);
    this.connections.add(connection);
    return connection;
  }

  drop(connection: Connection): void {
    this.connections.delete(connection);
    const left = [...this.staying].filter(([, carrier]) => carrier === connection);
    connection.drop();
    for (const [socket] of left) this.end(socket);
  }

  /** Those that the app has not closed. */
  active(): AppSocket[] {
    return [...this.sockets.values()].filter(({ stock }) => stock.active);
  }

  joined(): AppSocket[] {
    return this.active().filter(({ joined }) => joined);
  }

  tell(event: string, what: object, sockets = this.active()): void {
    this.log(event.replace('drain:', ''), what);
    for (const { stock } of sockets) safely(() => stock.emitReserved(event, what));
  }

  // ---------------------------------------------------------------- what the app does

  socket(nsp: string, options?: object, settings = this.settings): StockSocket {
    let socket = this.sockets.get(nsp);
    if (!socket) {
      this.isMaking = true;
      socket = new AppSocket(this.classes, this, nsp, options, settings);
      this.isMaking = false;
      this.sockets.set(nsp, socket);
    }
    const { stock } = socket;
    if (this.autoConnects() && !stock.active) stock.connect();
    return stock;
  }

  autoConnects(): boolean {
    return !this.isMaking && this.target.options.autoConnect !== false;
  }

  join(socket: AppSocket): void {
    (standInOf(this.state) || this.current).join(socket, true);
  }

  again(socket: AppSocket): void {
    const { next, name } = this.state;
    if (name === 'idle') moveAgain(this);
    const connection = next || (this.staying.has(socket) && this.current);
    if (!connection || !connection.refusals.ask(socket)) return;
    // Until the hold, the attempt itself joins what is asked for.
    if (!next || name === 'holding') connection.join(socket, true);
  }

  leave(socket: AppSocket): void {
    const { state, current } = this;
    const { hold, next, move } = state;
    const isGone = hold?.hidden || move?.ended.has(socket);
    const last = (isGone && next) || current;
    hold?.releaseOf(socket, (out) => last.send(out));
    if (move?.ended.delete(socket)) move.apart.releaseOf(socket, keep);
    this.staying.delete(socket);
    for (const connection of this.connections) connection.leave(socket);
    if (!this.active().length) this.endMove();
  }

  held(): number {
    const { hold, move } = this.state;
    return (hold?.size ?? 0) + (move?.apart.size ?? 0);
  }

  send(out: Outgoing): void {
    const { hold, move, next } = this.state;
    const { socket, packet } = out;
    const isRefused = !!next?.refusals.has(socket);
    const ownHold = move?.ended.has(socket) ? move.apart : undefined;
    const holds = hold || ownHold;
    if (!holds || isRefused || this.staying.has(socket)) {
      (this.staying.get(socket) || this.current).send(out);
      return;
    }
    // One that cannot be encoded is the app's error now, as it would be without a move.
    const { nsp } = socket.stock;
    this.current.manager.encoder.encode(Object.assign({ nsp }, packet));
    // What is sent is what the app emits now, also if it changes its objects meanwhile.
    const data = copyOf(packet.data) as unknown[];
    holds.add(Object.assign({}, out, { packet: Object.assign({}, packet, { data }) }));
  }

  disconnect(): void {
    this.endMove();
    for (const each of [...this.connections]) if (each !== this.current) this.drop(each);
    this.current.manager.disconnect();
  }

  private endMove(): void {
    this.current.hint = this.current.declined = undefined;
    this.state.move?.fail();
  }

  switched(): AppSocket[] {
    if (this.current.manager.skipReconnect) return []; // the app has closed the manager
    return this.active().filter((socket) => !this.staying.has(socket));
  }

  moveState(): MoveState {
    return this.state.name;
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

  nsps(): { [nsp: string]: StockSocket } {
    const all: { [nsp: string]: StockSocket } = {};
    this.sockets.forEach(({ stock }, nsp) => (all[nsp] = stock));
    return all;
  }

  assigned(name: string | symbol, value: unknown): void {
    if (name === 'uri') this.home = String(value);
  }

  // ---------------------------------------------------------------- what happens on the connections

  onClose(connection: Connection, why: Why): void {
    if (connection !== this.current) return;
    const { move } = this.state;
    if (move?.old === connection) move.onOldCut(why);
    else spreadReconnect(connection, why);
    connection.forgetAll();
  }

  onManager(connection: Connection, event: string, args: unknown[]): void {
    if (connection !== this.current) return;
    const { hold, move } = this.state;
    const tell = (): void => this.io.emitReserved(event, ...args);
    // The app is told nothing of an end that it need not know, as long as that is so.
    // Nor does it see the messages of the protocol raw.
    if (event === 'packet' && isOurs(args[0] as Packet)) return;
    // A manager closes itself when its server has ended the last namespace.
    const isClose = event === 'close' && args[0] === 'forced close';
    const isEnd = isClose && connection.manager.skipReconnect;
    if (move?.old === connection && (hold?.hidden || isEnd)) move.unheard.push(tell);
    else tell();
  }

  onConnect(connection: Connection, socket: AppSocket, inner: StockSocket): void {
    connection.refusals.lift(socket);
    if (connection !== this.current) return;
    this.staying.delete(socket);
    this.state.move?.onOldBack();
    const { connected } = socket.stock;
    if (!connected) socket.seen.forgetAll();
    else this.tellSwitched(socket, socket.takeId(inner));
    socket.connectedBy(inner, true);
    if (connected) socket.reconnected();
  }

  onDisconnect(connection: Connection, socket: AppSocket, inner: StockSocket, why: Why): void {
    const { name, move, next, hold } = this.state;
    const isEnded = !inner.active; // by the server, for good
    if (connection === next && connection !== this.current) {
      if (isEnded && move?.ended.has(socket)) move.endOf(socket, why[0]);
      else if (isEnded && name !== 'holding') this.refusedBy(next, socket, why[0]);
      else next.lost.give(why[0]);
      return;
    }
    if (connection === this.staying.get(socket)) {
      this.end(socket);
      return;
    }
    if (connection !== this.current) return;
    if (next?.refusals.has(socket)) this.end(socket);
    else if (isEnded && move?.old === connection) this.endedByOld(socket);
    else if (!hold?.hidden) {
      if (isEnded) socket.stock.destroy();
      socket.stock.onclose(...why);
    }
  }

  /** It does not come along: that is the next server's answer. */
  private refusedBy({ refusals }: Connection, socket: AppSocket, message: string): void {
    refusals.refuse(socket, message);
    this.log('namespace refused', { nsp: socket.stock.nsp, message });
  }

  /** The old server ends a namespace in a move: one session a user, say. Next may carry it on. */
  private endedByOld(socket: AppSocket): void {
    const { move } = this.state;
    this.log('namespace ended', { nsp: socket.stock.nsp });
    move?.ended.add(socket);
    socket.sendBuffered();
  }

  onRefused(connection: Connection, socket: AppSocket, inner: StockSocket, error: unknown): void {
    const { stock } = socket;
    const { next, move } = this.state;
    const isNext = connection === next && connection !== this.current;
    const tell = (): void => safely(() => stock.emitReserved('connect_error', error));
    if (isNext || (this.staying.has(socket) && connection === this.current)) {
      if (inner.active) return; // the connection failed, and the attempt with it
      const { message } = error as Error;
      this.refusedBy(connection, socket, message);
      tell();
      // Old has ended it, too, and the app has not asked once more.
      if (move?.ended.has(socket) && connection.refusals.stands(socket))
        move.endOf(socket, message);
      return;
    }
    if (connection !== this.current) return;
    if (!inner.active) {
      stock.destroy();
      // It was connected if the old pod let it in during the hold.
      if (stock.connected) stock.onclose(SERVER_LEFT);
    }
    if (!stock.connected) tell();
  }

  /** The namespace is closed for good, by the server. */
  end(socket: AppSocket): void {
    const { stock } = socket;
    this.state.hold?.releaseOf(socket, keep);
    stock.destroy();
    safely(() => stock.onclose(SERVER_LEFT));
  }

  onEvent(connection: Connection, socket: AppSocket, args: unknown[]): void {
    const { state, log } = this;
    const deliver = (): void => {
      if (!socket.deliver(args, connection.number, this.state !== IDLE)) this.duplicates++;
    };
    if (/^drain:/.test(String(args[0]))) {
      onMessage(connection, args, log, (hint) => this.onHint(connection, hint));
    } else if (state.inbox && state.next === connection) {
      const most = `${HELD_MOST} events held back (expected: fewer)`;
      if (state.inbox.length >= HELD_MOST) state.move?.fail('timeout', most);
      else state.inbox.push(() => socket.stock.active && deliver());
    } else {
      deliver();
    }
  }

  private onHint(connection: Connection, hint: Hint): void {
    const { ticket, graceMs, reason } = hint;
    if (ticket === this.lastTicket || (connection.hint && ticket === connection.hint.ticket))
      return;
    connection.planMs = 0; // what comes now is no surprise
    connection.declined = undefined;
    const url = hint.url && this.mayFollow(hint.url) ? hint.url : undefined;
    this.log('hint', { reason, graceMs, url });
    connection.hint = Object.assign({ until: this.clock.now() + graceMs }, hint, { url });
    if (connection !== this.current) return;
    if (this.state.name === 'idle') moveOn(this);
    else if (this.state.name === 'overlap') this.state.move.onHint();
  }

  /** Tokens go to no other origin than the app's own, unless it says so. */
  private mayFollow(url: string): boolean {
    let may = false;
    safely(() => (may = mayFollow(url, this.home, this.settings.allowsOrigin)));
    const expected = "the app's own origin, or one of the option origins";
    if (!may) this.log(IGNORED, { event: 'drain:reconnect: url', given: url, expected });
    return may;
  }

  // ---------------------------------------------------------------- what its moves do

  enter(state: State): void {
    const isOther = state.move !== this.state.move;
    this.state = state;
    if (isOther && state.move) this.sockets.forEach(({ seen }) => seen.forgetOld());
  }

  announce(attempt: number): void {
    safely(() => this.io.emitReserved('reconnect_attempt', attempt));
  }

  openNext({ ticket, url }: TimedHint, attempt: number, refusals: Refusals): Connection {
    const address = url || this.home;
    this.log('attempt', { attempt, url: address });
    const options = optionsOfNext(this.current.manager, address, ticket, attempt);
    return this.open(options.origin, options.options, refusals);
  }

  standsIn(next: Connection): boolean {
    // A namespace that next knows nothing of yet is joined there by the end of the move. One that
    // it refuses ends with old.
    const isFine = (socket: AppSocket): boolean =>
      socket.stock.connected && next.has(socket) !== false;
    const needed = this.joined().filter((socket) => !next.refusals.has(socket));
    return needed.length > 0 && needed.every(isFine);
  }

  sendBuffered(): void {
    for (const socket of this.joined()) if (socket.stock.connected) socket.sendBuffered();
  }

  release(state: Holding, about: About, attempt: number): Released {
    this.lastSwitch = about;
    return release(this, state, about, attempt);
  }

  tellSwitched(socket: AppSocket, previousId: string | undefined): void {
    const { id } = socket.stock;
    const what = Object.assign({}, this.lastSwitch, { id, previousId });
    if (previousId) this.tell('drain:switched', what, [socket]);
  }

  stay(move: MoveUnderWay, hidden: Why | undefined, isOver: boolean): void {
    if (isOver && !hidden) move.unheard.splice(0).forEach(safely);
    if (isOver) move.apart.release(keep); // they wait for the app's own connect()
    if (isOver) move.ended.forEach((socket) => this.end(socket));
    for (const { stock } of hidden ? this.joined() : []) {
      safely(() => stock.onclose(...hidden!));
    }
    if (hidden) move.unheard.splice(0).forEach(safely);
    for (const socket of this.active()) {
      if (!move.ended.has(socket)) this.current.join(socket);
    }
  }
}
