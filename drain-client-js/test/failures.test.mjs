import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { drainAware } from 'graceful-drain-client';
import { Pod, setUpPair, until } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let skippedMs = 0;
const clock = {
  now: () => Math.round(performance.now()) + skippedMs,
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

const setUp = ({ aware, ...how } = {}) =>
  setUpPair(drainAware, closing, { aware: { clock, ...aware }, ...how });

const FAILED = ['connect', 'drain:moving', 'drain:failed'];

test('a copy of the hint is acknowledged and not acted on', async () => {
  const { a, b, seen } = await setUp();
  const heard = [a.hint({ url: b.url, ticket: 'one' }), a.hint({ url: b.url, ticket: 'one' })];
  await until(() => seen.moved.length === 1);
  assert.deepEqual(
    heard.map((times) => times()),
    [1, 1],
  );
  assert.equal(seen.events.filter((event) => event === 'drain:moving').length, 1);
});

test('a hint of the new pod in the overlap is acted on, though an acknowledgement is owed', async () => {
  const { a, b, socket, seen } = await setUp({ aware: { overlapMs: 100 } });
  const c = await Pod.start('c');
  closing.push(() => c.stop());
  const answers = [];
  socket.emit('owe', 1, (n) => answers.push(n));
  await until(() => a.owed.length === 1);
  a.hint({ url: b.url });
  await until(() => socket.id === b.sockets[0]?.id); // released
  b.hint({ url: c.url });
  await until(() => seen.moved.length === 2);
  assert.equal(seen.moved[1].to.pod, 'c');
  a.owed[0]();
  await until(() => answers.length === 1);
  await until(() => a.sockets.length === 0);
  assert.ok(!seen.events.includes('disconnect'));
});

test('the same pod again is no move', async () => {
  const { a, socket, seen } = await setUp();
  a.hint({});
  await until(() => seen.failed.length === 1);
  assert.deepEqual(seen.events, FAILED);
  assert.match(seen.failed[0].message, /a again/);
  assert.equal(a.queries.length, 4, 'three attempts');
  await until(() => a.sockets.length === 1);
  assert.equal(a.sockets[0].id, socket.id);
});

test('a ready that rejects ends the move with its own words', async () => {
  const { a, b, socket, seen } = await setUp({
    aware: { ready: (_, { moving }) => moving && Promise.reject(new Error('no room')) },
  });
  a.hint({ url: b.url });
  await until(() => seen.failed.length === 1);
  assert.deepEqual(seen.failed, [{ reason: 'drain', code: 'ready', message: 'no room' }]);
  assert.equal(b.queries.length, 1, 'one attempt');
  await new Promise((resolve) => socket.emit('up', 1, resolve));
  assert.deepEqual(a.got, [1]);
  await until(() => b.sockets.length === 0);
});

test('a ready that rejects at the first connect is told, and stops nothing', async () => {
  const { seen, socket } = await setUp({
    aware: { ready: () => Promise.reject(new Error('no room')) },
  });
  await until(() => seen.failed.length === 1);
  assert.deepEqual(seen.failed, [{ reason: 'ready', code: 'ready', message: 'no room' }]);
  assert.ok(socket.connected);
});

test('a ready that takes longer than the grace ends the move', async () => {
  const { a, b, seen } = await setUp({
    aware: { ready: (_, { moving }) => moving && new Promise(() => {}) },
  });
  a.hint({ url: b.url, graceMs: 200 });
  await until(() => seen.failed.length === 1);
  assert.deepEqual(seen.events, FAILED);
  assert.equal(seen.failed[0].message, 'not in 200 ms');
});

test('a clock that jumps past the grace ends the move, with nothing lost', async () => {
  const { a, b, socket, seen } = await setUp();
  b.refuse = 1;
  a.hint({ url: b.url });
  await until(() => b.refuse === 0);
  skippedMs += 3_600_000;
  socket.emit('up', 1);
  await until(() => seen.failed.length === 1);
  await until(() => a.got.length === 1);
  assert.ok(socket.connected);
});

test('the new connection is lost while landed is open: what was held goes out on the old', async () => {
  const { a, b, socket, seen } = await setUp();
  a.answerLanded = () => false;
  a.hint({ url: b.url });
  await until(() => a.landings.length === 1);
  socket.emit('up', 1);
  socket.emit('up', 2);
  b.cut();
  await until(() => seen.failed.length === 1);
  await until(() => a.got.length === 2);
  assert.deepEqual(a.got, [1, 2]);
  assert.deepEqual(seen.events, FAILED);
});

test('the old connection is cut while landed is open: released at once', async () => {
  const { a, b, socket, seen } = await setUp();
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 20_000 });
  await until(() => a.landings.length === 1);
  socket.emit('up', 1);
  a.cut();
  await until(() => seen.moved.length === 1 && b.got.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
});

