// That it is used as a socket would be: the same calls on a stock socket and on an aware one.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { afterEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { drainAware } from 'graceful-drain-client';
import { CLIENTS, Pod, until, watch } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function pod(options) {
  const started = await Pod.start('a', options);
  closing.push(() => started.stop());
  return started;
}

const OPENERS = {
  stock: (io, url, options) => io(url, options),
  aware: (io, url, options) => drainAware(io)(url, options),
};

function open(kind, io, url, options) {
  const socket = OPENERS[kind](io, url, { forceNew: true, transports: ['websocket'], ...options });
  closing.push(() => socket.disconnect());
  return socket;
}

/** Everything that an app can see of a socket's life, told in one list. */
async function life(socket, a) {
  const told = [];
  const tell = (...what) => told.push(JSON.stringify(what));
  for (const event of ['connect', 'disconnect']) {
    socket.on(event, (...args) => tell(event, socket.connected, !!socket.recovered, args[0]));
  }
  const any = (event, ...args) => tell('any', event, ...args);
  socket.onAny(any);
  socket.prependAny((event) => tell('first', event));
  socket.onAnyOutgoing((event) => tell('out', event));
  socket.once('feed', (...args) => tell('once', ...args));
  socket.on('feed', () => tell('removed'));
  socket.off('feed', socket.listeners('feed')[1]);
  tell(
    socket.active,
    socket.connected,
    socket.disconnected,
    socket.nsp,
    socket.hasListeners('feed'),
  );
  socket.emit('up', 'buffered', (...args) => tell('ack', ...args));
  await until(() => told.some((one) => one.startsWith('["ack"')));
  a.emit('feed', 1, Buffer.from('x').toString(), { b: [null] });
  a.emit('feed', 2);
  await until(() => told.filter((one) => one.startsWith('["any"')).length === 2);
  socket.offAny(any);
  tell(socket.listenersAny().length, socket.listenersAnyOutgoing().length);
  socket.timeout(20).emit('owe', 1, (error) => tell('timeout', error.message));
  await until(() => told.some((one) => one.startsWith('["timeout"')));
  socket.compress(false).volatile.send('hello');
  if (socket.emitWithAck) {
    tell('emitWithAck', await socket.emitWithAck('up', 5));
    await assert.rejects(socket.timeout(20).emitWithAck('owe', 1));
  }
  await new Promise((resolve) => {
    for (const each of a.sockets) each.emit('ask', (answer) => resolve(tell('asked', answer)));
    socket.on('ask', (answer) => answer('mine'));
  });
  assert.throws(() => socket.emit('connect'), /reserved/);
  socket.disconnect();
  tell(socket.active, socket.id, socket.disconnected);
  socket.emit('up', 'later');
  socket.connect();
  await until(() => a.got.includes('later'));
  socket.io.reconnectionDelay(7).randomizationFactor(0);
  tell(socket.io.reconnectionDelay(), socket.io.opts.transports, socket.io.engine.readyState);
  socket.io.on('reconnect_attempt', (n) => tell('reconnect_attempt', n));
  a.cut();
  await until(() => told.some((one) => one.startsWith('["reconnect_attempt"')) && socket.connected);
  a.sockets[0].disconnect();
  await until(() => !socket.connected);
  tell(socket.active);
  return told;
}

for (const [version, io] of Object.entries(CLIENTS)) {
  test(`${version}: an aware socket lives as a stock one`, async () => {
    const lives = [];
    for (const kind of Object.keys(OPENERS)) {
      const a = await pod({ hello: false });
      const socket = open(kind, io, a.url);
      assert.ok(socket instanceof io.Socket);
      lives.push(await life(socket, a));
    }
    assert.deepEqual(lives[1], lives[0]);
  });

  test(`${version}: a namespace that refuses, and lets in later`, async () => {
    const a = await pod();
    a.io.of('/guarded').use(({ handshake }, next) => {
      if (handshake.auth.token === 'right') next();
      else next(Object.assign(new Error('who are you?'), { data: { code: 7 } }));
    });
    for (const kind of Object.keys(OPENERS)) {
      const socket = open(kind, io, `${a.url}/guarded`, {
        auth: (tell) => tell({ token: 'wrong' }),
      });
      const error = await new Promise((resolve) => socket.on('connect_error', resolve));
      assert.equal(error.message, 'who are you?', kind);
      assert.deepEqual(error.data, { code: 7 });
      assert.equal(socket.active, false);
      socket.auth = { token: 'right' };
      socket.connect();
      await until(() => socket.connected);
    }
  });

  test(`${version}: a server that is not there gives connect_error again and again`, async () => {
    for (const kind of Object.keys(OPENERS)) {
      const socket = open(kind, io, 'http://127.0.0.1:1', { reconnectionDelay: 5 });
      const errors = [];
      socket.on('connect_error', (error) => errors.push(error.message));
      await until(() => errors.length > 2);
      assert.ok(socket.active && !socket.connected, kind);
    }
  });
}

