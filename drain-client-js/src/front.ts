import { aware, parse } from './address.js';
import { Link, type Hint, type Listener } from './link.js';
import { managerOf, SETTINGS } from './manager.js';
import { Move } from './move.js';
import { check, type Settings } from './options.js';
import { awareClass, type Aware, type Outgoing } from './socket.js';
import type { Failed, Options } from './types.js';

// An unplanned cut: not one of our own doing, and not one that the server announced.
const UNPLANNED = ['transport close', 'transport error', 'ping timeout'];

/** Runs it; what it throws is the app's, and must not keep the rest from being done. */
function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

/** The app's sockets of one address, and the connection they have: the current link. */
export class Front implements Listener {
  readonly io: any;
  readonly sockets = new Map<string, Aware>();
  current: Link;
  /** The connection that a move is making. */
  next: Link | undefined;
  /** Emits and what `next` delivers are held back. */
  holding = false;
  held: Outgoing[] = [];
  duplicates = 0;
  onHint = () => {};
  private readonly links = new Set<Link>();
  private readonly Socket: any;
  private inbox: [Aware, any[]][] = [];
  private move: Move | undefined;
  private ticket: string | undefined;
  /** The current connection is gone, which the app need not notice. */
  private cut: [reason: string, details: unknown] | undefined;

  constructor(
    Socket: any,
    private readonly Manager: any,
    private readonly origin: string,
    private readonly options: any,
    readonly settings: Settings,
  ) {
    this.io = managerOf(Object.getPrototypeOf(Socket), this);
    this.Socket = awareClass(Socket);
    this.current = this.open(origin, { ...options, query: aware(options.query) });
  }

  private open(origin: string, options: any): Link {
    const link = new Link(this.Manager, origin, options, this);
    this.links.add(link);
    return link;
  }

  drop(link: Link | undefined): void {
    if (link && this.links.delete(link)) link.drop();
  }

  socket(nsp: string, options?: Options, settings = this.settings): Aware {
    let socket = this.sockets.get(nsp);
    if (!socket) {
      socket = new this.Socket(this, nsp, options, settings) as Aware;
      this.sockets.set(nsp, socket);
    }
    if (this.options.autoConnect !== false && !socket.active) socket.connect();
    return socket;
  }

  // ---------------------------------------------------------------- what the sockets ask for

  join(socket: Aware): void {
    ((this.holding && this.next) || this.current).join(socket);
  }

  leave(socket: Aware): void {
    for (const link of [...this.links]) link.leave(socket);
    if (![...this.sockets.values()].some(({ active }) => active)) this.stop();
  }

  send(out: Outgoing): void {
    if (this.holding) this.held.push(out);
    else this.current.send(out);
  }

  settled(socket: Aware, id: number): void {
    for (const link of this.links) link.settled(socket, id);
  }

  /** The app has closed the connection: a move is over. */
  stop(): void {
    this.move?.fail(new Error('closed by the app'));
  }

  joined(): Aware[] {
    return [...this.sockets.values()].filter((socket) => socket.joined);
  }

  tell(event: string, what: object): void {
    for (const socket of this.sockets.values()) {
      safely(() => socket.emitReserved(event, { ...what }));
    }
  }

  // ---------------------------------------------------------------- what the links bring

  onManager(link: Link, event: string, args: any[]): void {
    if (link !== this.current) return;
    const { manager } = link;
    if (event === 'close') this.closed(link, args);
    this.io.emitReserved(event, ...args);
    // The app may have put another query there.
    if (event === 'reconnect_attempt') manager.opts.query = aware(manager.opts.query);
  }

  private closed(link: Link, [reason, details]: any[]): void {
    const { move, next } = this;
    if (move && !move.released) {
      move.cut();
      if (next && this.joined().every((socket) => next.connected(socket))) {
        this.cut = [reason, details];
        this.holding = true;
        link.abandon();
      }
    } else if (link.planMs && !link.hinted && UNPLANNED.includes(reason)) {
      this.plan(link);
    }
    link.pending.clear();
  }

  /** Has the reconnect that comes next, and only it, wait for a share of the window. */
  private plan({ manager, planMs }: Link): void {
    const names = ['reconnectionDelay', 'reconnectionDelayMax', 'randomizationFactor'];
    const stock = names.map((name) => manager[name]());
    const set = (values: number[]) => names.forEach((name, i) => manager[name](values[i]));
    const delay = Math.random() * planMs;
    set([delay, delay, 0]);
    // It draws its delay when all who listen to `close` have been told.
    Promise.resolve(stock).then(set);
  }

  onConnect(link: Link, socket: Aware, inner: any): void {
    if (link !== this.current) return;
    if (this.move?.cutAt !== undefined && !this.move.released) {
      this.move.fail(new Error('the old connection came back first'));
    }
    try {
      this.attach(socket, inner);
    } finally {
      new Promise((resolve) =>
        resolve(socket.settings.ready(socket as any, { moving: false })),
      ).catch((error) => {
        const failed: Failed = { reason: 'ready', message: String(error?.message ?? error) };
        socket.emitReserved('drain:failed', failed);
      });
    }
  }

