import {
  ATTEMPTS_MOST, BEYOND_GRACE_MS, BOTH_CUT_MS, HELLO_MS, LANDED_AGAIN_MS, LINGER_MOST_MS,
  PAUSE_LEAST_MS, PAUSE_MOST_MS, TOO_LONG_MS,
} from './bounds.mjs';
import { Connection } from './connection.mjs';
import { has, now, until } from './time.mjs';
import { Traffic } from './traffic.mjs';

/**
 * The client: sections of docs/protocol.md in the order of that page. `move` alone sets the state
 * of the move.
 */
export class Client extends Traffic {
  state = 'idle'; // connecting, preparing, holding, overlap
  next = null;
  old = new Set(); // in the overlap, or lingering for an acknowledgement
  gone = new Map(); // since when the app knows a namespace as disconnected
  hidden = new Map(); // why a namespace was cut, while next stands in and the app need not know
  lastTicket = null;
  later = null; // the hint that is acted on after this move
  hinted = false; // the current connection

  constructor(options) {
    super(options);
    this.query = { ...options.query, drain: '1' };
    this.current = new Connection(this, options.url, this.query, true);
  }

  tellAll(event, data) {
    for (const ns of this.options.namespaces) this.tell(ns, event, [data]);
  }

  close() {
    this.closed = true;
    for (const connection of [this.current, this.next, ...this.old]) connection?.close();
  }

  // ------------------------------------------------------------------ what its sockets say

  connected(connection, ns) {
    connection.connectedAt ??= now();
    if (connection !== this.current) return;
    connection.back = this.gone.delete(ns);
    this.tell(ns, 'connect', []);
    this.ready(connection, ns).catch(({ message }) => {
      this.tell(ns, 'drain:failed', [{ reason: 'ready', message }]);
    });
  }

  disconnected(connection, ns, reason) {
    connection.lost = true;
    connection.hello = null;
    const standsIn = has('adopt') && this.next?.live;
    if (connection !== this.current) return;
    if (standsIn) {
      this.holds = true;
      this.hidden.set(ns, reason);
    } else {
      this.gone.set(ns, this.gone.get(ns) ?? now());
      this.tell(ns, 'disconnect', [reason]);
    }
  }

  refused(connection, ns, error) {
    connection.lost = true;
    if (connection === this.current) this.tell(ns, 'connect_error', [error.message]);
  }

  heard(connection, ns, event, args) {
    if (event === 'drain:hello') connection.hello = args[0];
    else if (event === 'drain:plan') connection.plan = args[0].windowMs;
    else if (event === 'drain:reconnect') this.hint(connection, args);
    else if (connection === this.next && has('held back')) this.holdBack(ns, event, args);
    else if (connection === this.current || has('overlap')) this.deliver(ns, event, args);
  }

  async ready(connection, ns) {
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
    const good = typeof hint?.ticket === 'string' && hint.graceMs >= 0 && isAddress(hint.url);
    if (!good && has('checks')) return;
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
    const by = began + (has('grace') ? hint.graceMs : TOO_LONG_MS);
    const from = old.hello ?? { pod: 'unknown', generation: 'unknown' };
    this.tellAll('drain:moving', { reason: hint.reason, graceMs: hint.graceMs, from });
    this.duplicates = 0;
    try {
      const next = await this.connect(hint, from, by);
      const connectMs = Math.round(next.connectedAt - began);
      this.state = 'preparing';
      await this.prepare(next, by);
      this.state = 'holding';
      this.holds = true;
      const to = next.hello ?? { pod: 'unknown', generation: 'unknown' };
      if (has('landed') && !old.lost) await this.land(old, next, { pod: to.pod, connectMs }, by);
      // The cause of this cut may be about to cut the other one too: then nothing is sent on it.
      const both = () => (old.lost && next.lost) || this.closed;
      if ((old.lost || next.lost) && has('both')) await until(both, now() + BOTH_CUT_MS);
      if (next.lost || this.closed) throw new Error('the next connection was lost');
      const [gone] = this.gone.values();
      const downtimeMs = gone ? Math.max(0, Math.round(next.connectedAt - gone)) : 0;
      const held = this.release(next, old);
      const tookMs = Math.round(now() - began);
      this.state = 'overlap';
      await this.overlap(old);
      const { reason } = hint;
      const figures = { connectMs, tookMs, held, duplicates: this.duplicates, downtimeMs };
      this.tellAll('drain:moved', { reason, from, to, ...figures });
    } catch ({ message }) {
      this.next?.close();
      this.next = null;
      this.heldBack = [];
      for (const [ns, reason] of this.hidden) this.tell(ns, 'disconnect', [reason]);
      this.hidden.clear();
      this.flush();
      this.tellAll('drain:failed', { reason: hint.reason, message });
    }
    this.state = 'idle';
    const { later } = this;
    this.later = null;
    if (later?.connection === this.current) this.move(later.hint, later.connection);
  }

