import { aware, parse } from './address.js';
import { Link, type Hint, type Listener } from './connection.js';
import { managerOf } from './manager.js';
import { beginMove, type Move } from './move.js';
import { isFunction, messageOf, objectOf, safely, type Settings } from './options.js';
import { isNew } from './seen.js';
import { awareClass, type Aware, type Outgoing } from './app-socket.js';
import type { Options } from './types.js';

/** Has the stock socket buffer what was held, as it does what is emitted without a connection. */
const keep = ({ socket, packet, volatile }: Outgoing): unknown =>
  volatile || socket.sendBuffer.push(packet);

/** The app's sockets of one address, and the connection they have: the current link. */
export class Front implements Listener {
  readonly io: any;
  readonly sockets = new Map<string, Aware>();
  current: Link;
  // Of the next four, a move sets the first, and from the hold on, or a cut, the second:
  //            move   coming   waiting   cut
  // at rest    -      -        -         -
  // making     x      x (*)    -         -     (*) not between two attempts
  // cut        x      x        x         x     before or in the hold; the app knows nothing of it
  // holding    x      x        x         -
  // overlap    x      -        -         -     `current` is the new one already
  /** The connection that a move is making. */
  coming: Link | undefined;
  /** The emits that are held back, while they are. */
  waiting: Outgoing[] | undefined;
  /** What the app has set at its manager, and is to be set at the next one. */
  readonly tuned = new Map<string | symbol, any[]>();
  repeats = 0;
  move: Move | undefined;
  private readonly Socket: any;
  private readonly links = new Set<Link>();
  /** What the coming link has brought for the app. */
  private inbox: (() => void)[] = [];
  private ticket: string | undefined;
  /** The current connection is gone, which the app need not notice: reason and details. */
  private cut: [string, unknown] | undefined;

  constructor(
    Socket: any,
    readonly Manager: any,
    readonly address: string,
    private readonly origin: string,
    private readonly options: any,
    readonly settings: Settings,
  ) {
    this.io = managerOf(Object.getPrototypeOf(Socket), this);
    this.Socket = awareClass(Socket);
    this.current = this.open(origin, options);
  }

  private open(origin: string, options: any): Link {
    const link = new Link(this.Manager, origin, options, this);
    this.links.add(link);
    return link;
  }

  drop(link: Link): void {
    this.links.delete(link);
    link.drop();
  }

  socket(nsp: string, options?: Options, settings = this.settings): Aware {
    let socket = this.sockets.get(nsp);
    if (!socket) this.sockets.set(nsp, (socket = new this.Socket(this, nsp, options, settings)));
    if (this.options.autoConnect !== false && !socket!.active) socket!.connect();
    return socket!;
  }

  // ---------------------------------------------------------------- what the sockets ask for

  join(socket: Aware): void {
    ((this.waiting && this.coming) || this.current).join(socket, true);
  }

  leave(socket: Aware): void {
    // Its last words go before it.
    const last = (this.cut && this.coming) || this.current;
    this.waiting = this.waiting?.filter(
      (out) => out.socket !== socket || safely(() => last.send(out)),
    );
    for (const link of this.links) link.leave(socket);
    if (!this.living().length) this.stop();
  }

  send(out: Outgoing): void {
    if (this.waiting) this.waiting.push(out);
    else this.current.send(out);
  }

  /** The app has closed the connection: a move is over. */
  stop(): void {
    this.current.hint = undefined;
    this.move?.fail();
  }

  private living(): Aware[] {
    return [...this.sockets.values()].filter(({ active }) => active);
  }

  joined(): Aware[] {
    return this.living().filter(({ joined }) => joined);
  }

  tell(event: string, what: object): void {
    for (const socket of this.living()) safely(() => socket.emitReserved(event, what));
  }

  // ---------------------------------------------------------------- what the links bring

  onManager(link: Link, event: string, args: any[]): void {
    if (link !== this.current) return;
    if (event === 'close') this.closed(link, args as any);
    this.io.emitReserved(event, ...args);
  }

  private closed(link: Link, cut: [string, unknown]): void {
    const { move, coming: next } = this;
    const { planMs } = link;
    const { backoff } = link.manager;
    if (move?.old === link) {
      move.cutAt ||= this.settings.clock.now();
      // One that next knows nothing of yet is joined there before the end, or at it.
      if (
        next &&
        this.joined().every(
          (socket) => socket.connected && next.inners.get(socket)?.connected !== false,
        )
      ) {
        this.cut = cut;
        this.waiting ??= [];
        // What found the ping overdue, and so was buffered, is held as what comes after it.
        this.joined().forEach((socket) => socket.emitBuffered());
        link.abandon();
      } else this.flush(keep); // before the app is told, as in dropNext
      // transport close, transport error, ping timeout
    } else if (planMs > 0 && /^(t|pi)/.test(cut[0])) {
      // The reconnect that comes next, and only it, waits for a share of the window.
      backoff.duration = () => {
        delete backoff.duration; // the stock one is its prototype's
        backoff.attempts++;
        return Math.random() * planMs;
      };
    }
    link.asked.clear();
  }