test('autoConnect: false waits, and retries, recovery and a query of the app’s go on', async () => {
  const a = await pod({ options: { connectionStateRecovery: {} } });
  const { io } = await import('socket.io-client');
  const socket = drainAware(io, `${a.url}?in=url`, {
    autoConnect: false,
    forceNew: true,
    transports: ['websocket'],
    retries: 2,
    ackTimeout: 200,
    reconnectionDelay: 10,
  });
  closing.push(() => socket.disconnect());
  assert.ok(!socket.active);
  socket.connect();
  await until(() => socket.connected);
  assert.equal(a.queries[0].in, 'url');
  a.emit('feed', 1);
  let tries = 0;
  a.io.on('connection', () => {});
  a.sockets[0].on('flaky', (_, ack) => ++tries > 1 && ack());
  await new Promise((resolve) => socket.emit('flaky', 1, resolve));
  assert.equal(tries, 2);
  assert.equal(socket.recovered, false);
  const { id } = socket;
  socket.io.opts.query = { another: 1 };
  socket.io.engine.close();
  await until(() => !socket.connected);
  await until(() => socket.connected);
  assert.deepEqual([socket.recovered, socket.id], [true, id]);
});

test('manager listeners and settings go along with a move', async () => {
  const { io } = await import('socket.io-client');
  const [a, b] = [await pod(), await Pod.start('b')];
  closing.push(() => b.stop());
  const socket = drainAware(
    io,
    a.url,
    { forceNew: true },
    { overlapMs: 0, ready: false, origins: () => true },
  );
  closing.push(() => socket.disconnect());
  const seen = watch(socket);
  const attempts = [];
  socket.io.on('reconnect_attempt', (n) => attempts.push(n));
  socket.io.reconnectionDelay(30);
  await until(() => socket.connected);
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  assert.equal(socket.io.reconnectionDelay(), 30);
  assert.equal(socket.io.reconnection(), true);
  const { engine } = socket.io;
  b.cut();
  await until(() => socket.connected && socket.io.engine !== engine);
  assert.deepEqual(attempts, [1, 1], 'one of the move, one of the reconnect');
  assert.equal(
    a.queries.at(-1).ticket,
    undefined,
    'back to the address it was given, with no ticket',
  );
  assert.equal(a.queries.at(-1).drain, '1');
});

test('the minified build of socket.io-client, whose members have other names', async () => {
  const require = createRequire(import.meta.url);
  globalThis.WebSocket ??= WebSocket;
  for (const name of ['socket.io-client-4.5', 'socket.io-client-4.6', 'socket.io-client']) {
    const path = require
      .resolve(name)
      .replace(/[\\/]build[\\/](?!.*[\\/]build[\\/]).*/, '/dist/socket.io.min.js');
    const io = require(path);
    const [a, b] = [await pod(), await Pod.start('b')];
    closing.push(() => b.stop());
    const socket = drainAware(io, { ready: false, origins: () => true })(a.url, {
      forceNew: true,
      transports: ['websocket'],
    });
    closing.push(() => socket.disconnect());
    const seen = watch(socket);
    await until(() => socket.connected);
    a.hint({ url: b.url });
    let n = 0;
    while (seen.moved.length === 0) {
      await new Promise((resolve) => socket.emit('up', n++, resolve));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved'], name);
    assert.deepEqual([...a.got, ...b.got], [...Array(n).keys()], name);
    b.cut();
    await until(() => !socket.connected);
    await until(() => socket.connected);
  }
});

test('an address that is relative, or none at all, is taken as io takes it', async () => {
  const { io } = await import('socket.io-client');
  const a = await pod();
  globalThis.location = { protocol: 'http:', host: `127.0.0.1:${a.port}`, port: String(a.port) };
  closing.push(() => delete globalThis.location);
  for (const url of [undefined, '/', '/chat', `//127.0.0.1:${a.port}`]) {
    const socket = drainAware(io)(url, { forceNew: true, transports: ['websocket'] });
    closing.push(() => socket.disconnect());
    await until(() => socket.connected);
    assert.equal(socket.nsp, url === '/chat' ? '/chat' : '/');
  }
});

test('several calls for one address share a connection, unless told not to', async () => {
  const { io } = await import('socket.io-client');
  const a = await pod();
  // An upgrade that a disconnect interrupts keeps the engine's timers for 45 s.
  const options = { transports: ['websocket'] };
  const sockets = [
    drainAware(io, a.url, options),
    drainAware(io, `${a.url}/chat`, options),
    drainAware(io, a.url, options),
    drainAware(io, `${a.url}/chat`, { ...options, forceNew: true }),
    drainAware(io, `${a.url}/chat`, { ...options, multiplex: false }),
  ];
  closing.push(() => sockets.forEach((socket) => socket.disconnect()));
  await until(() => sockets.every(({ connected }) => connected));
  assert.equal(a.io.engine.clientsCount, 4);
  assert.equal(sockets[0].io, sockets[1].io);
});

test('a server that answers no handshake at all is refused within its time', async () => {
  const { io } = await import('socket.io-client');
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  closing.push(
    () => silent.closeAllConnections(),
    () => silent.close(),
  );
  const { port } = silent.address();
  const socket = drainAware(io, `http://127.0.0.1:${port}`, { forceNew: true, timeout: 50 });
  closing.push(() => socket.disconnect());
  const error = await new Promise((resolve) => socket.on('connect_error', resolve));
  assert.equal(error.message, 'timeout');
});
