// An agent around the plain socket.io-client: what a client that does not know the hint shows.
import { createInterface } from 'node:readline';
import { Manager } from 'socket.io-client';

let manager;
let sockets = new Map();
let run = 0;

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function close() {
  run++;
  for (const socket of sockets.values()) socket.disconnect();
  manager?._close?.();
  sockets = new Map();
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

const commands = {
  open,
  emit,
  disconnect: close,
  state() {
    const [socket] = sockets.values();
    say({ is: 'state', connected: socket?.connected ?? false, id: socket?.id ?? null });
  },
  skipTime() {}, // it looks at no clock of its own
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
