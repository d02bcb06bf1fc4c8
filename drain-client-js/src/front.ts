import { aware, parse } from './address.js';
import { Link, type Hint, type Listener } from './link.js';
import { managerOf, SETTINGS } from './manager.js';
import { beginMove, type Move } from './move.js';
import { isFunction, messageOf, objectOf, safely, type Settings } from './options.js';
import { isNew } from './seen.js';
import { awareClass, type Aware, type Outgoing } from './socket.js';
import type { Options } from './types.js';

/** The app's sockets of one address, and the connection they have: the current link. */
export class Front implements Listener {
  readonly io: any;
  readonly sockets = new Map<string, Aware>();
  current: Link;
  /** The connection that a move is making. */
  coming: Link | undefined;
  /** The emits that are held back, while they are. */
  waiting: Outgoing[] | undefined;
  repeats = 0;
  move: Move | undefined;
  private readonly Socket: any;
  private readonly links = new Set<Link>();
  private inbox: [Aware, any[]][] = [];
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
    this.waiting = this.waiting?.filter((out) => out.socket !== socket || this.current.send(out));
    for (const link of this.links) link.leave(socket);
    if (!this.living().length) this.stop();
  }

  send(out: Outgoing): void {
    if (this.waiting) this.waiting.push(out);
    else this.current.send(out);
  }

  /** The app has closed the connection: a move is over. */
  stop(): void {
    this.move?.fail('closed');
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
      if (next && this.joined().every((socket) => next.inners.get(socket)?.connected)) {
        this.cut = cut;
        this.waiting ??= [];
        link.abandon();
      }
    } else if (planMs && /^(transport|ping)/.test(cut[0])) {
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
    const { move } = this;
    if (move?.cutAt) move.fail('old one is back');
    this.attach(socket, inner);
    const getReady = async () => socket.settings.ready(socket as any, { moving: false });
    getReady().catch((error) => {
      socket.emitReserved('drain:failed', { reason: 'ready', message: messageOf(error) });
    });
  }

  private attach(socket: Aware, inner: any): void {
    socket.joined = true;
    if (!inner.recovered) socket.session = {};
    safely(() => socket.onconnect(inner.id, socket.session));
  }

  disconnect(link: Link, socket: Aware, inner: any, reason?: any, details?: unknown): void {
    if (link === this.coming) link.lose(reason);
    if (link !== this.current || (this.cut && inner.active)) return;
    if (!inner.active) socket.destroy(); // the server's last word
    socket.onclose(reason, details);
  }

  connect_error(link: Link, socket: Aware, inner: any, error?: Error): void {
    if (link !== this.current) return;
    if (!inner.active) socket.destroy();
    if (!socket.connected) socket.emitReserved('connect_error', error);
  }

  onEvent(link: Link, socket: Aware, args: any[]): void {
    if (/^drain:/.test(args[0])) this.onProtocol(link, args);
    else if (link === this.coming) this.inbox.push([socket, args]);
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
    const [event] = args;
    // Some servers and clients shift the arguments of what comes before CONNECT.
    const body = objectOf(args);
    const { pod, generation, windowMs, ticket, graceMs, url } = body;
    if (event === 'drain:hello') {
      link.hello = { pod, generation };
      link.greet();
    }
    if (event === 'drain:plan') link.planMs = windowMs > 0 ? windowMs : 0;
    if (event !== 'drain:reconnect') return;
    args.filter(isFunction).forEach((acknowledge) => acknowledge());
    const good =
      typeof ticket === 'string' &&
      ticket &&
      Math.abs(graceMs) === graceMs &&
      (url == null || parse(url));
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
    const [origin, path] = parse(url ?? this.origin)!;
    const next = (this.coming = this.open(origin!, {
      ...opts,
      ...(path!.length > 1 && { path }),
      query: aware(opts.query, ticket),
    }));
    next.manager.reconnection(false); // until it is the current one, that is the move's affair
    return next;
  }

  /** Gives up the connection that was being made. What was held back goes out on the old one. */
  dropNext(): void {
    const { coming: next, cut, waiting } = this;
    if (next) this.drop(next);
    this.coming = this.cut = undefined;
    this.inbox = [];
    if (cut) {
      this.waiting = undefined;
      // Before they are told: a buffered emit's acknowledgement outlives the connection.
      for (const { socket, packet, volatile } of waiting!) {
        if (!volatile) socket.sendBuffer.push(packet);
      }
      for (const socket of this.joined()) safely(() => socket.onclose(...cut));
    } else {
      this.flush();
    }
    for (const socket of this.living()) this.current.join(socket);
  }

  /** In one step, `next` becomes the current connection; how many emits had waited for it. */
  release(next: Link): number {
    const { manager } = next;
    const { manager: old } = this.current;
    for (const name of SETTINGS) manager[name](old[name]());
    const { path, query } = old.opts;
    Object.assign(manager.opts, { path, query });
    manager.uri = this.origin;
    this.current = next;
    this.coming = this.cut = undefined;
    for (const socket of this.living()) {
      const inner = next.join(socket);
      if (!inner.connected) continue; // it has just been asked for
      if (socket.connected) socket.id = inner.id;
      else this.attach(socket, inner);
    }
    for (const [socket, args] of this.inbox.splice(0)) safely(() => this.deliver(socket, args));
    return this.flush();
  }

  private flush(): number {
    const waiting = this.waiting ?? [];
    // One may be added meanwhile, by a listener to outgoing events.
    for (const out of waiting) {
      const { id } = out.packet;
      // One that has timed out meanwhile is not sent any more, as by the stock client.
      if (id == null || out.socket.acks[id]) this.current.send(out);
    }
    this.waiting = undefined;
    return waiting.length;
  }
}
