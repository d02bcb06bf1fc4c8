import { Server } from 'socket.io';
import { fromBytes } from './bytes.mjs';
import { Door } from './door.mjs';

export const NAMESPACES = ['/', '/chat'];

/**
 * One pod: a Socket.IO server that speaks the hint, with the faults of a scenario. Its
 * events go into the log with its name.
 */
export class Pod {
  #door = new Door(this);
  #io = new Server({ serveClient: false, connectTimeout: 5000 });
  #log;
  #members = new Map(); // living Socket.IO sockets, and whether they get the feed
  #owed = []; // acknowledgements of `ask` that are yet to be given
  #issued = new Set();
  #timers = new Set();

  /**
   * Its faults and habits. A scenario sets any of them at any time.
   *   hello          false: says none (a stock server); an object: more fields of it
   *   plan           what it says as drain:plan after hello, or null
   *   refuse         how many handshakes it answers with 503
   *   refuseOwn      true: answers handshakes that carry a ticket of its own with 503
   *   destroy        how many handshakes it answers by cutting the TCP connection
   *   silent         true: takes handshakes and never answers
   *   delayMs        how long a handshake waits
   *   landed         'answer' | 'withhold' | 'withholdFirst' | 'error', or {delayMs} to answer late
   *   joinMs         how long `join` waits for its answer
   *   feedAll        false: only clients that have sent `join` get the feed
   *   hintFirst      a hint sent before the CONNECT reply, once
   *   ack            what it puts into the answer to landed
   *   refuses        by namespace, with what CONNECT_ERROR it refuses a client, and unless what token
   *                  is in its auth: {"/": {"message": "expired", "unless": "fresh"}}
   *   pid            what its CONNECT replies have as `pid`; 'repeat': what the client brings
   *   token          what it says as drain:token to a client that asks for it
   */
  faults = {
    hello: true, plan: null, refuse: 0, refuseOwn: false, destroy: 0, silent: false, delayMs: 0,
    landed: 'answer', joinMs: 0, feedAll: true, hintFirst: null, ack: null,
    refuses: {}, pid: null, token: null,
  };

