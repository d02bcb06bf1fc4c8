// What a connection that is gone leaves behind: nothing.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { drainAware, drainState } from 'graceful-drain-client';
import { answered, pausedReady, setUpPair, until } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const setUp = (settings, options) => setUpPair(drainAware, closing, { aware: settings, options });

for (const [how, end] of Object.entries({
  'closed by the app': ({ socket }) => socket.disconnect(),
  cut: ({ a }) => a.cut(),
})) {
  test(`a ready whose connection is ${how} is no failure, whatever becomes of it`, async () => {
    const asked = [];
    const stage = await setUp(
      {
        // The second one is to be answered.
        ready: (next) => {
          const event = asked.length ? 'join' : 'owe';
          asked.push(next.timeout(60_000).emitWithAck(event, ...(asked.length ? [] : [1])));
          return asked.at(-1);
        },
      },
      { reconnectionDelay: 5, randomizationFactor: 0 },
    );
    const { a, seen, socket } = stage;
    await until(() => a.owed.length > 0);
    end(stage);
    await assert.rejects(asked[0], /socket has been disconnected/);
    socket.connect();
    await until(() => asked.length === 2);
    assert.equal(await asked[1], 'a');
    await answered(socket);
    assert.deepEqual(seen.events, ['connect', 'disconnect', 'connect']);
  });
}

test('listeners of a ready that never ends go with its connection', async () => {
  let calls = 0;
  const got = [];
  const { a, socket } = await setUp(
    {
      ready(next) {
        const call = ++calls;
        next.on('word', (word) => got.push([call, word]));
        return new Promise(() => {});
      },
    },
    { reconnectionDelay: 5, randomizationFactor: 0 },
  );
  for (let call = 2; call <= 3; call++) {
    a.cut();
    await until(() => calls === call && socket.connected);
  }
  a.emit('word', 'once');
  await answered(socket);
  assert.deepEqual(got, [[3, 'once']]);
});

test('listeners of a ready at work outlive a move that fails', async () => {
  const got = [];
  const { a, b, seen, socket } = await setUp({
    ready(next) {
      next.on('word', (word) => got.push(word));
      return new Promise(() => {});
    },
  });
  b.refuse = 3;
  a.hint({ url: b.url, graceMs: 300 });
  await until(() => seen.failed.length);
  a.emit('word', 'once');
  await answered(socket);
  assert.deepEqual(got, ['once']);
});

test('a manager that is closed in the overlap closes the old connection too, and ends the move', async () => {
  const { a, b, seen, socket } = await setUp({ overlapMs: 50 });
  socket.emit('owe', 1, () => {}); // the old connection would be kept for it
  await until(() => a.owed.length > 0);
  a.hint({ url: b.url });
  await until(() => drainState(socket) === 'overlap');
  socket.io.disconnect();
  await until(() => !a.sockets.length && !b.sockets.length);
  await until(() => drainState(socket) === 'idle');
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'disconnect']);
  socket.connect();
  await until(() => socket.connected);
  await answered(socket);
});

test('an app that disconnects when it is told of a move sees no attempt', async () => {
  const { a, b, socket } = await setUp({});
  const attempts = [];
  socket.io.on('reconnect_attempt', (n) => attempts.push(n));
  socket.on('drain:moving', () => socket.disconnect());
  a.hint({ url: b.url });
  await until(() => !a.sockets.length);
  assert.deepEqual(attempts, []);
});

test('what is emitted when the old server has ended the connection waits for connect() if the move fails', async () => {
  const words = [];
  const paused = pausedReady();
  const { a, b, seen, socket } = await setUp({
    ready: paused.ready,
    log: (what) => words.push(what),
  });
  a.hint({ url: b.url });
  await until(paused.begun);
  a.sockets[0].disconnect();
  await until(() => words.includes('namespace ended'));
  socket.emit('up', 'kept');
  b.sockets[0].disconnect();
  await until(() => seen.failed.length && !socket.active);
  assert.deepEqual([a.got, b.got], [[], []]);
  socket.connect();
  await until(() => a.got.length);
  await answered(socket);
  assert.deepEqual(a.got, ['kept', 'asked']);
});