  connect(link: Link, socket: Aware, inner: any): void {
    if (link !== this.current) return;
    if (this.move?.cutAt) this.move.fail('old is back');
    this.attach(socket, inner, true);
  }

  /** Tells the app of a connect, unless it never knew otherwise, and has it prepare one that is `unready`. */
  private attach(socket: Aware, inner: any, unready: boolean): void {
    socket.joined = true;
    if (socket.connected) socket.id = inner.id;
    else {
      if (!inner.recovered) socket.session = {};
      safely(() => socket.onconnect(inner.id, socket.session));
    }
    if (!unready) return;
    const getReady = async () => socket.settings.ready(socket as any, { moving: false });
    getReady().catch((error) => {
      socket.emitReserved('drain:failed', { reason: 'ready', message: messageOf(error) });
    });
  }

  disconnect(link: Link, socket: Aware, inner: any, reason?: any, details?: unknown): void {
    if (link === this.coming) link.lose(reason);
    if (link !== this.current || (this.cut && inner.active)) return;
    if (!inner.active) socket.destroy(); // the server's last word
    socket.onclose(reason, details);
  }

  connect_error(link: Link, socket: Aware, inner: any, error?: Error): void {
    if (link !== this.current) return;
    if (!inner.active) {
      socket.destroy();
      // Of one that the old pod has let in during the hold, the app is told that it is gone.
      if (socket.connected) socket.onclose('io server disconnect');
    }
    if (!socket.connected) socket.emitReserved('connect_error', error);
  }

  onEvent(link: Link, socket: Aware, args: any[]): void {
    if (/^drain:/.test(args[0])) this.onProtocol(link, args);
    else if (link === this.coming)
      this.inbox.push(() => socket.active && this.deliver(socket, args));
    else this.deliver(socket, args);
  }

  private deliver(socket: Aware, args: any[]): void {
    const [event, ...rest] = args.filter((arg) => !isFunction(arg));
    let id: unknown;
    safely(() => (id = socket.settings.dedupe(event, rest)));
    if (isNew(socket.seen, id)) socket.onevent({ data: args });
    else this.repeats++;
  }

  private onProtocol(link: Link, args: any[]): void {
    // Some servers and clients shift the arguments of what comes before CONNECT.
    const body = objectOf(args);
    const { pod, generation, windowMs, ticket, graceMs, url } = body;
    if (args[0] === 'drain:hello' && pod) {
      link.hello = { pod, generation };
      link.greet();
    }
    if (args[0] === 'drain:plan' && windowMs >= 0) link.planMs = windowMs;
    if (args[0] !== 'drain:reconnect') return;
    args.filter(isFunction).forEach((acknowledge) => acknowledge());
    const good =
      typeof ticket === 'string' && ticket && Math.abs(graceMs) === graceMs && (!url || parse(url));
    if (!good || ticket === this.ticket || ticket === link.hint?.ticket) return;
    link.planMs = 0; // what comes now is no surprise
    link.hint = { ...body, until: this.settings.clock.now() + graceMs };
    if (!this.move) this.act();
  }

  // ---------------------------------------------------------------- moves

  /** Begins the move that the current connection's server has asked for, if any. */
  act(): void {
    const { hint } = this.current;
    this.current.hint = this.move = undefined;
    if (!hint) return;
    this.ticket = hint.ticket;
    this.move = beginMove(this, hint);
  }

  openNext({ ticket, url }: Hint): Link {
    const { opts } = this.current.manager;
    const [origin, path] = parse(url || this.origin)!;
    return (this.coming = this.open(origin!, {
      ...opts,
      reconnection: false, // until it is the current one, that is the move's affair
      ...(path!.length > 1 && { path }),
      query: aware(opts.query, ticket),
    }));
  }

  /** Gives up the connection that was being made. What was held back goes out on the old one. */
  dropNext(): void {
    const { coming: next, cut } = this;
    if (next) this.drop(next);
    this.coming = this.cut = undefined;
    this.inbox = [];
    if (cut) {
      // Before they are told: a buffered emit's acknowledgement outlives the connection.
      this.flush(keep);
      this.joined().forEach((socket) => safely(() => socket.onclose(...cut)));
    } else {
      this.flush();
    }
    for (const socket of this.living()) this.current.join(socket);
  }

  /** In one step, `next` becomes the current connection; how many emits had waited for it. */
  release(next: Link): number {
    const { manager } = next;
    const { manager: old } = this.current;
    manager.reconnection(old.reconnection());
    this.tuned.forEach((args, name) => manager[name](...args));
    manager.opts = old.opts;
    manager.uri = this.origin;
    this.current = next;
    this.coming = this.cut = undefined;
    for (const socket of this.living()) {
      const inner = next.join(socket);
      // If not, it has just been asked for. One that was opened meanwhile is not ready yet.
      if (inner.connected) this.attach(socket, inner, !socket.joined);
    }
    this.inbox.splice(0).forEach(safely);
    return this.flush();
  }

  /** Ends the hold, and sends what was held; how many that was. */
  private flush(send = (out: Outgoing): unknown => this.current.send(out)): number {
    const waiting = this.waiting ?? [];
    // That one cannot be encoded is found only now.
    for (const out of waiting) safely(() => send(out));
    this.waiting = undefined;
    return waiting.length;
  }
}
