// An agent around the plain socket.io-client: what a client that does not know the hint shows.
import { Manager } from 'socket.io-client';
import { obey, say } from './lib/lines.mjs';
import { Questions } from './lib/questions.mjs';

const questions = new Questions();
let manager;
let sockets = new Map();
let run = 0;

function close() {
  run++;
  for (const socket of sockets.values()) socket.disconnect();
  manager?._close?.();
  sockets = new Map();
  questions.clear();
}

const TOLD = ['open', 'close', 'error', 'reconnect_attempt', 'reconnect', 'reconnect_error'];

function open({ url, namespaces, transports, ready, query, auth, emitOn = {}, ...more }) {
  close();
  const mine = run;
  const asks = more.token ? { 'drain-token': '1' } : {};
  manager = new Manager(url, { transports, query: { ...query, ...asks } });
  for (const event of TOLD) {
    manager.on(event, (arg) => {
      if (run === mine) say({ is: 'manager', event, args: [arg?.message ?? arg ?? null] });
    });
  }
  manager.on('reconnect_attempt', (n) => {
    if (more.countAttempts) manager.opts.query = { ...query, attempt: n };
  });
  for (const ns of namespaces) {
    const socket = manager.socket(ns, { auth });
    sockets.set(ns, socket);
    const tell = (event, args) => {
      if (run === mine) say({ is: 'event', ns, event, args });
    };
    socket.onAny((event, ...args) => {
      if (event === 'drain:token') for (const each of sockets.values()) each.auth = { ...each.auth, pid: args[0].token };
      tell(event, args.filter((arg) => typeof arg !== 'function'));
      questions.add(ns, event, args);
    });
    socket.on('connect', () => {
      tell('connect', []);
      if (ready === 'join') socket.emit('join', () => {});
      if (emitOn.connect) socket.emit(...emitOn.connect);
    });
    socket.on('disconnect', (reason) => tell('disconnect', [reason]));
    socket.on('connect_error', (error) => {
      tell('connect_error', [error.message]);
      if (!more.refresh || socket.auth === more.refresh) return;
      socket.auth = more.refresh;
      socket.connect();
    });
  }
}

function emit({ ns, event, args, ack, id, volatile, reuse }) {
  const socket = sockets.get(ns);
  const way = volatile ? socket.volatile : socket;
  if (ack) way.emit(event, ...args, (...answer) => say({ is: 'ack', id, args: answer }));
  else way.emit(event, ...args);
  if (reuse) args[0].n = -1;
}

function answer(message) {
  for (const ack of questions.take(message)) ack(...message.args);
}

obey({
  open,
  emit,
  answer,
  disconnect: ({ ns }) => (ns ? sockets.get(ns).disconnect() : close()),
  state() {
    const [socket] = sockets.values();
    say({ is: 'state', connected: socket?.connected ?? false, id: socket?.id ?? null, move: 'idle' });
  },
  skipTime() {}, // it looks at no clock of its own
  exit: () => process.exit(0),
});
