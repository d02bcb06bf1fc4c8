// The shortest client that passes the table, as an agent: to read beside docs/protocol.md, and to
// hold the table itself. `--without FEATURE` takes one thing away, which the table must notice.
// Not for use: drain-client-js is the client.
import { createInterface } from 'node:readline';
import { Manager } from 'socket.io-client';

const missing = new Set(process.argv.slice(2).filter((argument) => argument !== '--without'));
const with_ = (feature) => !missing.has(feature);

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
let skipped = 0;
const now = () => performance.now() + skipped;

/** Waits until something holds, at most until then; whether it does. */
function until(holds, deadline) {
  return new Promise((resolve) => {
    const timer = setInterval(check, 4);
    function check() {
      const held = holds();
      if (!held && now() < deadline) return;
      clearInterval(timer);
      resolve(held);
    }
  });
}

class Connection {
  hello = null;
  plan = 0;
  pending = 0;
  lost = false;
  back = false; // by its stock reconnect
  connectedAt = null;

  constructor(client, url, query, reconnection) {
    const { transports, namespaces, auth } = client.options;
    this.url = url;
    this.sockets = new Map();
    this.manager = new Manager(url, { transports, query, reconnection, autoConnect: false });
    for (const ns of namespaces) {
      const socket = this.manager.socket(ns, { auth: with_('auth') ? auth : undefined });
      this.sockets.set(ns, socket);
      socket.onAny((event, ...args) => client.heard(this, ns, event, args));
      socket.on('connect', () => client.connected(this, ns));
      socket.on('disconnect', (reason) => client.disconnected(this, ns, reason));
      socket.on('connect_error', (error) => client.refused(this, ns, error));
    }
    const stock = this.manager.backoff.duration.bind(this.manager.backoff);
    this.manager.backoff.duration = () => {
      const window = with_('plan') && !client.hinted ? this.plan : 0;
      if (with_('plan once')) this.plan = 0;
      return window > 0 ? Math.floor(Math.random() * window) : stock();
    };
    for (const socket of this.sockets.values()) socket.connect();
  }

  get live() {
    return [...this.sockets.values()].every((socket) => socket.connected);
  }

  close() {
    for (const socket of this.sockets.values()) socket.disconnect();
    this.manager._close(); // also one that is still on its way
  }
}

class Client {
  next = null;
  old = null; // in the overlap
  holding = false;
  held = [];
  heldBack = [];
  seen = new Map();
  gone = new Map(); // since when the app knows a namespace as disconnected
  duplicates = 0;
  acted = null;
  moving = false;
  later = null;
  hinted = false;
  closed = false;

  constructor(options) {
    this.options = options;
    this.query = { ...options.query, drain: '1' };
    this.current = new Connection(this, options.url, this.query, true);
  }

  tell(ns, event, args) {
    if (!this.closed) say({ is: 'event', ns, event, args });
  }

  tellAll(event, data) {
    for (const ns of this.options.namespaces) this.tell(ns, event, [data]);
  }