  private attach(socket: Aware, inner: any): void {
    socket.joined = true;
    if (!inner.recovered) socket.session = {};
    socket.onconnect(inner.id, socket.session);
  }

  onDisconnect(link: Link, socket: Aware, inner: any, reason: string, details: unknown): void {
    if (link === this.next) link.lose(reason);
    if (link !== this.current || (this.cut && inner.active)) return;
    if (!inner.active) socket.destroy(); // the server's last word
    socket.onclose(reason, details);
  }

  onRefused(link: Link, socket: Aware, inner: any, error: Error): void {
    if (link !== this.current) return;
    if (!inner.active) socket.destroy();
    if (!socket.connected) socket.emitReserved('connect_error', error);
  }

  onEvent(link: Link, socket: Aware, args: any[]): void {
    if (String(args[0]).startsWith('drain:')) this.onProtocol(link, args);
    else if (link === this.next) this.inbox.push([socket, args]);
    else this.deliver(socket, args);
  }

  private deliver(socket: Aware, args: any[]): void {
    const [event, ...rest] = args.filter((arg) => typeof arg !== 'function');
    if (socket.seen.add(socket.settings.dedupe(event, rest))) socket.onevent({ data: args });
    else this.duplicates++;
  }

  private onProtocol(link: Link, args: any[]): void {
    // Some servers and clients shift the arguments of what comes before CONNECT.
    const body = args.find((arg) => arg && typeof arg === 'object') ?? {};
    switch (args[0]) {
      case 'drain:hello':
        return link.says(body);
      case 'drain:plan':
        link.planMs = body.windowMs > 0 && body.windowMs < Infinity ? +body.windowMs : 0;
        return;
      case 'drain:reconnect': {
        const ack = args[args.length - 1];
        if (typeof ack === 'function') ack();
        if (typeof body.ticket === 'string' && body.ticket && body.graceMs >= 0) {
          this.onReconnect(link, body);
        }
      }
    }
  }

  // ---------------------------------------------------------------- moves

  private onReconnect(link: Link, hint: Hint): void {
    if (hint.ticket === this.ticket || hint.ticket === link.hint?.ticket) return;
    link.hinted = true;
    link.hint = { ...hint, until: this.settings.clock.now() + hint.graceMs };
    if (this.move) {
      if (link === this.current) this.onHint();
    } else {
      this.act();
    }
  }

  /** Begins the move that the current connection's server has asked for, if any. */
  private act(): void {
    const { hint } = this.current;
    if (!hint) return;
    this.current.hint = undefined;
    this.ticket = hint.ticket;
    this.move = new Move(this, hint);
    this.move.run();
  }

  over(): void {
    this.move = undefined;
    this.act();
  }

  /** @throws TypeError when the hint leads nowhere */
  openNext({ ticket, url }: Hint): Link {
    const place = url == null ? undefined : parse(url);
    if (url != null) check('url of the hint', url, !!place, 'scheme://host/path');
    const { opts } = this.current.manager;
    return (this.next = this.open(place?.origin ?? this.origin, {
      ...opts,
      ...(place && place.path.length > 1 && { path: place.path }),
      query: aware(opts.query, ticket),
      reconnection: false, // until it is the current one, trying again is the move's affair
    }));
  }

  /** Gives up the connection that was being made. What was held back goes out on the old one. */
  dropNext(): void {
    this.drop(this.next);
    this.next = undefined;
    this.inbox = [];
    const { cut } = this;
    this.cut = undefined;
    if (cut) {
      this.holding = false;
      // Before they are told: a buffered emit's acknowledgement outlives the connection.
      for (const { socket, packet, volatile } of this.held.splice(0)) {
        if (!volatile) socket.sendBuffer.push(packet);
      }
      for (const socket of this.joined()) safely(() => socket.onclose(...cut));
    } else {
      this.flush();
    }
    for (const socket of this.sockets.values()) {
      if (socket.active && !this.current.sockets.has(socket)) this.current.join(socket);
    }
  }

  /** In one step, `next` becomes the current connection. */
  release(next: Link): number {
    const { manager } = next;
    const { manager: old } = this.current;
    for (const name of SETTINGS) manager[name](old[name]());
    const { path, query, reconnection } = old.opts;
    Object.assign(manager.opts, { path, query, reconnection });
    manager.uri = this.origin;
    this.current = next;
    this.next = this.cut = undefined;
    for (const socket of this.sockets.values()) {
      const inner = next.sockets.get(socket);
      if (!socket.active) continue;
      if (!inner) next.join(socket);
      else if (!inner.connected) continue;
      else if (socket.connected) socket.id = inner.id;
      else safely(() => this.attach(socket, inner));
    }
    for (const [socket, args] of this.inbox.splice(0)) safely(() => this.deliver(socket, args));
    return this.flush();
  }

  private flush(): number {
    let count = 0;
    for (let out = this.held.shift(); out; out = this.held.shift()) {
      const { id } = out.packet;
      count++;
      // One that has timed out meanwhile is not sent any more, as by the stock client.
      if (id == null || out.socket.acks[id]) this.current.send(out);
    }
    this.holding = false;
    return count;
  }
}
