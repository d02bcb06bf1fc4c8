import { say } from '../lib/lines.mjs';
import {
  ATTEMPTS_MOST, BEYOND_GRACE_MS, BOTH_CUT_MS, HELLO_MS, LANDED_AGAIN_MS, LINGER_MOST_MS,
  PAUSE_LEAST_MS, PAUSE_MOST_MS, TOO_LONG_MS,
} from './bounds.mjs';
import { Connection } from './connection.mjs';
import { bounded, isAllowed, isHello, isHint, isPlan, isSamePod } from './messages.mjs';
import { has, now, until } from './time.mjs';
import { Traffic } from './traffic.mjs';

const BY_SERVER = 'io server disconnect';
const UNKNOWN = { pod: 'unknown', generation: 'unknown' };

/**
 * The client: sections of docs/protocol.md in the order of that page. `move` alone sets the state
 * of the move.
 */
export class Client extends Traffic {
  next = null;
  old = new Set(); // in the overlap, or lingering for an acknowledgement
  gone = new Map(); // since when the app knows a namespace as disconnected
  ids = new Map(); // of the app's sockets
  lastTicket = null;
  toTell = new Set(); // the namespaces that wait for the end of the move
  later = null; // the hint that is acted on after this move
  hinted = false; // the current connection

  constructor(options) {
    super(options);
    this.namespaces = new Set(options.namespaces); // those that the app has not left
    this.query = { ...options.query, drain: '1' };
    this.auth = options.auth;
    this.current = this.connection(options.url, this.query, true, options.transports);
  }

  connection(url, query, reconnection, transports) {
    const namespaces = [...this.namespaces];
    const options = { transports, query, reconnection, auth: this.auth, namespaces };
    return new Connection(this, url, options);
  }

  /** The namespaces that a move takes along: all but those that an old connection still has. */
  get moving() {
    return [...this.namespaces].filter((ns) => !this.stays.has(ns));
  }

  tellAll(event, data) {
    for (const ns of this.toTell) this.tell(ns, event, [data]);
  }

  /** The move has failed in one namespace. */
  tellFailed(ns, code, message) {
    const failed = { reason: this.reason, code: has('codes') ? code : undefined, message };
    if (this.toTell.delete(ns)) this.tell(ns, 'drain:failed', [failed]);
  }

  close() {
    this.closed = true;
    for (const connection of [this.current, this.next, ...this.old]) connection?.close();
  }

  /** The app leaves one namespace. */
  disconnect(ns) {
    this.namespaces.delete(ns);
    this.toTell.delete(ns);
    if (!has('left alone')) this.namespaces.add(ns);
    for (const connection of [this.current, this.next, ...this.old]) connection?.leave(ns);
  }

  // ------------------------------------------------------------------ what its sockets say

  connected(connection, ns) {
    connection.connectedAt ??= now();
    if (connection !== this.current) return;
    connection.back = this.gone.delete(ns);
    if (has('begins anew')) this.seenIn(ns).clear();
    this.ids.set(ns, connection.sockets.get(ns).id);
    this.tell(ns, 'connect', []);
    this.ready(connection, ns).catch(({ message }) => {
      const code = has('codes') ? 'ready' : undefined;
      this.tell(ns, 'drain:failed', [{ reason: 'ready', code, message }]);
    });
  }

  disconnected(connection, ns, reason) {
    if (!this.namespaces.has(ns)) return;
    if (connection === this.next) this.nextEnded(ns, reason);
    if (connection !== this.current) return;
    const standsIn = has('adopt') && this.next?.hasAnswered(this.moving);
    if (reason === BY_SERVER && this.isMoving && has('kick apart')) {
      this.hidden.set(ns, reason);
      if (this.next?.refused.has(ns) || this.next?.ended.has(ns)) this.final(ns);
    } else if (standsIn && reason !== BY_SERVER) {
      if (has('reconnect hidden')) connection.manager.reconnection(false);
      this.hidden.set(ns, reason);
    } else {
      if (reason === BY_SERVER) this.namespaces.delete(ns);
      else this.gone.set(ns, this.gone.get(ns) ?? now());
      this.tell(ns, 'disconnect', [reason]);
    }
  }

  /** Whether a move is under way, and the old connection still the current one. */
  get isMoving() {
    return this.state !== 'idle' && this.state !== 'overlap';
  }

