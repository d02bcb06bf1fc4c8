import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { drainAware } from 'graceful-drain-client';
import { answered, CLIENTS, numbers, pausedReady } from './pods.mjs';
import { Pod, TRANSPORTS, until, watch } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function pod(name, options) {
  const started = await Pod.start(name, options);
  closing.push(() => started.stop());
  return started;
}

function open(io, url, options, aware) {
  const socket = drainAware(
    io,
    url,
    { forceNew: true, transports: ['websocket'], ...options },
    { ready: false, origins: () => true, ...aware },
  );
  closing.push(() => socket.disconnect());
  return socket;
}

const MOVED = ['connect', 'drain:moving', 'drain:moved'];
const FAILED = ['connect', 'drain:moving', 'drain:failed'];

for (const [version, io] of Object.entries(CLIENTS)) {
  for (const transports of TRANSPORTS) {
    const how = `${version} ${transports}`;

    test(`${how}: a move loses nothing, doubles nothing, keeps the order`, async () => {
      const [a, b] = [await pod('a'), await pod('b')];
      const socket = open(io, a.url, { transports, query: { own: 'x y&z' }, auth: { token: 't' } });
      const seen = watch(socket);
      await until(() => socket.connected && a.sockets.length === 1);
      const first = socket.id;
      let [fed, sent] = [0, 0];
      const acked = [];
      const feed = setInterval(() => {
        fed++;
        for (const each of [a, b]) each.emit('feed', { n: fed, drainId: `f${fed}` });
        sent++;
        socket.emit('up', sent, (n) => acked.push(n));
      }, 5);
      await until(() => acked.length > 10);
      const heard = a.hint({ url: b.url, ticket: 'the ticket+/=' });
      await until(() => seen.moved.length === 1);
      await until(() => b.got.length > 10);
      clearInterval(feed);
      await until(() => acked.length === sent && seen.feed.length === fed);
      assert.deepEqual(seen.events, MOVED);
      assert.deepEqual(seen.feed, numbers(1, fed));
      assert.deepEqual([...a.got, ...b.got], numbers(1, sent));
      assert.deepEqual(
        acked.toSorted((x, y) => x - y),
        numbers(1, sent),
      );
      assert.equal(heard(), 1);
      const [{ from, to, reason, duplicates, downtimeMs, connectMs, tookMs }] = seen.moved;
      assert.deepEqual([from.pod, to.pod, reason, downtimeMs], ['a', 'b', 'drain', 0]);
      assert.ok(duplicates > 0 && connectMs <= tookMs && tookMs < 3000, JSON.stringify(seen.moved));
      assert.equal(b.queries[0].ticket, 'the ticket+/=');
      assert.equal(b.queries[0].own, 'x y&z');
      assert.equal(b.queries[0].drain, '1');
      assert.deepEqual(a.landings, [{ pod: 'b', connectMs }]);
      assert.notEqual(socket.id, first);
      await until(() => a.sockets.length === 0);
    });
  }

  test(`${version}: several namespaces move together, each made ready first`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    const calls = [];
    const ready =
      (name) =>
      async (socket, { moving }) => {
        const answer = await new Promise((resolve) => socket.emit('join', resolve));
        calls.push([name, moving, answer]);
      };
    const url = `${a.url}`;
    const shared = { transports: ['websocket'], forceNew: false };
    const root = open(io, url, shared, { ready: ready('/') });
    const chat = open(io, `${url}/chat`, shared, { ready: ready('/chat') });
    assert.equal(root.io, chat.io);
    assert.equal(chat.io.socket('/chat'), chat);
    const seen = [watch(root), watch(chat)];
    await until(() => calls.length === 2);
    a.hint({ url: b.url });
    await until(() => seen.every(({ moved }) => moved.length === 1));
    for (const { events } of seen) assert.deepEqual(events, MOVED);
    assert.deepEqual(calls.map((call) => call.join()).sort(), [
      '/,false,a',
      '/,true,b',
      '/chat,false,a',
      '/chat,true,b',
    ]);
    assert.equal(a.landings.length, 1);
    assert.equal(b.io.engine.clientsCount, 1);
  });

  test(`${version}: acknowledgements pending on the old pod are answered, each once`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    const socket = open(io, a.url, {}, { overlapMs: 0 });
    const seen = watch(socket);
    await until(() => socket.connected);
    const answers = [];
    socket.emit('owe', 1, (n) => answers.push(n));
    socket.timeout(5000).emit('owe', 2, (error, n) => answers.push(error ?? n));
    socket.timeout(300).emit('owe', 3, (error) => answers.push(error.message));
    await until(() => a.owed.length === 3);
    a.hint({ url: b.url });
    await until(() => a.landings.length === 1);
    socket.emit('up', 4, (n) => answers.push(n));
    await until(() => answers.includes(4) && answers.includes('operation has timed out'));
    assert.equal(seen.moved.length, 0, 'the old connection is kept');
    for (const pay of a.owed) pay();
    await until(() => seen.moved.length === 1);
    assert.deepEqual(new Set(answers.splice(0, 2)), new Set([4, 'operation has timed out']));
    assert.deepEqual(answers, [1, 2]);
    assert.deepEqual(seen.events, MOVED);
  });

  test(`${version}: emits held back time out counted from the emit, and are not sent then`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    a.answerLanded = () => false;
    const socket = open(io, a.url);
    const seen = watch(socket);
    await until(() => socket.connected);
    a.hint({ url: b.url, graceMs: 1000 });
    await until(() => a.landings.length === 1);
    const errors = [];
    socket.emit('up', 1);
    socket.timeout(100).emit('up', 2, (error) => errors.push(error?.message));
    socket.emit('up', 3);
    await until(() => errors.length === 1);
    assert.deepEqual([b.got, errors], [[], ['operation has timed out']]);
    await until(() => seen.moved.length === 1);
    assert.deepEqual(b.got, [1, 3]);
    assert.equal(a.landings.length, 2, 'landed is said once more');
    assert.equal(seen.moved[0].held, 3);
  });

  test(`${version}: refused three times, the client stays and loses nothing`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    b.refuse = 3;
    const socket = open(io, a.url);
    const seen = watch(socket);
    await until(() => socket.connected);
    a.hint({ url: b.url });
    const timer = setInterval(() => socket.emit('up', a.got.length), 20);
    await until(() => seen.failed.length === 1);
    clearInterval(timer);
    assert.equal(b.refuse, 0);
    assert.deepEqual(seen.events, FAILED);
    await new Promise((resolve) => socket.emit('up', 'last', resolve));
    assert.equal(a.got.at(-1), 'last');
    a.hint({ url: b.url });
    await until(() => seen.moved.length === 1);
  });

  test(`${version}: refused twice, the third attempt moves`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    b.refuse = 2;
    const socket = open(io, a.url);
    const seen = watch(socket);
    await until(() => socket.connected);
    a.hint({ url: b.url });
    await until(() => seen.moved.length === 1);
    assert.deepEqual(seen.events, MOVED);
  });

  test(`${version}: cut while ready is at work, the new connection is adopted unnoticed`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    const { ready, begun, set } = pausedReady();
    const socket = open(io, a.url, { reconnectionDelay: 5000 }, { ready });
    const seen = watch(socket);
    await until(() => socket.connected);
    const answers = [];
    socket.timeout(3000).emit('owe', 1, (error) => answers.push(error?.message));
    await until(() => a.owed.length === 1);
    a.hint({ url: b.url });
    await until(begun);
    const { engine } = socket.io;
    a.cut();
    await until(() => socket.io.engine !== engine); // the new one has replaced it
    socket.emit('up', 7);
    assert.equal(socket.connected, true);
    set();
    await until(() => seen.moved.length === 1);
    assert.deepEqual(seen.events, MOVED);
    await until(() => b.got.includes(7));
    assert.equal(seen.moved[0].downtimeMs, 0);
    // Older ones leave it to the timeout.
    if (version === '4.8') assert.deepEqual(answers, ['socket has been disconnected']);
  });

  test(`${version}: cut before the new one is there, which is soon: no disconnect, emits are kept, and connect is told`, async () => {
    const [a, b] = [await pod('a'), await pod('b')];
    const socket = open(io, a.url, { reconnectionDelay: 5000 });
    const seen = watch(socket);
    await until(() => socket.connected);
    b.refuse = 2;
    a.hint({ url: b.url });
    await until(() => b.refuse < 2);
    a.cut();
    await until(() => a.tcp.size === 0);
    assert.ok(socket.connected);
    socket.emit('up', 8);
    await until(() => seen.moved.length === 1);
    assert.deepEqual(seen.events, ['connect', 'drain:moving', 'connect', 'drain:moved']);
    await until(() => b.got.includes(8));
    assert.ok(seen.moved[0].downtimeMs > 0);
  });

  test(`${version}: the first reconnect after a cut is drawn from the plan's window`, async () => {
    const a = await pod('a', { plan: 200 });
    const socket = open(io, a.url, { reconnectionDelay: 4000, randomizationFactor: 0 });
    const seen = watch(socket);
    await until(() => socket.connected);
    for (let times = 2; times < 5; times++) {
      await answered(socket); // and so the plan has come
      const began = performance.now();
      a.cut();
      await until(() => seen.events.filter((event) => event === 'connect').length === times);
      assert.ok(performance.now() - began < 1500, `${performance.now() - began} ms`);
    }
    assert.equal(socket.io.reconnectionDelay(), 4000);
  });

  test(`${version}: a server that is stock has a stock client`, async () => {
    const a = await pod('a', { hello: false });
    const socket = open(io, a.url);
    const seen = watch(socket);
    await until(() => socket.connected);
    socket.io.reconnectionDelay(10);
    a.cut();
    await until(() => seen.events.length === 3);
    assert.deepEqual(seen.events, ['connect', 'disconnect', 'connect']);
  });
}
