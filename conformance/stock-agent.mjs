// An agent around the plain socket.io-client: what a client that does not know the hint shows.
import { Manager } from 'socket.io-client';
import { obey, say } from './lib/lines.mjs';

let manager;
let sockets = new Map();
let questions = []; // events that want an acknowledgement and have none yet
let run = 0;

function close() {
  run++;
  for (const socket of sockets.values()) socket.disconnect();
  manager?._close?.();
  sockets = new Map();
  questions = [];
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
      if (typeof args.at(-1) === 'function') questions.push({ ns, event, ack: args.at(-1) });
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

function answer({ ns, event, args }) {
  const asked = (question) => question.ns === ns && question.event === event;
  questions.filter(asked).forEach(({ ack }) => ack(...args));
  questions = questions.filter((question) => !asked(question));
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