  nextEnded(ns, reason) {
    if (reason !== BY_SERVER) return; // it is lost
    if (this.hidden.has(ns)) this.final(ns);
    else this.next.lose(reason);
  }

  /** Both connections have been ended here by their servers. */
  final(ns) {
    const reason = this.hidden.get(ns);
    this.tellFailed(ns, 'refused', this.next?.refused.get(ns) ?? reason);
    this.hidden.delete(ns);
    this.namespaces.delete(ns);
    this.tell(ns, 'disconnect', [reason]);
  }

  refused(connection, ns, error, byServer) {
    const told = connection === this.current || (connection === this.next && byServer);
    if (!told || (connection === this.next && !has('refusal told'))) return;
    this.tell(ns, 'connect_error', [error.message]);
    const { refresh } = this.options; // what the app does in its listener
    if (byServer && refresh && this.auth !== refresh && has('join again')) {
      this.auth = refresh;
      connection.join(ns, refresh);
    }
    const stillRefused = connection === this.next && connection.refused.has(ns);
    if (stillRefused && this.hidden.has(ns)) this.final(ns);
  }

  /** What the stock manager tells its app: of the current connection, while its cut is no secret. */
  managed(connection, event, args) {
    const byServer = event === 'close' && args[0] === 'forced close' && this.isMoving;
    const hidden = (this.hidden.size > 0 || byServer) && has('manager hidden');
    if (connection !== this.current || hidden) return;
    this.tellManager(connection, event, args);
  }

  tellManager(connection, event, args) {
    if (this.closed) return;
    say({ is: 'manager', event, args: args.map((arg) => arg?.message ?? arg ?? null) });
    if (event === 'reconnect_attempt' && this.options.countAttempts) {
      this.query.attempt = String(args[0]); // what the app does in its listener
      connection.manager.opts.query = this.query;
    }
  }

  heard(connection, ns, event, args) {
    const [said] = args;
    if (event === 'drain:hello' && isHello(said)) connection.hello = said;
    else if (event === 'drain:plan' && isPlan(said)) connection.plan = bounded(said.windowMs);
    else if (event === 'drain:reconnect') this.hint(connection, args);
    else if (event.startsWith('drain:')) return;
    else if (connection === this.next && has('held back')) this.holdBack(connection, ns, event, args);
    else if (connection === this.current || has('overlap')) this.deliver(connection, ns, event, args);
  }

  get readyIsGiven() {
    return this.options.ready !== 'none' && this.options.ready !== false;
  }

  async ready(connection, ns) {
    if (!this.readyIsGiven) return;
    const [way, ms] = this.options.ready.split(':');
    if (way === 'reject') throw new Error('not ready');
    if (way === 'slow') await until(() => false, now() + Number(ms));
    if (way === 'join') await connection.sockets.get(ns).emitWithAck('join');
  }

  // ------------------------------------------------------------------ the move

  hint(connection, args) {
    const heard = args.at(-1);
    if (typeof heard === 'function' && has('ack')) heard();
    const [hint] = args;
    if (!isHint(hint)) return;
    if (this.lastTicket === hint?.ticket && has('once')) return;
    if (this.state !== 'idle') {
      if (has('queue')) this.later = { hint, connection };
      return;
    }
    this.hinted = true;
    this.move(hint, connection);
  }

