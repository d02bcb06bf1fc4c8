// The cause of one cut may be about to cut the other connection too: rare moments, and the order of
// the emits that wait meanwhile. Time stands, except for the reconnects of socket.io-client.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { clientOf, drainAware } from './inside.mjs';
import { pausedReady, setUpPair, standingClock, staysSo, until } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const MOVED = ['connect', 'drain:moving', 'drain:moved'];
const FAILED = ['connect', 'drain:moving', 'disconnect', 'drain:failed'];

async function setUp({ aware, options } = {}) {
  const clock = standingClock();
  const pair = await setUpPair(drainAware, closing, {
    // So that the old one does not come back during a test.
    options: { reconnectionDelay: 600, randomizationFactor: 0, ...options },
    aware: { clock, overlapMs: 0, ...aware },
  });
  const client = clientOf(pair.socket);
  const { a, b } = pair;
  return {
    ...pair,
    clock,
    client,
    /** The old connection is cut, and the client has seen it. */
    async cutOld() {
      a.cut();
      await until(() => client.state.hold?.hidden);
    },
    /** The new connection is cut, and the client has seen it. */
    async cutNext() {
      const { manager } = client.state.next;
      b.cut();
      await until(() => manager._readyState === 'closed');
    },
    /** A move until landed is open. */
    async hold() {
      a.answerLanded = () => false;
      a.hint({ url: b.url });
      await until(() => a.landings.length === 1);
    },
  };
}

/** A move whose old connection was cut 10 ms before `ready` is done, with an emit that is held. */
async function cutAtTheEndOfReady() {
  const { ready, begun, set } = pausedReady();
  const all = await setUp({ aware: { ready } });
  all.a.hint({ url: all.b.url });
  await until(begun);
  await all.cutOld();
  all.socket.emit('up', 1);
  all.clock.goOn(10);
  set();
  return all;
}

/** Lets the promises go on that wait for something that has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Time passes, in steps, until the condition holds. */
async function goOnUntil(clock, condition) {
  await until(() => {
    clock.goOn(10);
    return condition();
  });
}

test('cut in the last milliseconds of ready: what is held waits for the end of the other', async () => {
  const { a, b, seen, clock, client, ...pair } = await cutAtTheEndOfReady();
  await staysSo(50, () => client.state.next && b.got.length === 0); // 40 ms are left
  await pair.cutNext();
  await goOnUntil(clock, () => seen.failed.length === 1);
  await until(() => a.got.length === 1);
  assert.deepEqual([a.got, b.got], [[1], []]);
  assert.deepEqual(seen.events.slice(0, 4), FAILED);
});

test('cut in the last milliseconds of ready: without the end of the other it is released', async () => {
  const { a, b, seen, clock, client, ...pair } = await cutAtTheEndOfReady();
  await until(() => client.state.name === 'holding');
  await settled();
  clock.goOn(39);
  await staysSo(50, () => b.got.length === 0);
  clock.goOn(1);
  await until(() => b.got.length === 1);
  await goOnUntil(clock, () => seen.moved.length === 1);
  assert.deepEqual(seen.events, MOVED);
});

test('cut just before landed is said again: what is held waits for the end of the other', async () => {
  const { a, b, socket, seen, clock, client, ...pair } = await setUp();
  await pair.hold();
  socket.emit('up', 1);
  clock.goOn(470);
  await pair.cutOld();
  clock.goOn(30); // landed would be said again now
  await staysSo(50, () => client.state.next && b.got.length === 0); // 20 ms are left
  await pair.cutNext();
  await goOnUntil(clock, () => seen.failed.length === 1);
  await until(() => a.got.length === 1);
  assert.deepEqual([a.got, b.got, a.landings.length], [[1], [], 1]);
  assert.deepEqual(seen.events.slice(0, 4), FAILED);
});

test('with retries, what was held and waits for a reconnect is sent once', async () => {
  const { a, b, socket, seen, clock, ...pair } = await setUp({
    options: { retries: 3, ackTimeout: 5000 },
  });
  await pair.hold();
  const answers = [];
  socket.emit('up', 1, (error, n) => answers.push(error ?? n));
  socket.emit('up', 2, (error, n) => answers.push(error ?? n));
  await pair.cutOld();
  await pair.cutNext();
  await goOnUntil(clock, () => seen.failed.length === 1);
  await until(() => answers.length === 2);
  await staysSo(100, () => a.got.length === 2);
  assert.deepEqual([a.got, b.got, answers], [[1, 2], [], [1, 2]]);
});

test('an emit that found next’s ping overdue goes out on old after what was held', async () => {
  const { a, b, socket, seen, clock, ...pair } = await setUp();
  await pair.hold();
  socket.emit('up', 1);
  socket.io.engine._pingTimeoutTime = 1; // as after a suspend
  socket.emit('up', 2);
  socket.emit('up', 3);
  await until(() => socket.io.engine.readyState !== 'open');
  await goOnUntil(clock, () => seen.failed.length === 1);
  await until(() => a.got.length === 3);
  assert.deepEqual([a.got, b.got], [[1, 2, 3], []]);
  assert.ok(socket.connected);
});

test('an emit that found next’s ping overdue waits for the reconnect after what was held', async () => {
  const { a, b, socket, seen, clock, ...pair } = await setUp();
  await pair.hold();
  socket.emit('up', 1);
  await pair.cutOld();
  socket.io.engine._pingTimeoutTime = 1; // as after a suspend
  socket.emit('up', 2);
  await until(() => socket.io.engine.readyState !== 'open');
  await goOnUntil(clock, () => seen.failed.length === 1);
  await until(() => a.got.length === 2);
  assert.deepEqual([a.got, b.got], [[1, 2], []]);
});

test('an emit that cannot be encoded is an error when it is held, as it is without a move', async () => {
  const { a, b, socket, seen, clock, ...pair } = await setUp();
  assert.throws(() => socket.emit('up', 1n), /BigInt/);
  await pair.hold();
  assert.throws(() => socket.emit('up', 2n), /BigInt/);
  socket.emit('up', 3);
  await goOnUntil(clock, () => seen.moved.length === 1);
  await until(() => b.got.length === 1);
  assert.deepEqual([b.got, seen.moved[0].held], [[3], 1]);
});
