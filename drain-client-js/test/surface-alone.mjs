// What an app may do that ends or makes connections. Each case has a stage of its own. `phases` are
// those in which a stock client and an aware one are compared; by default, all.
import { staysSo } from './pods.mjs';
import { outcome } from './surface-cases.mjs';

/** Later than anything is waited for. */
const LATE_MS = 10_000;

const ENDS = ['before', 'after'];

/** Has every event of socket and manager told, in their order. */
export function tellAll(stage, tell, socket = stage.socket) {
  const known = (id) => [stage.a, stage.b].some((pod) => pod.io.of(socket.nsp).sockets.has(id));
  const on = (emitter, name, event, what) =>
    emitter.on(event, (...args) => tell(`${name}${event}`, ...what(args)));
  on(socket, '', 'connect', () => [socket.connected, socket.active, known(socket.id)]);
  on(socket, '', 'disconnect', ([reason]) => [reason, socket.connected, socket.active, socket.id]);
  on(socket, '', 'connect_error', ([error]) => [error.message, socket.active]);
  for (const event of ['open', 'ping', 'reconnect_failed']) {
    on(socket.io, 'io ', event, (args) => args);
  }
  on(socket.io, 'io ', 'close', ([reason]) => [reason]);
  for (const event of ['reconnect_attempt', 'reconnect']) {
    on(socket.io, 'io ', event, (args) => args);
  }
  for (const event of ['error', 'reconnect_error']) {
    on(socket.io, 'io ', event, ([error]) => [error.message]);
  }
}

const kinds = ({ connected, disconnected, active }) => ({ connected, disconnected, active });

/** Waits until nothing more is about to happen. */
async function settled(stage) {
  const { socket, a, b } = stage;
  const { io } = socket;
  const isQuiet = () => {
    // It ends when what was emitted is written.
    if (stage.kept.closing && stage.kept.closing.readyState !== 'closed') return false;
    const peers = [...a.sockets, ...b.sockets].filter(({ nsp }) => nsp.name === socket.nsp);
    if (socket.connected) return peers.length === 1 && peers[0].id === socket.id;
    const isBusy = io._reconnecting || io._readyState === 'opening';
    return !peers.length && !isBusy && !(socket.active && io._readyState === 'open');
  };
  for (let calm = 0; calm < 4;) {
    await stage.until(isQuiet);
    try {
      await staysSo(8, () => stage.goOn() || isQuiet());
      calm = 4;
    } catch {
      calm = 0;
    }
  }
}

/** It works: the server answers. */
async function works(stage, tell) {
  const { socket } = stage;
  socket.connect();
  await stage.until(() => socket.connected);
  await settled(stage);
  tell('answered', await new Promise((resolve) => socket.emit('ask at the end', resolve)));
}

// ---------------------------------------------------------------- every order of calls

let emitted = 0;

const OPERATIONS = {
  connect: ({ socket }) => socket.connect() === socket,
  open: ({ socket }) => socket.open() === socket,
  disconnect: ({ socket }) => socket.disconnect() === socket,
  close: ({ socket }) => socket.close() === socket,
  emit: ({ socket }) => socket.emit('say', 'in between') === socket,
  'io.open': ({ socket: { io } }) => io.open() === io,
  'io.disconnect': ({ socket: { io } }) => io.disconnect(),
  'io._close': ({ socket: { io } }) => io._close(),
  'engine.close'({ socket: { io }, kept }) {
    kept.closing = io.engine;
    return io.engine.close() === io.engine;
  },
};

const MEMBERS = {
  disconnect: ['Socket.disconnect'],
  close: ['Socket.close'],
  'io.disconnect': ['Manager.disconnect'],
  'io._close': ['Manager._close'],
  'engine.close': ['Engine.close'],
};

function orders(length, names) {
  if (!length) return [[]];
  return orders(length - 1, names).flatMap((head) => names.map((name) => [...head, name]));
}