  async move(hint, old) {
    this.state = 'connecting';
    this.lastTicket = hint.ticket;
    const began = now();
    const by = began + (has('grace') ? bounded(hint.graceMs) : TOO_LONG_MS);
    const from = podOf(old);
    const { reason } = hint;
    this.reason = reason;
    this.toTell = new Set(this.moving);
    this.tellAll('drain:moving', { reason, graceMs: hint.graceMs, from });
    this.duplicates = 0;
    for (const seen of this.seen.values()) seen.forgetOld();
    try {
      const next = await this.connect(hint, old.hello, by);
      const connectMs = Math.round(next.connectedAt - began);
      this.state = 'preparing';
      await this.prepare(next, by);
      this.state = 'holding';
      this.holds = true;
      const to = podOf(next);
      if (has('landed') && !old.over) await this.land(old, next, { pod: to.pod, connectMs }, by);
      // The cause of this cut may be about to cut the other one too: then nothing is sent on it.
      const both = () => (old.over && next.over) || this.closed;
      if ((old.over || next.over) && has('both')) await until(both, now() + BOTH_CUT_MS);
      if (next.over || this.closed) throw new Failure('lost', 'the next connection was lost');
      const [gone] = this.gone.values();
      const downtimeMs = gone ? Math.max(0, Math.round(next.connectedAt - gone)) : 0;
      const held = this.release(next, old, { reason, from, to });
      const tookMs = Math.round(now() - began);
      this.state = 'overlap';
      await this.overlap(old);
      const figures = { connectMs, tookMs, held, duplicates: this.duplicates, downtimeMs };
      this.tellAll('drain:moved', { reason, from, to, ...figures });
    } catch (error) {
      this.fail(error);
    }
    this.state = 'idle';
    const { later } = this;
    this.later = null;
    if (later?.connection === this.current) this.move(later.hint, later.connection);
  }

  async connect(hint, from, by) {
    const most = has('attempts') ? ATTEMPTS_MOST : 1;
    let failure = new Failure('timeout', 'the time is over');
    for (let attempt = 1; attempt <= most && now() < by && !this.closed; attempt++) {
      const spread = Math.random() * (PAUSE_MOST_MS - PAUSE_LEAST_MS);
      const pause = has('jitter') ? PAUSE_LEAST_MS + spread : 0;
      if (attempt > 1) await until(() => false, Math.min(by, now() + pause));
      if (now() >= by) break;
      const next = this.attempt(hint, attempt);
      this.next = next;
      const elsewhere = () => this.current.back && this.current.joined.size > 0;
      const ended = () => next.hasAnswered(this.moving) || next.lost || this.closed || elsewhere();
      await until(ended, by);
      if (elsewhere()) throw new Failure('returned', 'the old connection is back');
      const refused = (ns) => next.refused.has(ns);
      const all = has('refused partly') ? this.moving.every(refused) : this.moving.some(refused);
      if (!next.lost && all && has('refusal final')) {
        const [why = 'the servers ended each namespace'] = next.refused.values();
        throw new Failure('refused', why);
      }
      const there = () => next.joined.size > 0 && next.hasAnswered(this.moving) && !next.lost;
      const greetedBy = Math.min(by, now() + (has('stranger') ? HELLO_MS : TOO_LONG_MS));
      if (there()) await until(() => next.hello || next.lost || this.closed, greetedBy);
      const boomerang = has('boomerang') && isSamePod(next.hello, from);
      if (there() && !boomerang && now() < by) return next;
      const refusal = next.why || 'refused';
      failure = new Failure(boomerang ? 'boomerang' : 'refused', boomerang ? 'the same pod' : refusal);
      next.close();
      this.next = null;
      this.heldBack = [];
    }
    throw now() < by ? failure : new Failure('timeout', 'the time is over');
  }

  /** One more connection, with the app's options as they are now. */
  attempt(hint, attempt) {
    if (has('attempt told')) this.tellManager(this.current, 'reconnect_attempt', [attempt]);
    const query = has('query') ? { ...this.query } : { drain: '1' };
    if (has('ticket')) query.ticket = hint.ticket;
    const own = this.options.url;
    const hinted = has('empty url') ? hint.url || own : (hint.url ?? own);
    const follows = has('url') && isAllowed(hinted, own, this.options.origins);
    const { transports } = this.options;
    const { transport } = this.current;
    const first = attempt === 1 && transports.includes(transport) && has('transport');
    const rest = transports.filter((name) => name !== transport);
    const ways = first ? [transport, ...rest] : transports;
    return this.connection(follows ? hinted : own, query, false, ways);
  }

  async prepare(next, by) {
    let ready = has('ready') ? 'open' : 'done';
    let why = null;
    const all = [...next.joined].map((ns) => (has('ready') ? this.ready(next, ns) : null));
    Promise.all(all).then(
      () => (ready = 'done'),
      ({ message }) => {
        ready = 'failed';
        why = new Failure('ready', message);
      },
    );
    await until(() => ready !== 'open' || next.over || this.closed, by);
    if (next.over) throw new Failure('refused', next.why || BY_SERVER);
    if (ready !== 'done' || now() >= by) throw why ?? new Failure('timeout', 'ready took too long');
  }