  close() {
    this.closed = true;
    for (const connection of [this.current, this.next, this.old]) connection?.close();
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
    const unseen = with_('adopt') && this.next?.live;
    if (connection !== this.current) return;
    if (unseen) this.holding = true;
    else {
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
    else if (connection === this.next && with_('held back')) this.heldBack.push([ns, event, args]);
    else if (connection === this.current || with_('overlap')) this.deliver(ns, event, args);
  }

  deliver(ns, event, args) {
    const id = this.id(args.find((arg) => typeof arg === 'object'));
    if (id !== undefined) {
      const scope = with_('scope') ? ns : '/';
      const seen = this.seen.get(scope) ?? new Set();
      this.seen.set(scope, seen);
      if (seen.has(id)) {
        this.duplicates++;
        return;
      }
      seen.add(id);
      if (seen.size > 1024) seen.delete(seen.values().next().value);
    }
    this.tell(ns, event, args.filter((arg) => typeof arg !== 'function'));
  }

  id(data) {
    const { dedupe } = this.options;
    if (dedupe === false || !with_('dedupe')) return undefined;
    return dedupe === 'n' ? data?.n : data?.drainId;
  }

  async ready(connection, ns) {
    const [way, ms] = this.options.ready.split(':');
    if (way === 'reject') throw new Error('not ready');
    if (way === 'slow') await until(() => false, now() + Number(ms));
    if (way === 'join') await connection.sockets.get(ns).emitWithAck('join');
  }

  // ------------------------------------------------------------------ what the app does

  emit(message) {
    if (this.holding && with_('hold')) {
      if (this.held.length < 10_000 || !with_('limit')) this.held.push(message);
      else say({ is: 'ackError', id: message.id, message: '10,000 emits are held: the limit' });
      return;
    }
    const over = this.current;
    const { ns, event, args, ack, id } = message;
    if (!ack) {
      over.sockets.get(ns).emit(event, ...args);
      return;
    }
    over.pending++;
    over.sockets.get(ns).emit(event, ...args, (...answer) => {
      over.pending--;
      say({ is: 'ack', id, args: answer });
    });
  }

  // ------------------------------------------------------------------ the move

  hint(connection, args) {
    const heard = args.at(-1);
    if (typeof heard === 'function' && with_('ack')) heard();
    const [hint] = args;
    const good = typeof hint?.ticket === 'string' && hint.graceMs >= 0;
    if (!good && with_('checks')) return;
    if (this.acted === hint?.ticket && with_('once')) return;
    if (this.moving) {
      if (with_('queue')) this.later = { hint, connection };
      return;
    }
    this.hinted = true;
    this.move(hint, connection);
  }

  async move(hint, old) {
    this.moving = true;
    this.acted = hint.ticket;
    const began = now();
    const by = began + (with_('grace') ? hint.graceMs : 60_000);
    const from = old.hello ?? { pod: 'unknown', generation: 'unknown' };
    this.tellAll('drain:moving', { reason: hint.reason, graceMs: hint.graceMs, from });
    this.duplicates = 0;
    try {
      const next = await this.attempts(hint, from, by);
      const connectMs = Math.round(next.connectedAt - began);
      await this.prepare(next, by);
      this.holding = true;
      const to = next.hello ?? { pod: 'unknown', generation: 'unknown' };
      if (with_('landed') && !old.lost) await this.landed(old, next, { pod: to.pod, connectMs }, by);
      if (next.lost || this.closed) throw new Error('the next connection was lost');
      const [gone] = this.gone.values();
      const downtimeMs = gone ? Math.max(0, Math.round(next.connectedAt - gone)) : 0;
      const held = this.release(next, old);
      const tookMs = Math.round(now() - began);
      await this.overlap(old);
      const { reason } = hint;
      const figures = { connectMs, tookMs, held, duplicates: this.duplicates, downtimeMs };
      this.tellAll('drain:moved', { reason, from, to, ...figures });
    } catch ({ message }) {
      this.next?.close();
      this.next = null;
      this.heldBack = [];
      this.flush();
      this.tellAll('drain:failed', { reason: hint.reason, message });
    }
    this.moving = false;
    const { later } = this;
    this.later = null;
    if (later?.connection === this.current) this.move(later.hint, later.connection);
  }

  async attempts(hint, from, by) {
    const most = with_('attempts') ? 3 : 1;
    for (let attempt = 1; attempt <= most && now() < by && !this.closed; attempt++) {
      const pause = with_('jitter') ? 100 + Math.random() * 200 : 0;
      if (attempt > 1) await until(() => false, Math.min(by, now() + pause));
      if (now() >= by) break;
      const query = with_('query') ? { ...this.query } : { drain: '1' };
      if (with_('ticket')) query.ticket = hint.ticket;
      const url = with_('url') ? (hint.url ?? this.current.url) : this.current.url;
      const next = new Connection(this, url, query, false);
      this.next = next;
      const elsewhere = () => this.current.back && this.current.live;
      const ended = () => next.live || next.lost || this.closed || elsewhere();
      const arrived = await until(ended, by);
      if (elsewhere()) break;
      const greetedBy = Math.min(by, now() + (with_('stranger') ? 1000 : 60_000));
      if (arrived && !next.lost) await until(() => next.hello || next.lost || this.closed, greetedBy);
      const { pod, generation } = next.hello ?? {};
      const boomerang = with_('boomerang') && pod === from.pod && generation === from.generation;
      if (next.live && !boomerang && now() < by) return next;
      next.close();
      this.next = null;
      this.heldBack = [];
    }
    throw new Error('no attempt succeeded in time');
  }

  async prepare(next, by) {
    let state = with_('ready') ? 'open' : 'done';
    let why = 'ready took longer than the grace';
    const all = this.options.namespaces.map((ns) => (with_('ready') ? this.ready(next, ns) : null));
    Promise.all(all).then(
      () => (state = 'done'),
      (error) => {
        state = 'failed';
        why = error.message;
      },
    );
    await until(() => state !== 'open' || next.lost || this.closed, by);
    if (state !== 'done' || now() >= by) throw new Error(why);
  }

  async landed(old, next, data, by) {
    let answered = false;
    const [socket] = old.sockets.values();
    const tell = () => socket.emit('drain:landed', data, () => (answered = true));
    const over = () => answered || old.lost || next.lost || this.closed || !with_('barrier');
    const end = by + 1000;
    tell();
    if (await until(over, Math.min(end, now() + 500))) return;
    if (with_('repeat')) tell();
    await until(over, end);
  }

  release(next, old) {
    this.next = null;
    this.old = old;
    this.current = next;
    this.hinted = false; // this connection has had no hint yet
    next.manager.opts.query = this.query; // a reconnect is no move: no ticket
    next.manager.reconnection(true);
    for (const ns of this.gone.keys()) this.tell(ns, 'connect', []);
    this.gone.clear();
    for (const [ns, event, args] of this.heldBack.splice(0)) this.deliver(ns, event, args);
    return this.flush();
  }

  flush() {
    this.holding = false;
    const many = this.held.length;
    const held = this.held.splice(0);
    if (!with_('order')) held.reverse();
    for (const message of held) this.emit(message);
    return many;
  }

  async overlap(old) {
    const end = now() + this.options.overlapMs;
    const last = now() + 60_000;
    if (with_('overlap')) await until(() => old.lost || this.closed, end);
    if (with_('pending')) await until(() => old.lost || old.pending === 0 || this.closed, last);
    old.close();
    this.old = null;
  }
}

// -------------------------------------------------------------------- the agent

let client = null;
const commands = {
  open(options) {
    client?.close();
    client = new Client(options);
  },
  emit: (message) => client.emit(message),
  disconnect: () => client?.close(),
  state() {
    const [socket] = client?.current.sockets.values() ?? [];
    const connected = (socket?.connected || client?.next?.live) ?? false;
    say({ is: 'state', connected, id: socket?.id ?? null });
  },
  skipTime({ ms }) {
    skipped += ms;
  },
  exit: () => process.exit(0),
};

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const command = JSON.parse(line);
  const action = commands[command.do];
  if (action) action(command);
  else say({ is: 'error', message: `do: ${command.do} is not known` });
});
input.on('close', () => process.exit(0));
say({ is: 'ready' });