function orderCase(order, phases) {
  return {
    phases,
    of: [`order: ${order.join(', ')}`, ...(order.length === 1 ? (MEMBERS[order[0]] ?? []) : [])],
    async run(stage, tell) {
      tellAll(stage, tell);
      for (const name of order) {
        tell(
          name,
          outcome(() => OPERATIONS[name](stage)),
          kinds(stage.socket),
        );
      }
      await settled(stage);
      tell('settled', kinds(stage.socket));
      await works(stage, tell);
    },
  };
}

const MAIN = ['connect', 'disconnect', 'emit', 'io.open', 'io.disconnect'];
const SHORT = [1, 2].flatMap((length) => orders(length, MAIN));
const ALIASES = [['open'], ['close'], ['io._close'], ['close', 'open'], ['disconnect', 'open']];
/** The end of the engine is a cut, which is another thing in a move. A reconnect follows. */
const CUTTING = ['connect', 'disconnect', 'emit', 'io.disconnect'].flatMap((name) => [
  [name, 'engine.close'],
  ['engine.close', name],
]);

export const ORDERS = [
  ...[...SHORT, ...ALIASES].map((order) => orderCase(order)),
  ...[['engine.close'], ...CUTTING].map((order) => orderCase(order, ENDS)),
];
export const LONG_ORDERS = orders(3, MAIN).map((order) => orderCase(order));

// ---------------------------------------------------------------- calls from within listeners

function within(name, arrange) {
  return {
    of: [`within: ${name}`],
    async run(stage, tell) {
      tellAll(stage, tell);
      await arrange(stage, tell);
      await settled(stage);
      await works(stage, tell);
    },
  };
}

/** The app closes the engine, or the network cuts it, while a move is under way. */
function cutCase(name, cut) {
  return {
    of: [`cut in a move: ${name}`],
    phases: ['connecting', 'preparing', 'holding', 'overlap'],
    async run(stage, tell) {
      const { a, front } = stage;
      const [[id]] = a.io.of('/').sockets;
      tellAll(stage, tell);
      const [first] = front.pipes;
      cut(stage, first);
      await stage.until(() => !a.io.of('/').sockets.has(id) || stage.has('failed'));
      await settled(stage);
      await works(stage, tell);
    },
  };
}