  async land(old, next, data, by) {
    let answered = false;
    const [, socket] = [...old.sockets].find(([ns]) => old.joined.has(ns));
    const tell = () => socket.emit('drain:landed', data, () => (answered = true));
    const over = () => answered || old.over || next.over || this.closed || !has('barrier');
    const end = by + BEYOND_GRACE_MS;
    tell();
    if (await until(over, Math.min(end, now() + LANDED_AGAIN_MS))) return;
    if (has('repeat')) tell();
    await until(over, end);
  }

  release(next, old, { reason, from, to }) {
    const namespaces = this.moving;
    this.next = null;
    this.old.add(old);
    this.current = next;
    this.hinted = false; // this connection has had no hint yet
    next.manager.opts.query = this.query; // a reconnect is no move: no ticket
    if (has('own transports')) next.manager.opts.transports = this.options.transports;
    if (has('own address')) next.manager.uri = this.options.url;
    next.manager.reconnection(true);
    const cut = this.gone.size > 0;
    const asked = this.readyIsGiven || this.options.ready === false || !has('connect without ready');
    const silent = (ns) => !this.gone.has(ns) && asked && has('quiet when asked');
    const connects = [...next.joined].filter((ns) => !silent(ns));
    if (!has('connect after')) this.tellConnect(connects);
    if (!has('behind')) this.holds = false;
    if (!has('switched first')) this.deliverHeldBack();
    for (const ns of namespaces) {
      const message = next.refused.get(ns);
      if (message === undefined) this.switched(ns, { reason, from, to });
      else if (old.joined.has(ns)) this.stays.set(ns, old);
      if (message !== undefined) this.tellFailed(ns, 'refused', message);
    }
    this.deliverHeldBack();
    const held = this.flush();
    if (cut && has('reconnect told')) this.tellManager(next, 'reconnect', [1]);
    if (has('connect after')) this.tellConnect(connects);
    this.gone.clear();
    return held;
  }

  deliverHeldBack() {
    for (const event of this.heldBack.splice(0)) this.deliver(...event);
  }

  tellConnect(namespaces) {
    for (const ns of namespaces) this.tell(ns, 'connect', []);
  }

  switched(ns, pods) {
    const previousId = this.ids.get(ns);
    const id = this.current.sockets.get(ns).id;
    this.ids.set(ns, id);
    if (has('switched')) this.tell(ns, 'drain:switched', [{ ...pods, id, previousId }], { id });
  }

  async overlap(old) {
    const end = now() + this.options.overlapMs;
    const last = now() + LINGER_MOST_MS;
    const answered = () => old.over || old.pending === 0 || this.closed;
    if (has('overlap')) await until(() => old.over || this.closed, end);
    const gone = until(() => answered() || !has('pending'), last).then(() => this.drop(old));
    // If asked to move again, the client does not wait: the old one lingers beside the next move.
    const asked = () => has('lingering') && this.later?.connection === this.current;
    await Promise.race([gone, until(asked, last + 100)]);
  }

  /** With it go the namespaces that next has refused. */
  drop(old) {
    old.close();
    this.old.delete(old);
    for (const [ns, connection] of this.stays) {
      if (connection !== old) continue;
      this.stays.delete(ns);
      this.namespaces.delete(ns);
      this.tell(ns, 'disconnect', [BY_SERVER]);
    }
  }

  fail({ code, message }) {
    this.next?.close();
    this.next = null;
    this.heldBack = [];
    for (const ns of [...this.toTell]) this.tellFailed(ns, code, message);
    let cut = false;
    for (const [ns, why] of has('told in the end') ? this.hidden : []) {
      this.tell(ns, 'disconnect', [why]);
      if (why === BY_SERVER) this.namespaces.delete(ns);
      else this.gone.set(ns, now());
      cut ||= why !== BY_SERVER;
    }
    const { manager } = this.current; // which is a stock one from here
    if (cut) {
      manager.reconnection(true);
      manager.skipReconnect = false;
      manager.reconnect();
    }
    this.flush();
  }
}

/** Why a move has failed: a code for programs, and words for people. */
class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function podOf({ hello }) {
  const { pod, generation } = hello ?? UNKNOWN;
  return { pod, generation };
}
