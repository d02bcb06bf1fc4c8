import http from 'node:http';
import { Server } from 'socket.io';
import { query } from './address.mjs';

export const NAMESPACES = ['/', '/chat'];

/**
 * One pod: a Socket.IO server that speaks the hint, with the faults that a scenario asks for. What
 * it sees goes into the log with its name.
 */
export class Pod {
  #inner = http.createServer(); // never listens: requests are handed to it
  #io = new Server({ serveClient: false, connectTimeout: 5000 });
  #log;
  #raw = new Set(); // the TCP connections that lead here
  #forgotten = new Set(); // sessions that were cut
  #members = new Map(); // living Socket.IO sockets, and whether they get the feed
  #owed = []; // acknowledgements of `ask` that are yet to be given
  #issued = new Set();
  #timers = new Set();

  /**
   * What it does wrong, or at all; a scenario sets any of them at any time.
   *   hello          false: says none (a stock server); an object: more fields of it
   *   plan           what it says as drain:plan after hello, or null
   *   refuse         how many handshakes it answers with 503
   *   refuseOwn      true: answers handshakes that carry a ticket of its own with 503
   *   destroy        how many handshakes it answers by cutting the TCP connection
   *   silent         true: takes handshakes and never answers
   *   delayMs        how long a handshake waits
   *   landed         'answer' | 'withhold' | 'withholdFirst' | 'error', or {delayMs} to answer late
   *   joinMs         how long `join` waits for its answer
   *   feedAll        false: only who has sent `join` gets the feed
   *   hintFirst      a hint sent before the CONNECT reply, once
   *   ack            what it puts into the answer to landed
   */
  faults = {
    hello: true, plan: null, refuse: 0, refuseOwn: false, destroy: 0, silent: false, delayMs: 0,
    landed: 'answer', joinMs: 0, feedAll: true, hintFirst: null, ack: null,
  };

