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

function open({ url, namespaces, transports, ready, query, auth }) {
  close();
  const mine = run;
  manager = new Manager(url, { transports, query });
  for (const ns of namespaces) {
    const socket = manager.socket(ns, { auth });
    sockets.set(ns, socket);
    const tell = (event, args) => {
      if (run === mine) say({ is: 'event', ns, event, args });
    };
    socket.onAny((event, ...args) => {
      tell(event, args.filter((arg) => typeof arg !== 'function'));
      questions.add(ns, event, args);
    });
    socket.on('connect', () => {
      tell('connect', []);
      if (ready === 'join') socket.emit('join', () => {});
    });
    socket.on('disconnect', (reason) => tell('disconnect', [reason]));
    socket.on('connect_error', (error) => tell('connect_error', [error.message]));
  }
}

function emit({ ns, event, args, ack, id, volatile }) {
  const socket = sockets.get(ns);
  const way = volatile ? socket.volatile : socket;
  if (ack) way.emit(event, ...args, (...answer) => say({ is: 'ack', id, args: answer }));
  else way.emit(event, ...args);
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
  skipTime() {}, // it looks at no clock of its own
  exit: () => process.exit(0),
});
