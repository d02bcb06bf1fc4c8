// Pods for the tests: real socket.io servers that speak the hint, with faults.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from 'socket.io';
import * as v48 from 'socket.io-client';
import * as v45 from 'socket.io-client-4.5';
import * as v46 from 'socket.io-client-4.6';

export const CLIENTS = { 4.5: v45.io, 4.6: v46.io, 4.8: v48.io };
export const TRANSPORTS = [['websocket'], ['polling'], ['polling', 'websocket']];

/** Waits until the condition holds; fails, naming it, when it does not within the bound. */
export async function until(condition, boundMs = 30_000) {
  const end = performance.now() + boundMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${boundMs} ms: ${condition}`);
    await sleep(5);
  }
}

/** Fails, naming it, unless the condition holds for all of that time: what must not happen did not. */
export async function staysSo(ms, condition) {
  const end = performance.now() + ms;
  do {
    if (!condition()) throw new Error(`not for ${ms} ms: ${condition}`);
    await sleep(5);
  } while (performance.now() < end);
}

/** The server has answered an event of the app, and so all that it was sent before. */
export const answered = (socket) => new Promise((resolve) => socket.emit('up', 'asked', resolve));

/** A `ready` that keeps a move preparing until it is `set`. */
export function pausedReady() {
  let go;
  return {
    ready: ({ nsp }, { moving }) =>
      moving && nsp === '/' && new Promise((resolve) => (go = resolve)),
    begun: () => go,
    set: () => go(),
  };
}

/** A clock that stands until a test moves it. */
export function standingClock() {
  const timers = new Set();
  let now = 0;
  return {
    timers,
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    goOn(ms) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at <= now && timers.delete(timer)) timer.action();
      }
    },
  };
}

let tickets = 0;

export class Pod {
  refuse = 0; // how many handshakes are answered with 503
  answerLanded = () => true;
  landings = [];
  queries = []; // of the admitted handshakes
  got = [];
  owed = [];
  tcp = new Set();

  static async start(name, { port = 0, plan, hello = true, options = {} } = {}) {
    const pod = new Pod();
    Object.assign(pod, { name, plan, hello });
    pod.http = createServer();
    pod.http.on('connection', (socket) => {
      pod.tcp.add(socket);
      socket.on('close', () => pod.tcp.delete(socket));
    });
    pod.io = new Server(pod.http, {
      ...options,
      allowRequest: (request, done) => {
        const fresh = !request.url.includes('sid=');
        if (fresh && pod.refuse > 0) {
          pod.refuse--;
          done('draining', false);
        } else done(null, true);
      },
    });
    for (const ns of ['/', '/chat']) pod.io.of(ns).on('connection', (s) => pod.joined(s));
    pod.http.listen(port, '127.0.0.1');
    await once(pod.http, 'listening');
    pod.port = pod.http.address().port;
    pod.url = `http://127.0.0.1:${pod.port}`;
    return pod;
  }

  joined(socket) {
    this.queries.push(socket.handshake.query);
    if (this.hello) socket.emit('drain:hello', { pod: this.name, generation: 'g' });
    if (this.plan !== undefined) socket.emit('drain:plan', { windowMs: this.plan });
    socket.on('drain:landed', (body, ack) => {
      this.landings.push(body);
      if (this.answerLanded()) ack();
    });
    socket.on('up', (n, ack) => {
      this.got.push(n);
      ack?.(n);
    });
    socket.on('owe', (n, ack) => this.owed.push(() => ack(n)));
    socket.on('join', (ack) => ack(this.name));
  }

  get sockets() {
    return [...this.io.of('/').sockets.values(), ...this.io.of('/chat').sockets.values()];
  }

  emit(...args) {
    for (const socket of this.sockets) socket.emit(...args);
  }

  hint({ graceMs = 3000, ticket = `t${++tickets}`, ...more } = {}) {
    let heard = 0;
    this.emit('drain:reconnect', { reason: 'drain', graceMs, ticket, ...more }, () => heard++);
    return () => heard;
  }

  /** Cuts every connection without a word. */
  cut() {
    for (const socket of this.tcp) socket.destroy();
  }

  async stop() {
    this.io.disconnectSockets(true);
    this.io.close();
    this.cut();
    if (this.http.listening) await once(this.http, 'close');
  }
}

/** Whatever the app sees of its connection, in order. */
export function watch(socket) {
  const seen = { events: [], moved: [], failed: [], feed: [], ids: [] };
  for (const event of ['connect', 'disconnect', 'drain:moving', 'drain:moved', 'drain:failed']) {
    socket.on(event, (what) => {
      seen.events.push(event);
      seen[event.slice('drain:'.length)]?.push(what);
      seen.ids.push(socket.id);
    });
  }
  socket.on('feed', ({ n }) => seen.feed.push(n));
  return seen;
}

export const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Two pods and a socket that is connected to the first, which end with the test. */
export async function setUpPair(drainAware, closing, { options, aware, a: ofA, b: ofB } = {}) {
  const [a, b] = [await Pod.start('a', ofA), await Pod.start('b', ofB)];
  const socket = drainAware(
    v48.io,
    a.url,
    { forceNew: true, transports: ['websocket'], ...options },
    { ready: false, origins: () => true, ...aware },
  );
  closing.push(
    () => a.stop(),
    () => b.stop(),
    () => socket.io.disconnect(),
  );
  const seen = watch(socket);
  await until(() => socket.connected);
  return { a, b, socket, seen };
}

/** Notes uncaught exceptions and unhandled rejections, instead of the end of this process. */
export function uncaught(closing, note) {
  const all = [];
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    const before = process.listeners(event);
    process.removeAllListeners(event);
    process.on(event, (error) => all.push(note(event, error)));
    closing.push(() => {
      process.removeAllListeners(event);
      for (const listener of before) process.on(event, listener);
    });
  }
  return all;
}