  constructor(name, log) {
    this.name = name;
    this.generation = `g-${name}`;
    this.#log = log;
    this.#io.attach(this.#inner);
    this.#io.of('/').use((socket, next) => {
      this.#hintBeforeConnect(socket);
      next();
    });
    for (const namespace of NAMESPACES) {
      this.#io.of(namespace).on('connection', (socket) => this.#joined(socket, namespace));
    }
  }

  #note(what, more) {
    return this.#log.add(what, { pod: this.name, ...more });
  }

  knows(sid) {
    return this.#io.engine.clients[sid] !== undefined;
  }

  // ------------------------------------------------------------------ its front door

  request(request, response) {
    this.#keep(request.socket);
    const refuse = (status, body) => {
      response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(body);
    };
    this.#admit(request, refuse, () => this.#inner.emit('request', request, response));
  }

  upgrade(request, socket, head) {
    this.#keep(socket);
    const refuse = (status) => {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    this.#admit(request, refuse, () => this.#inner.emit('upgrade', request, socket, head));
  }

  #keep(socket) {
    if (!this.#raw.has(socket)) {
      this.#raw.add(socket);
      socket.once('close', () => this.#raw.delete(socket));
    }
  }

  #admit(request, refuse, pass) {
    const asked = query(request);
    if (asked.sid) {
      if (this.#forgotten.has(asked.sid)) refuse(400, '{"code":1,"message":"Session ID unknown"}');
      else pass();
      return;
    }
    const outcome = this.#outcome(asked);
    this.#note('handshake', { outcome, query: asked, transport: asked.transport });
    if (outcome === 'refused') refuse(503, '{"message":"draining"}');
    else if (outcome === 'destroyed') request.socket.destroy();
    else if (outcome === 'passed') this.#after(this.faults.delayMs, pass);
    // silent: whoever waits for an answer waits
  }

  #outcome(asked) {
    const faults = this.faults;
    if (faults.silent) return 'silent';
    if (faults.refuse > 0) {
      faults.refuse--;
      return 'refused';
    }
    if (faults.refuseOwn && this.#issued.has(asked.ticket)) return 'refused';
    if (faults.destroy > 0) {
      faults.destroy--;
      return 'destroyed';
    }
    return 'passed';
  }

  #after(ms, action) {
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
    this.#note('cut');
    for (const sid of Object.keys(this.#io.engine.clients)) this.#forgotten.add(sid);
    for (const socket of this.#raw) socket.destroy();
  }

  close() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#io.disconnectSockets(true);
    this.#io.close();
  }

  // ------------------------------------------------------------------ the hint

  #joined(socket, ns) {
    const asked = Object.fromEntries(Object.entries(socket.handshake.query));
    this.#note('joined', {
      ns, sid: socket.id, query: asked, auth: socket.handshake.auth,
      transport: socket.conn.transport.name,
    });
    this.#members.set(socket, this.faults.feedAll);
    socket.on('disconnect', (reason) => {
      this.#members.delete(socket);
      this.#note('left', { ns, sid: socket.id, reason, transport: socket.conn.transport.name });
    });
    socket.on('up', (data, ack) => {
      this.#note('up', { ns, n: data?.n });
      if (typeof ack === 'function') ack();
    });
    socket.on('ask', (data, ack) => {
      this.#note('ask', { ns, n: data?.n });
      this.#owed.push(ack);
    });
    socket.on('join', (ack) => {
      this.#after(this.faults.joinMs, () => {
        this.#members.set(socket, true);
        this.#note('join', { ns });
        ack();
      });
    });
    socket.on('drain:landed', (data, ack) => this.#landed(socket, ns, data, ack));
    socket.onAny((event) => {
      if (event.startsWith('drain:') && event !== 'drain:landed') this.#note('stray', { event });
    });
    if (asked.drain === '1') this.#greet(socket);
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
    const times = this.#note('landed', { ns, sid: socket.id, data }) && this.#log.all('landed', { pod: this.name });
    const { landed, ack: answer } = this.faults;
    if (typeof ack !== 'function') this.#note('stray', { event: 'drain:landed without ack' });
    else if (landed === 'error') ack({ error: 'drain:landed: as the scenario says' });
    else if (landed === 'answer' || (landed === 'withholdFirst' && times.length > 1)) {
      if (answer) ack(answer);
      else ack();
    } else if (landed.delayMs) this.#after(landed.delayMs, ack);
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
        this.#note('hint', { ticket, ns: socket.nsp.name });
        socket.emit('drain:reconnect', hint, (...answer) => {
          this.#note('heard', { ticket, ns: socket.nsp.name, answer });
        });
      }
      this.#after(repeat, () => say(said + 1));
    };
    say(0);
  }

  /** An event packet with an id of its own, written before the CONNECT reply. */
  #hintBeforeConnect(socket) {
    const hint = this.faults.hintFirst;
    if (!hint) return;
    this.faults.hintFirst = null;
    this.#issued.add(hint.ticket);
    this.#note('hint', { ticket: hint.ticket, ns: '/' });
    socket.conn.on('packet', ({ type, data }) => {
      if (type === 'message' && String(data).startsWith('3900')) {
        this.#note('heard', { ticket: hint.ticket, ns: '/', answer: JSON.parse(data.slice(4)) });
      }
    });
    socket.conn.write(`2900${JSON.stringify(['drain:reconnect', hint])}`);
  }

  // ------------------------------------------------------------------ what it sends

  /** Sends an event to everybody, or to whoever is in that namespace; the protocol's to who knows. */
  say(event, args, ns) {
    this.#note('said', { event });
    for (const socket of this.#members.keys()) {
      const knows = !event.startsWith('drain:') || socket.handshake.query.drain === '1';
      if (knows && (ns === undefined || socket.nsp.name === ns)) socket.emit(event, ...args);
    }
  }

  /** Says DISCONNECT, which clients take as final. */
  kick() {
    for (const socket of this.#members.keys()) socket.disconnect(true);
  }

  feed(data) {
    for (const [socket, feeds] of this.#members) if (feeds) socket.emit('feed', data);
  }

  /** Gives the acknowledgements that it owes. */
  answer() {
    for (const ack of this.#owed.splice(0)) ack('answered');
  }
}
