// The agent of the conformance test: this client, told what to do by lines of JSON on standard
// input, telling what its app sees on standard output. conformance/README.md describes both.
import { drainAware } from 'graceful-drain-client';
import { obey, say } from '../../conformance/lib/lines.mjs';
import { Questions } from '../../conformance/lib/questions.mjs';

// Another version of it may be named.
const { io } = await import(process.argv[2] ?? 'socket.io-client');

const OVERLAP_MS = 500;
const questions = new Questions();
let sockets = new Map();
let run = 0;
let skippedMs = 0;
const clock = {
  now: () => Math.round(performance.now()) + skippedMs,
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

function close() {
  run++;
  for (const socket of sockets.values()) socket.disconnect();
  sockets = new Map();
  questions.clear();
}

const ready = {
  ok: () => {},
  join: (socket) => new Promise((resolve) => socket.emit('join', () => resolve())),
  reject: () => Promise.reject(new Error('not ready')),
};

function readiness(how = 'ok') {
  if (!how.startsWith('slow:')) return ready[how];
  const ms = Number(how.slice('slow:'.length));
  return () => new Promise((resolve) => setTimeout(resolve, ms));
}

const dedupes = { n: (event, args) => args.find((arg) => arg?.n !== undefined)?.n, false: false };

function listen(socket, ns) {
  const mine = run;
  const tell = (event, args) => {
    if (run === mine) say({ is: 'event', ns, event, args });
  };
  socket.onAny((event, ...args) => {
    tell(
      event,
      args.filter((arg) => typeof arg !== 'function'),
    );
    questions.add(ns, event, args);
  });
  socket.on('connect', () => tell('connect', []));
  socket.on('disconnect', (reason) => tell('disconnect', [reason]));
  socket.on('connect_error', (error) => tell('connect_error', [error.message]));
  for (const event of ['drain:moving', 'drain:moved', 'drain:failed']) {
    socket.on(event, (what) => tell(event, [what]));
  }
}

function open({ url, namespaces = ['/'], transports, query, auth, overlapMs, dedupe, ...more }) {
  close();
  const [first, ...others] = namespaces;
  const options = { transports, query, auth, forceNew: true };
  const aware = {
    ready: readiness(more.ready),
    dedupe: dedupes[dedupe],
    overlapMs: overlapMs ?? OVERLAP_MS,
    clock,
  };
  const socket = drainAware(io, url + first, options, aware);
  sockets.set(first, socket);
  for (const ns of others) sockets.set(ns, socket.io.socket(ns, { auth }));
  for (const [ns, each] of sockets) listen(each, ns);
}

function emit({ ns = '/', event, args = [], ack, id, volatile }) {
  const socket = sockets.get(ns);
  const way = volatile ? socket.volatile : socket;
  try {
    if (ack) way.emit(event, ...args, (...answer) => say({ is: 'ack', id, args: answer }));
    else way.emit(event, ...args);
  } catch (error) {
    say({ is: 'ackError', id, message: error.message });
  }
}

function answer(message) {
  for (const ack of questions.take(message)) ack(...message.args);
}

obey({
  open,
  emit,
  answer,
  disconnect: close,
  state() {
    const [socket] = sockets.values();
    say({ is: 'state', connected: socket?.connected ?? false, id: socket?.id ?? null });
  },
  skipTime({ ms }) {
    skippedMs += ms;
  },
  exit: () => process.exit(0),
});