  async connect(hint, from, by) {
    const most = has('attempts') ? ATTEMPTS_MOST : 1;
    for (let attempt = 1; attempt <= most && now() < by && !this.closed; attempt++) {
      const spread = Math.random() * (PAUSE_MOST_MS - PAUSE_LEAST_MS);
      const pause = has('jitter') ? PAUSE_LEAST_MS + spread : 0;
      if (attempt > 1) await until(() => false, Math.min(by, now() + pause));
      if (now() >= by) break;
      const query = has('query') ? { ...this.query } : { drain: '1' };
      if (has('ticket')) query.ticket = hint.ticket;
      const own = this.current.url;
      const hinted = has('empty url') ? hint.url || own : (hint.url ?? own);
      const url = has('url') ? hinted : own;
      const next = new Connection(this, url, query, false);
      this.next = next;
      const elsewhere = () => this.current.back && this.current.live;
      const ended = () => next.live || next.lost || this.closed || elsewhere();
      const arrived = await until(ended, by);
      if (elsewhere()) break;
      const greetedBy = Math.min(by, now() + (has('stranger') ? HELLO_MS : TOO_LONG_MS));
      if (arrived && !next.lost) await until(() => next.hello || next.lost || this.closed, greetedBy);
      const { pod, generation } = next.hello ?? {};
      const boomerang = has('boomerang') && pod === from.pod && generation === from.generation;
      if (next.live && !boomerang && now() < by) return next;
      next.close();
      this.next = null;
      this.heldBack = [];
    }
    throw new Error('no attempt succeeded in time');
  }

  async prepare(next, by) {
    let ready = has('ready') ? 'open' : 'done';
    let why = 'ready took longer than the grace';
    const all = this.options.namespaces.map((ns) => (has('ready') ? this.ready(next, ns) : null));
    Promise.all(all).then(
      () => (ready = 'done'),
      (error) => {
        ready = 'failed';
        why = error.message;
      },
    );
    await until(() => ready !== 'open' || next.lost || this.closed, by);
    if (ready !== 'done' || now() >= by) throw new Error(why);
  }

  async land(old, next, data, by) {
    let answered = false;
    const [socket] = old.sockets.values();
    const tell = () => socket.emit('drain:landed', data, () => (answered = true));
    const over = () => answered || old.lost || next.lost || this.closed || !has('barrier');
    const end = by + BEYOND_GRACE_MS;
    tell();
    if (await until(over, Math.min(end, now() + LANDED_AGAIN_MS))) return;
    if (has('repeat')) tell();
    await until(over, end);
  }

  release(next, old) {
    this.next = null;
    this.old.add(old);
    this.current = next;
    this.hinted = false; // this connection has had no hint yet
    next.manager.opts.query = this.query; // a reconnect is no move: no ticket
    next.manager.reconnection(true);
    for (const ns of this.gone.keys()) this.tell(ns, 'connect', []);
    this.gone.clear();
    this.hidden.clear();
    for (const [ns, event, args] of this.heldBack.splice(0)) this.deliver(ns, event, args);
    return this.flush();
  }

  async overlap(old) {
    const end = now() + this.options.overlapMs;
    const last = now() + LINGER_MOST_MS;
    const answered = () => old.lost || old.pending === 0 || this.closed;
    if (has('overlap')) await until(() => old.lost || this.closed, end);
    const gone = until(() => answered() || !has('pending'), last).then(() => {
      old.close();
      this.old.delete(old);
    });
    // If asked to move again, the client does not wait: the old one lingers beside the next move.
    const asked = () => has('lingering') && this.later?.connection === this.current;
    await Promise.race([gone, until(asked, last + 100)]);
  }
}

const isAddress = (url) => !url || URL.canParse(url);
