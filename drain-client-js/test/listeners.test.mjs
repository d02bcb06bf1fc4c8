// Whatever an app does in any listener of a move: what it has in the end is a connection that works,
// and moves, or none.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { io as stockIo } from 'socket.io-client';
import { drainAware, drainState } from 'graceful-drain-client';
import { answered, Pod, uncaught, until } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const BOUND_MS = 30_000;
const SIDE_BY_SIDE = 8;

/** Where the app acts. `ack` is the timeout of an acknowledgement in the overlap. */
const PLACES = {
  told: ['drain:moving', 'drain:switched', 'drain:moved', 'connect', 'feed'],
  manager: ['reconnect_attempt', 'open', 'reconnect'],
  log: ['connected', 'holding'],
  own: ['ready', 'ack'],
};
/** Not told, or not called, if the app has nothing to prepare. */
const NOT_IF_QUIET = ['connect', 'open', 'reconnect', 'ready'];

const ACTIONS = {
  disconnect: (socket) => socket.disconnect(),
  disconnectAndConnect: (socket) => socket.disconnect().connect(),
  connectTwice: (socket) => socket.connect().open(),
  closeManager: ({ io }) => io.disconnect(),
  closeManagerAndConnect(socket) {
    socket.io.disconnect();
    socket.connect();
  },
  closeManagerAndOpen({ io }) {
    io.disconnect();
    io.open();
  },
  closeEngine: ({ io }) => io.engine.close(),
  openNamespace: ({ io }) => io.socket('/chat').connect(),
  openAndCloseNamespace: ({ io }) => io.socket('/chat').connect().disconnect(),
  throwError() {
    throw new Error('the app’s own');
  },
  emit: (socket) => socket.emit('up', 'inside'),
};

async function play({ quiet, kind, place, action }) {
  const [a, b] = [await Pod.start('a'), await Pod.start('b')];
  let socket;
  let isDone = false;
  const act = () => {
    if (isDone) return;
    isDone = true;
    ACTIONS[action](socket);
  };
  const aware = { origins: () => true, overlapMs: 20, ...(quiet && { ready: false }) };
  if (kind === 'log') aware.log = (what) => what === place && act();
  if (place === 'ready') aware.ready = (_, { moving }) => moving && act();
  const delays = { reconnectionDelay: 5, reconnectionDelayMax: 20, randomizationFactor: 0 };
  const options = { forceNew: true, transports: ['websocket'], ...delays };
  socket = drainAware(stockIo, aware)(a.url, options);
  const wait = (condition) => until(condition, BOUND_MS);
  /** One connection if the app has one, on one pod. */
  const isRight = () => {
    const sessions = [a, b].map(({ io }) => io.of('/').sockets.size);
    const isOpen = Object.values(socket.io.nsps).some(({ active }) => active);
    const engines = a.io.engine.clientsCount + b.io.engine.clientsCount;
    const isClosed = !socket.active || action.startsWith('closeManager');
    return (
      drainState(socket) === 'idle' &&
      sessions[0] + sessions[1] === (socket.connected ? 1 : 0) &&
      engines <= (isOpen ? 1 : 0) &&
      (socket.connected || isClosed)
    );
  };
  try {
    await wait(() => socket.connected);
    if (kind === 'told') socket.on(place, act);
    if (kind === 'manager') socket.io.on(place, act);
    a.answerLanded = () => {
      b.emit('feed', 1); // is held back until the switch
      if (place === 'ack') socket.timeout(1).emit('owe', 1, act);
      return true;
    };
    a.hint({ url: b.url });
    await wait(() => isDone);
    await wait(isRight);
    socket.connect();
    await wait(() => socket.connected);
    await answered(socket);
    a.answerLanded = () => true;
    const [from, to] = a.io.of('/').sockets.has(socket.id) ? [a, b] : [b, a];
    from.hint({ url: to.url });
    await wait(() => to.io.of('/').sockets.has(socket.id) && isRight());
    await answered(socket);
  } finally {
    socket.disconnect();
    socket.io.disconnect();
    await Promise.all([a.stop(), b.stop()]);
  }
}

test('each action of an app, in each listener of a move, leaves a connection that works and moves, or none', async () => {
  const rows = [];
  for (const quiet of [false, true]) {
    for (const [kind, places] of Object.entries(PLACES)) {
      for (const place of places.filter((one) => !quiet || !NOT_IF_QUIET.includes(one))) {
        for (const action of Object.keys(ACTIONS)) rows.push({ quiet, kind, place, action });
      }
    }
  }
  const thrown = uncaught(closing, (_, { message }) => message);
  const wrong = [];
  const waiting = rows.values();
  const worker = async () => {
    for (const row of waiting) {
      await play(row).catch(({ message }) => wrong.push(`${JSON.stringify(row)}: ${message}`));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  assert.deepEqual(wrong, []);
  assert.deepEqual([...new Set(thrown)], ['the app’s own']);
});