  constructor(name, log) {
    this.name = name;
    this.generation = `g-${name}`;
    this.#log = log;
    this.#io.attach(this.#door.inner);
    this.#io.of('/').use((socket, next) => {
      this.#hintBeforeConnect(socket);
      next();
    });
    this.#io.engine.on('connection', (conn) => conn.on('upgrade', () => this.note('upgraded')));
    for (const namespace of NAMESPACES) {
      this.#io.of(namespace).use((socket, next) => {
        const { pid } = this.faults;
        if (pid) socket.pid = pid === 'repeat' ? socket.handshake.auth.pid : pid;
        next(this.#refusal(socket, namespace));
      });
      this.#io.of(namespace).on('connection', (socket) => this.#joined(socket, namespace));
    }
  }

  note(what, more) {
    return this.#log.add(what, { pod: this.name, ...more });
  }

  request(...asked) {
    this.#door.request(...asked);
  }

  upgrade(...asked) {
    this.#door.upgrade(...asked);
  }

  hasIssued(ticket) {
    return this.#issued.has(ticket);
  }

  knows(sid) {
    return this.#io.engine.clients[sid] !== undefined;
  }

  after(ms, action) {
    if (ms === 0) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  /** Cuts every TCP connection that leads here, without a word, and forgets the sessions. */
  cut() {
    this.note('cut');
    this.#door.cut(Object.keys(this.#io.engine.clients));
  }

  close() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#io.disconnectSockets(true);
    this.#io.close();
  }

  // ------------------------------------------------------------------ the hint

  #refusal({ handshake: { auth } }, ns) {
    const refusal = this.faults.refuses[ns];
    if (!refusal || (refusal.unless && auth.token === refusal.unless)) return undefined;
    this.note('refused', { ns, auth });
    return new Error(refusal.message);
  }

  #joined(socket, ns) {
    const asked = Object.fromEntries(Object.entries(socket.handshake.query));
    this.note('joined', {
      ns, sid: socket.id, query: asked, auth: socket.handshake.auth,
      transport: socket.conn.transport.name,
    });
    this.#members.set(socket, this.faults.feedAll);
    socket.on('disconnect', (reason) => {
      this.#members.delete(socket);
      this.note('left', { ns, sid: socket.id, reason, transport: socket.conn.transport.name });
    });
    socket.on('up', (data, ...more) => {
      const ack = typeof more.at(-1) === 'function' ? more.pop() : () => {};
      this.note('up', { ns, n: data?.n, args: fromBytes([data, ...more]) });
      ack(...more);
    });
    socket.on('tick', (data) => this.note('tick', { ns, n: data?.n }));
    socket.on('ask', (data, ack) => {
      this.note('ask', { ns, n: data?.n });
      this.#owed.push(ack);
    });
    socket.on('join', (ack) => {
      this.after(this.faults.joinMs, () => {
        this.#members.set(socket, true);
        this.note('join', { ns });
        ack?.();
      });
    });
    socket.on('word', (data) => this.note('word', { ns, data }));
    socket.on('drain:landed', (data, ack) => this.#landed(socket, ns, data, ack));
    socket.onAny((event) => {
      if (event.startsWith('drain:') && event !== 'drain:landed') this.note('stray', { event });
    });
    if (asked.drain === '1') this.#greet(socket);
    const { token } = this.faults;
    const recovered = socket.pid !== undefined && socket.pid === socket.handshake.auth.pid;
    if (token && asked['drain-token'] === '1') socket.emit('drain:token', { token, recovered });
  }

  #greet(socket) {
    const { hello, plan } = this.faults;
    if (hello) {
      const more = hello === true ? {} : hello;
      socket.emit('drain:hello', { pod: this.name, generation: this.generation, ...more });
    }
    if (plan) socket.emit('drain:plan', plan);
  }

  #landed(socket, ns, data, ack) {
    const times = this.note('landed', { ns, sid: socket.id, data }) && this.#log.all('landed', { pod: this.name });
    const { landed, ack: answer } = this.faults;
    if (typeof ack !== 'function') this.note('stray', { event: 'drain:landed without ack' });
    else if (landed === 'error') ack({ error: 'drain:landed: as the scenario says' });
    else if (landed === 'answer' || (landed === 'withholdFirst' && times.length > 1)) {
      if (answer) ack(answer);
      else ack();
    } else if (landed.delayMs) this.after(landed.delayMs, ack);
  }

  /** Sends the hint in each namespace, again and again until it was heard, as a server must. */
  hint({ graceMs = 2000, ticket, url, reason = 'drain', times, everyMs, extra, message, ns }) {
    this.#issued.add(ticket);
    const usual = { reason, graceMs, ticket, ...(url ? { url } : {}), ...extra };
    const hint = message === undefined ? usual : message;
    const repeat = everyMs ?? Math.max(250, graceMs / 4);
    const most = times ?? Math.max(1, Math.ceil(graceMs / repeat));
    const heard = () => this.#log.all('heard', { pod: this.name, ticket }).length > 0;
    const aware = [...this.#members.keys()].filter(
      ({ handshake, nsp }) => handshake.query.drain === '1' && (!ns || nsp.name === ns),
    );
    if (aware.length === 0) throw new Error(`${this.name}: no client with drain=1 to be hinted`);
    const say = (said) => {
      if (said >= most || (times === undefined && heard())) return;
      for (const socket of aware) {
        if (!socket.connected) continue;
        this.note('hint', { ticket, ns: socket.nsp.name });
        socket.emit('drain:reconnect', hint, (...answer) => {
          this.note('heard', { ticket, ns: socket.nsp.name, answer });
        });
      }
      this.after(repeat, () => say(said + 1));
    };
    say(0);
  }

  /** An event packet with an id of its own, written before the CONNECT reply. */
  #hintBeforeConnect(socket) {
    const hint = this.faults.hintFirst;
    if (!hint) return;
    this.faults.hintFirst = null;
    this.#issued.add(hint.ticket);
    this.note('hint', { ticket: hint.ticket, ns: '/' });
    socket.conn.on('packet', ({ type, data }) => {
      if (type === 'message' && String(data).startsWith('3900')) {
        this.note('heard', { ticket: hint.ticket, ns: '/', answer: JSON.parse(data.slice(4)) });
      }
    });
    socket.conn.write(`2900${JSON.stringify(['drain:reconnect', hint])}`);
  }

  // ------------------------------------------------------------------ what it sends

  /**
   * Sends an event to all, or to those in a namespace. The protocol's go to aware clients alone, but
   * for the one that goes to any.
   */
  say(event, args, ns) {
    this.note('said', { event });
    for (const socket of this.#members.keys()) {
      const forAll = !event.startsWith('drain:') || event === 'drain:at';
      const knows = forAll || socket.handshake.query.drain === '1';
      if (knows && (ns === undefined || socket.nsp.name === ns)) socket.emit(event, ...args);
    }
  }

  /** Asks all clients, or those in a namespace, for an acknowledgement. */
  question(event, args, ns) {
    this.note('asked', { event });
    for (const socket of this.#members.keys()) {
      if (ns !== undefined && socket.nsp.name !== ns) continue;
      socket.emit(event, ...args, (...answer) => {
        this.note('replied', { ns: socket.nsp.name, event, args: fromBytes(answer) });
      });
    }
  }

  /** Says DISCONNECT, which clients take as final; in one namespace, or in all. */
  kick(ns) {
    for (const socket of this.#members.keys()) {
      if (ns === undefined) socket.disconnect(true);
      else if (socket.nsp.name === ns) socket.disconnect();
    }
  }

  feed(args) {
    for (const [socket, feeds] of this.#members) if (feeds) socket.emit('feed', ...args);
  }

  /** Gives the acknowledgements that it owes. */
  answer() {
    for (const ack of this.#owed.splice(0)) ack('answered');
  }
}
