import {
  ATTEMPTS_MOST, BEYOND_GRACE_MS, BOTH_CUT_MS, CUT_HIDDEN_MS, HELLO_MS, LANDED_AGAIN_MS, LINGER_MOST_MS,
  PAUSE_LEAST_MS, PAUSE_MOST_MS, TOO_LONG_MS,
} from './bounds.mjs';
import { bounded, isAllowed, isHint, isSamePod } from './messages.mjs';
import { BY_SERVER, Sockets } from './sockets.mjs';
import { has, now, until } from './time.mjs';

const UNKNOWN = { pod: 'unknown', generation: 'unknown' };

/**
 * The client: sections of docs/protocol.md in the order of that page. `move` alone sets the state
 * of the move.
 */
export class Client extends Sockets {
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

  /** The app calls connect() on a socket that is connected. */
  connectAgain(auth) {
    this.auth = auth;
    const { hint, by, connection } = this.declined ?? {};
    this.declined = null;
    if (this.state !== 'idle' || !hint || now() >= by || connection !== this.current) return;
    if (!connection.over && has('again')) this.move(hint, connection, by);
  }

  async move(hint, old, end = null) {
    this.state = 'connecting';
    this.lastTicket = hint.ticket;
    const began = now();
    const by = end ?? began + (has('grace') ? bounded(hint.graceMs) : TOO_LONG_MS);
    this.hideBy = null;
    this.unheard = () => {};
    this.tooMany = false;
    this.declined = null;
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
      if (this.tooMany) throw new Failure('timeout', '10,000 events are held back: the limit');
      if (next.over || this.closed) throw new Failure('lost', 'the next connection was lost');
      const [gone = this.hideBy && this.hideBy - CUT_HIDDEN_MS] = this.gone.values();
      const downtimeMs = gone ? Math.max(0, Math.round(next.connectedAt - gone)) : 0;
      const held = this.release(next, old, { reason, from, to });
      const tookMs = Math.round(now() - began);
      this.state = 'overlap';
      await this.overlap(old);
      const figures = { connectMs, tookMs, held, duplicates: this.duplicates, downtimeMs };
      this.tellAll('drain:moved', { reason, from, to, ...figures });
    } catch (error) {
      this.fail(error);
      // Once: the app may have refreshed its token by then.
      if (error.answer && end === null) this.declined = { hint, by, connection: old };
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
      const ended = () => {
        if (this.hideBy !== null && now() >= this.hideBy) this.tellHidden(false);
        return next.hasAnswered(this.moving) || next.lost || this.closed || elsewhere();
      };
      await until(ended, by);
      if (elsewhere()) throw new Failure('returned', 'the old connection is back');
      const refused = (ns) => next.refused.has(ns);
      const all = has('refused partly') ? this.moving.every(refused) : this.moving.some(refused);
      if (!next.lost && all && has('refusal final')) {
        const [why = 'the servers ended each namespace'] = next.refused.values();
        throw Object.assign(new Failure('refused', why), { answer: true });
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
    const over = () => answered || this.tooMany || old.over || next.over || this.closed || !has('barrier');
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
    const asked = this.readyIsGiven || this.options.ready === false || !has('connect without ready');
    const gap = (ns) => this.gone.has(ns) || (this.hideBy !== null && has('gap told'));
    const silent = (ns) => !gap(ns) && asked && has('quiet when asked');
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
    if (connects.length > 0 && has('reconnect told')) {
      this.tellManager(next, 'open', []);
      this.tellManager(next, 'reconnect', [1]);
    }
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

  /** The app is told of what was hidden: of cuts, and when the move is over of all. */
  tellHidden(over) {
    const told = [...this.hidden].filter(([, why]) => over || why !== BY_SERVER);
    for (const [ns, why] of told) {
      this.hidden.delete(ns);
      if (why === BY_SERVER) this.namespaces.delete(ns);
      else this.gone.set(ns, this.hideBy === null ? now() : this.hideBy - CUT_HIDDEN_MS);
      this.tell(ns, 'disconnect', [why]);
    }
    if (over || told.length === 0) return;
    this.unheard();
    if (this.hidden.size === 0) this.flush();
  }

  fail({ code, message }) {
    this.next?.close();
    this.next = null;
    this.heldBack = [];
    for (const ns of [...this.toTell]) this.tellFailed(ns, code, message);
    let cut = false;
    for (const why of this.hidden.values()) cut ||= why !== BY_SERVER && this.hideBy === null;
    if (has('told in the end')) this.tellHidden(true);
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