export const ALONE = [
  cutCase('of the engine, by the app', ({ socket }) => socket.io.engine.close()),
  cutCase('of the old connection, by the network', (_, first) => first.destroy()),
  within('disconnect in an event', async ({ socket, pod }, tell) => {
    const left = new Promise((resolve) =>
      socket.once('feed', () => {
        tell('feed', kinds(socket.disconnect()));
        resolve();
      }),
    );
    pod.emit('feed', { n: 1 });
    await left;
  }),
  within('connect in disconnect', async ({ socket }, tell) => {
    socket.once('disconnect', () => tell('again', kinds(socket.connect())));
    socket.disconnect();
  }),
  within('disconnect in connect', async (stage, tell) => {
    const { socket } = stage;
    socket.once('connect', () => tell('left', kinds(socket.disconnect())));
    socket.disconnect().connect();
    await stage.until(() => !socket.active);
  }),
  within('emit in disconnect', async ({ socket }, tell) => {
    socket.once('disconnect', () => tell(kinds(socket.emit('say', 'after'))));
    socket.disconnect();
    tell(socket.sendBuffer.length);
  }),
  within('a listener that throws', async ({ socket }, tell) => {
    const thrower = () => {
      throw new Error('of the app');
    };
    socket.on('own', thrower);
    tell(outcome(() => socket.listeners('own')[0]()));
    socket.off('own');
    socket.on('disconnect', thrower);
    tell(
      outcome(() => socket.disconnect()),
      kinds(socket),
    );
    socket.off('disconnect', thrower);
  }),
  {
    of: ['Socket.removeAllListeners', 'Manager.removeAllListeners', 'Engine.removeAllListeners'],
    async run(stage, tell) {
      const { socket } = stage;
      for (const [name, emitter] of Object.entries({ socket, io: socket.io })) {
        emitter.on('own', () => tell('never'));
        tell(name, emitter.removeAllListeners('own') === emitter, emitter.hasListeners('own'));
      }
      socket.on('feed', () => tell('never'));
      tell(socket.removeAllListeners() === socket, socket.hasListeners('feed'));
      socket.on('moved', () => tell('never'));
      tell(socket.off() === socket, socket.hasListeners('moved'));
      const { engine } = socket.io;
      engine.on('own', () => tell('never'));
      tell(engine.removeAllListeners('own') === engine, engine.hasListeners('own'));
      tell(await new Promise((resolve) => socket.emit('ask', resolve)));
    },
    phases: ['before', 'connecting', 'preparing', 'overlap', 'after'],
  },
  // ---------------------------------------------------------------- what the server does
  {
    of: ['Socket event connect', 'Socket event disconnect', 'Manager event open', 'a cut'].concat(
      ['close', 'reconnect_attempt', 'reconnect'].map((event) => `Manager event ${event}`),
      'Engine event close',
    ),
    async run(stage, tell) {
      const { socket, front } = stage;
      tellAll(stage, tell);
      const { engine } = socket.io;
      for (const event of ['close', 'error']) {
        engine.on(event, (why) => tell(`engine ${event}`, String(why)));
      }
      const { id } = socket;
      front.cut();
      await stage.until(() => socket.connected && socket.id !== id);
      await works(stage, tell);
    },
    phases: ENDS,
  },
  {
    of: ['emits while it is cut', 'Socket.sendBuffer when cut'],
    async run(stage, tell) {
      const { socket, front } = stage;
      front.isShut = true; // so that the timeouts come first
      front.cut();
      await stage.until(() => !socket.connected);
      const ask = new Promise((resolve) => socket.emit('ask', 1, (...args) => resolve(args)));
      socket.volatile.emit('say', 'volatile is dropped');
      socket.onAnyOutgoing((event, ...args) => tell('outgoing', event, args.length));
      tell(
        socket.sendBuffer.map(({ type, data }) => [type, data]),
        socket.receiveBuffer,
      );
      const late = new Promise((resolve) => socket.timeout(1).emit('ask', 2, (e) => resolve(e)));
      const rejected =
        socket.emitWithAck &&
        socket
          .timeout(1)
          .emitWithAck('ask', 3)
          .catch((e) => e.message);
      const timeouts = [String(await late), await rejected];
      front.isShut = false;
      tell(...timeouts, await ask);
    },
    phases: ENDS,
  },
  {
    of: ['acknowledgements at a cut'],
    async run(stage, tell) {
      const { socket, front, a, b } = stage;
      socket.emit('owe', 1, (...args) => tell('never', args));
      socket.timeout(LATE_MS).emit('owe', 2, (error) => tell('with a timeout', error.message));
      socket.emitWithAck?.('owe', 3).catch((error) => tell('as a promise', error.message));
      await stage.until(() => a.owed.length + b.owed.length === (socket.emitWithAck ? 3 : 2));
      const { id } = socket;
      front.cut();
      await stage.until(() => socket.connected && socket.id !== id);
      tell(Object.keys(socket.acks).length);
      await works(stage, tell);
    },
    phases: ENDS,
  },
  {
    of: ['the server disconnects'],
    async run(stage, tell) {
      const { socket, pod } = stage;
      tellAll(stage, tell);
      pod.io.of('/').sockets.get(socket.id).disconnect();
      await stage.until(() => !socket.active);
      tell(kinds(socket));
      await settled(stage);
      await works(stage, tell);
    },
    phases: ENDS,
  },
  {
    of: ['the server closes the connection'],
    async run(stage, tell) {
      const { socket, pod } = stage;
      tellAll(stage, tell);
      pod.io.of('/').sockets.get(socket.id).disconnect(true);
      await stage.until(() => !socket.active);
      await settled(stage);
      tell(kinds(socket));
      await works(stage, tell);
    },
    phases: ENDS,
  },
  {
    of: ['Manager event ping', 'Engine event ping', 'Engine event pong', 'Engine event heartbeat'],
    server: { pingInterval: 30 },
    async run(stage, tell) {
      const { socket } = stage;
      const { engine } = socket.io;
      const log = [];
      socket.io.once('ping', () => log.push('io ping'));
      for (const event of ['ping', 'pong', 'heartbeat']) {
        engine.once(event, () => log.push(`engine ${event}`));
      }
      await stage.until(() => log.includes('io ping') && log.includes('engine ping'));
      await new Promise((resolve) => setImmediate(resolve));
      tell(log);
    },
    phases: ENDS,
  },
  {
    of: ['a ping that does not come'],
    server: { pingInterval: 300, pingTimeout: 700 },
    async run(stage, tell) {
      const { socket, front } = stage;
      tellAll(stage, (what, ...more) => what === 'io ping' || tell(what, ...more));
      const { id } = socket;
      for (const pipe of front.pipes) pipe.pause();
      await stage.until(() => socket.connected && socket.id !== id);
      await settled(stage);
    },
    phases: ENDS,
  },
  {
    of: ['Socket event connect_error', 'Manager event error', 'nobody there'].concat(
      ['reconnect_error', 'reconnect_failed'].map((event) => `Manager event ${event}`),
      'Engine event error',
    ),
    async run(stage, tell) {
      const { socket, front } = stage;
      socket.io.reconnectionAttempts(2);
      tellAll(stage, tell);
      const failed = new Promise((resolve) => socket.io.once('reconnect_failed', resolve));
      await new Promise((resolve) => {
        front.server.close(resolve);
        front.cut();
      });
      socket.io.on('reconnect_attempt', () =>
        queueMicrotask(() =>
          socket.io.engine.on('error', (error) => tell('engine error', error.type)),
        ),
      );
      await failed;
      tell(kinds(socket), socket.io._readyState);
    },
    phases: ENDS,
  },
  {
    of: ['a namespace that refuses'],
    async run(stage, tell) {
      const { socket, pod, a, b } = stage;
      for (const one of [a, b]) {
        one.io.of('/guarded').use(({ handshake }, next) => {
          if (handshake.auth.token === 'right') next();
          else next(Object.assign(new Error('who are you?'), { data: { code: 7 } }));
        });
      }
      const guarded = socket.io.socket('/guarded', { auth: { token: 'wrong' } });
      tellAll(stage, tell, guarded);
      const error = await new Promise((resolve) => guarded.once('connect_error', resolve));
      tell(error.data, kinds(guarded));
      guarded.auth.token = 'right';
      tell(guarded.connect() === guarded);
      await stage.until(() => guarded.connected);
      tell(kinds(guarded), kinds(socket));
      guarded.disconnect();
      tell(await new Promise((resolve) => socket.emit('ask', resolve)));
    },
    phases: ['before', 'connecting', 'preparing', 'overlap', 'after'],
  },
  {
    of: ['reconnection switched off'],
    async run(stage, tell) {
      const { socket, front } = stage;
      tellAll(stage, tell);
      tell(socket.io.reconnection(false) === socket.io);
      front.cut();
      await stage.until(() => !socket.connected);
      await settled(stage);
      tell(kinds(socket));
      await works(stage, tell);
    },
    phases: ENDS,
  },
  {
    of: ['two namespaces, one left after the other'],
    async run(stage, tell) {
      const { socket, a, b } = stage;
      const chat = socket.io.socket('/chat');
      tellAll(stage, tell, socket);
      for (const event of ['connect', 'disconnect']) {
        chat.on(event, (why) => tell('chat', event, why));
      }
      await stage.until(() => chat.connected);
      socket.disconnect();
      tell(kinds(chat), chat.io._readyState);
      chat.disconnect();
      tell(kinds(chat), chat.io._readyState);
      await stage.until(() => !a.sockets.length && !b.sockets.length);
      chat.connect();
      await stage.until(() => chat.connected);
      await works(stage, tell);
    },
    phases: ['before', 'connecting', 'preparing', 'overlap', 'after'],
  },
];
