// The agent of the conformance test: this client, told what to do by lines of JSON on standard
// input, telling what its app sees on standard output. conformance/README.md describes both.
import { obey, say } from '../../conformance/lib/lines.mjs';
import { Questions } from '../../conformance/lib/questions.mjs';

// Another version of it may be named, and another file of this client.
const [, , stock = 'socket.io-client', own = 'graceful-drain-client'] = process.argv;
const { io: stockIo } = await import(stock);
const { byContent, drainAware, drainState } = await import(own);

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
  join: (next) => new Promise((resolve) => next.emit('join', () => resolve())),
  reject: () => Promise.reject(new Error('not ready')),
  none: undefined,
  false: false,
};

function readiness(how = 'ok') {
  if (!String(how).startsWith('slow:')) return ready[how];
  const ms = Number(how.slice('slow:'.length));
  return () => new Promise((resolve) => setTimeout(resolve, ms));
}

const dedupes = {
  n: (event, args) => args.find((arg) => arg?.n !== undefined)?.n,
  content: byContent,
  false: false,
};
const origins = {
  own: undefined,
  loopback: (origin) => /:\/\/(127\.|localhost|\[::1)/.test(origin),
};
const DRAIN_EVENTS = ['drain:moving', 'drain:switched', 'drain:moved', 'drain:failed'];
const MANAGER_EVENTS = [
  ...['open', 'close', 'error', 'reconnect_attempt', 'reconnect', 'reconnect_error'],
];

function listen(socket, ns, { emitOn = {}, refresh, refreshMs }) {
  const mine = run;
  const tell = (event, args, more) => {
    if (run === mine) say({ is: 'event', ns, event, args, ...more });
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
  socket.on('connect_error', (error) => {
    tell('connect_error', [error.message]);
    if (!refresh || socket.auth === refresh) return;
    const connect = () => {
      socket.auth = refresh;
      socket.connect();
    };
    if (refreshMs) setTimeout(connect, refreshMs);
    else connect();
  });
  for (const event of DRAIN_EVENTS) {
    const id = () => (event === 'drain:switched' ? { id: socket.id } : {});
    socket.on(event, (what) => tell(event, [what], id()));
  }
  for (const [event, words] of Object.entries(emitOn))
    socket.on(event, () => socket.emit(...words));
}

function listenToManager(manager, { query, countAttempts }) {
  const mine = run;
  for (const event of MANAGER_EVENTS) {
    manager.on(event, (arg) => {
      if (run === mine) say({ is: 'manager', event, args: [arg?.message ?? arg ?? null] });
    });
  }
  manager.on('reconnect_attempt', (n) => {
    if (countAttempts) manager.opts.query = { ...query, attempt: n };
  });
}

function open({ url, namespaces = ['/'], transports, query, auth, overlapMs, dedupe, ...more }) {
  close();
  const io = drainAware(stockIo, {
    ready: readiness(more.ready),
    dedupe: dedupes[dedupe],
    overlapMs: overlapMs ?? OVERLAP_MS,
    origins: typeof more.origins === 'string' ? origins[more.origins] : more.origins,
    clock,
  });
  const manager = new io.Manager(url, { transports, query });
  listenToManager(manager, { query, ...more });
  for (const ns of namespaces) {
    const socket = manager.socket(ns, { auth });
    sockets.set(ns, socket);
    listen(socket, ns, more);
  }
}

function emit({ ns = '/', event, args = [], ack, id, volatile, reuse }) {
  const socket = sockets.get(ns);
  const way = volatile ? socket.volatile : socket;
  try {
    if (ack) way.emit(event, ...args, (...answer) => say({ is: 'ack', id, args: answer }));
    else way.emit(event, ...args);
  } catch (error) {
    say({ is: 'ackError', id, message: error.message });
  }
  if (reuse) args[0].n = -1;
}

function answer(message) {
  for (const ack of questions.take(message)) ack(...message.args);
}

const commands = {
  open,
  emit,
  answer,
  disconnect: ({ ns }) => (ns ? sockets.get(ns).disconnect() : close()),
  state() {
    const [socket] = sockets.values();
    say({
      is: 'state',
      connected: socket?.connected ?? false,
      id: socket?.id ?? null,
      move: socket ? drainState(socket) : 'idle',
    });
  },
  skipTime({ ms }) {
    skippedMs += ms;
  },
  exit: () => process.exit(0),
};
obey(commands, { token: 'it has recovery, and asks for no token' });
