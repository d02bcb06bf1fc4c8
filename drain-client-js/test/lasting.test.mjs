// Things that must not pile up in a long life, and mistakes of an app that must not cost it a move.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { io } from 'socket.io-client';
import { drainAware as awareOf } from 'graceful-drain-client';
import { clientOf, drainAware, innerOf } from './inside.mjs';
import { Pod, uncaught, until, watch } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function pods(...names) {
  const started = await Promise.all(names.map((name) => Pod.start(name)));
  for (const each of started) closing.push(() => each.stop());
  return started;
}

async function open(url, aware, options) {
  const socket = drainAware(
    io,
    url,
    { forceNew: true, transports: ['websocket'], ...options },
    { ready: false, origins: () => true, ...aware },
  );
  closing.push(() => socket.disconnect());
  const seen = watch(socket);
  await until(() => socket.connected);
  return { socket, seen };
}

test('ten moves leave one connection, and as many listeners and timers as two', async () => {
  const [a, b] = await pods('a', 'b');
  const { socket, seen } = await open(a.url, { overlapMs: 10 });
  const held = () => {
    const { current, connections } = clientOf(socket);
    const listeners = Object.values(current.manager._callbacks).map((each) => each.length);
    const inner = innerOf(socket);
    return [connections.size, listeners, inner._anyListeners.length, a.tcp.size + b.tcp.size];
  };
  let after2;
  for (let move = 1; move <= 10; move++) {
    const [from, to] = move % 2 ? [a, b] : [b, a];
    from.hint({ url: to.url });
    await until(() => seen.moved.length === move && from.tcp.size === 0);
    if (move === 2) after2 = held();
  }
  assert.deepEqual(held(), after2);
  assert.equal(after2[0], 1);
});

test('what was acknowledged is forgotten', async () => {
  const [a] = await pods('a');
  const { socket } = await open(a.url);
  for (let i = 0; i < 100; i++) await socket.emitWithAck('up', i);
  assert.equal(clientOf(socket).current.owed, 0);
});

test('sockets that were closed are not kept, however many an app opens at one address', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const [a] = await pods('a');
  await open(a.url, {}, { forceNew: false });
  const closed = [];
  for (let i = 0; i < 10; i++) {
    const socket = drainAware(io, a.url, { transports: ['websocket'] });
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.disconnect();
    closed.push(new WeakRef(socket));
  }
  await until(() => a.sockets.length === 1);
  await until(() => {
    gc();
    return closed.filter((each) => each.deref()).length < 5;
  });
});

test('a query set between two connects keeps its drain=1', async () => {
  const [a] = await pods('a');
  const { socket } = await open(a.url);
  socket.disconnect();
  socket.io.opts.query = { token: 2 };
  socket.connect();
  await until(() => a.queries.length === 2);
  assert.deepEqual([a.queries[1].token, a.queries[1].drain], ['2', '1']);
});

test('what the app changes in its own options counts at the next connection, as with the stock client', async () => {
  const [a, b] = await pods('a', 'b');
  const own = { query: { token: 1 }, forceNew: true, transports: ['websocket'] };
  for (const [at, make] of [io, awareOf(io, { origins: () => true })].entries()) {
    own.query = { token: 1 };
    const socket = make(a.url, own);
    await until(() => socket.connected);
    own.query = { token: 2 };
    socket.io.engine.close();
    await until(() => a.queries.length === 2 * at + 2);
    if (at) {
      await until(() => socket.connected);
      own.query = { token: 3 };
      a.hint({ url: b.url });
      await until(() => b.queries.length === 1);
      assert.equal(b.queries[0].token, '3');
    }
    assert.deepEqual(
      a.queries.slice(2 * at).map(({ token }) => token),
      ['1', '2'],
    );
    assert.ok(!('drain' in own.query), 'the app’s own object has nothing of ours');
    socket.disconnect();
  }
});

test('origins and a log of a later socket that shares the connection are said to be ignored', async () => {
  const [a] = await pods('a');
  const told = [];
  const log = (what, details) => what === 'ignored' && told.push(details.event);
  const options = { transports: ['websocket'] };
  const origins = ['https://b.example.org'];
  const first = awareOf(io, { origins, log })(a.url, options);
  const same = awareOf(io, { origins: [...origins], log })(`${a.url}/chat`, options);
  assert.deepEqual([told, same.io === first.io], [[], true]);
  const other = { origins: ['https://c.example.org'], log: () => {} };
  const third = awareOf(io, other)(`${a.url}/third`, options);
  assert.deepEqual(told, ['option origins', 'option log']);
  for (const socket of [first, same, third]) socket.disconnect();
});

test('a grace that is no number is acknowledged, and not acted on', async () => {
  const [a, b] = await pods('a', 'b');
  const { seen } = await open(a.url);
  for (const graceMs of ['500', null, [], true, -1]) {
    const heard = a.hint({ graceMs, url: b.url });
    await until(() => heard() === 1);
  }
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
});

test('an acknowledgement function that throws, as its connection is cut, stops no move', async () => {
  const [a, b] = await pods('a', 'b');
  const { socket, seen } = await open(a.url, { overlapMs: 5000 });
  socket.timeout(20000).emit('owe', 1, (error, answer) => answer.length);
  await until(() => a.owed.length === 1);
  const errors = uncaught(closing, (event, error) => [event, error.constructor.name]);
  const { id } = socket;
  a.hint({ url: b.url });
  await until(() => socket.id !== id);
  a.cut();
  await until(() => seen.moved.length === 1 && errors.length);
  b.hint({ url: a.url });
  await until(() => socket.id === a.sockets[0]?.id);
  assert.deepEqual(errors, [['uncaughtException', 'TypeError']]);
});

test('an event is given to the app when dedupe throws', async () => {
  const [a] = await pods('a');
  const { socket } = await open(a.url, { dedupe: (_event, args) => args[0].n });
  const errors = uncaught(closing, (event, error) => [event, error.constructor.name]);
  let got = 0;
  socket.on('bare', () => got++);
  a.emit('bare');
  await until(() => got === 1 && errors.length);
  assert.deepEqual(errors, [['uncaughtException', 'TypeError']]);
});

test('an app that disconnects while emits are held: its last words go, nothing is told', async () => {
  const [a, b] = await pods('a', 'b');
  a.answerLanded = () => false;
  const { socket, seen } = await open(a.url);
  const words = []; // socket.io hands no listener what came together with a DISCONNECT
  for (const each of a.sockets) each.use((event, next) => next(void words.push(event)));
  a.hint({ url: b.url });
  await until(() => a.landings.length === 1);
  socket.emit('up', 'bye');
  socket.disconnect();
  await until(() => !a.sockets.length && !b.sockets.length);
  assert.deepEqual(words.at(-1), ['up', 'bye']);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'disconnect']);
  socket.connect();
  await until(() => socket.connected);
  await new Promise((resolve) => socket.emit('up', 'again', resolve));
});