test('the old connection comes back first: the app sees both, and the new one is dropped', async () => {
  const { a, b, socket, seen } = await setUp({ options: { reconnectionDelay: 10 } });
  b.io.of('/').use(() => {}); // it never answers
  a.hint({ url: b.url, graceMs: 5000 });
  await until(() => b.tcp.size === 1);
  a.cut();
  await until(() => seen.failed.length === 1);
  socket.emit('up', 1);
  await until(() => a.got.length === 1);
  assert.equal(seen.failed[0].code, 'returned');
  assert.deepEqual(seen.events, [
    'connect',
    'drain:moving',
    'disconnect',
    'drain:failed',
    'connect',
  ]);
  await until(() => b.tcp.size === 0);
});

test('the hint is lost: the cut that follows is a stock client’s', async () => {
  const { a, seen } = await setUp({ options: { reconnectionDelay: 20 } });
  a.cut();
  await until(() => seen.events.length === 3);
  assert.deepEqual(seen.events, ['connect', 'disconnect', 'connect']);
});

test('the app disconnects in the move: gone from both, and it stays so', async () => {
  const { a, b, socket, seen } = await setUp({ aware: { ready: () => new Promise(() => {}) } });
  a.hint({ url: b.url });
  await until(() => b.sockets.length === 1);
  socket.disconnect();
  await until(() => a.sockets.length + b.sockets.length === 0);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'disconnect']);
  assert.ok(!socket.active && socket.disconnected);
  socket.connect();
  await until(() => socket.connected);
});

test('emits beyond the limit are refused, and those within it are sent', async () => {
  const { a, b, socket } = await setUp();
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => a.landings.length === 1);
  for (let n = 0; n < 10_000; n++) socket.emit('up', n);
  assert.throws(() => socket.emit('up', -1), /emit: up: 10000 held back/);
  await assert.rejects(socket.emitWithAck('up', -1), /10000/);
  await until(() => b.got.length === 10_000);
});

test('an exception in a listener keeps neither the events after it nor held emits', async () => {
  const { a, b, socket, seen } = await setUp();
  const thrown = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error.message));
  closing.push(() => process.setUncaughtExceptionCaptureCallback(null));
  socket.on('bad', () => {
    throw new Error('of the app');
  });
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 300 });
  await until(() => a.landings.length === 1);
  b.emit('bad');
  b.emit('feed', { n: 1 });
  socket.emit('up', 1);
  await until(() => seen.moved.length === 1);
  await until(() => b.got.length === 1 && seen.feed.length === 1 && thrown.length === 1);
  assert.deepEqual(thrown, ['of the app']);
});

test('a malformed hint is acknowledged and ignored', async () => {
  const { a, b, seen } = await setUp();
  const bad = [{ ticket: 5 }, { ticket: '' }, { graceMs: 'x' }, { url: 'nonsense' }];
  const heard = bad.map((hint) => a.hint(hint));
  await until(() => heard.every((times) => times() === 1));
  assert.deepEqual(seen.events, ['connect']);
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
});

test('a hello and a plan that are malformed are ignored', async () => {
  const { a, b, socket, seen } = await setUp({
    options: { reconnectionDelay: 20_000, randomizationFactor: 0 },
    a: { plan: 50 },
  });
  for (const body of [{}, null, 'drain']) a.emit('drain:hello', body);
  for (const windowMs of ['soon', -1, {}]) a.emit('drain:plan', { windowMs });
  await new Promise((resolve) => socket.emit('up', 1, resolve));
  a.cut();
  await until(() => seen.events.length === 3); // by the good plan

  a.emit('drain:hello', {});
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  assert.deepEqual(seen.moved[0].from, { pod: 'a', generation: 'g' });
});
