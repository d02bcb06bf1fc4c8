// What an app is told in a move, and what it may do then.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { io as stockIo } from 'socket.io-client';
import { byContent, drainAware, drainState } from 'graceful-drain-client';
import { answered, CLIENTS, pausedReady, Pod, uncaught, until, watch } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const TOLD = ['connect', 'disconnect', 'connect_error'];
const DRAIN = ['drain:moving', 'drain:switched', 'drain:moved', 'drain:failed'];

/** Two pods, and a socket that an aware `io` made, with all that it is told, in order. */
async function setUp({ nsp = '', io = stockIo, options, ...aware } = {}) {
  const [a, b] = [await Pod.start('a'), await Pod.start('b')];
  const own = drainAware(io, { origins: () => true, ...aware });
  const socket = own(a.url + nsp, { forceNew: true, transports: ['websocket'], ...options });
  closing.push(
    () => a.stop(),
    () => b.stop(),
    () => socket.io.disconnect(),
  );
  const told = follow(socket);
  await until(() => socket.connected);
  return { a, b, socket, told, io: own };
}

function follow(socket) {
  const told = [];
  for (const event of TOLD) socket.on(event, (what) => told.push(what?.message ?? what ?? event));
  for (const event of DRAIN) {
    socket.on(event, ({ code }) =>
      told.push(event.replace('drain:', '') + (code ? ` ${code}` : '')),
    );
  }
  return told;
}

for (const [version, io] of Object.entries(CLIENTS)) {
  test(`${version}: without ready a move tells connect when it is done, so that rooms are joined`, async () => {
    const { a, b, socket, told } = await setUp({ io });
    a.answerLanded = () => false;
    const was = socket.id;
    const switched = [];
    socket.on('drain:switched', (what) => {
      switched.push({ ...what, own: socket.id, connected: socket.connected });
      socket.emit('up', 'in switched');
    });
    socket.on('feed', (n) => told.push(`feed ${n}`));
    socket.on('connect', () => socket.emit('up', 'in connect'));
    socket.io.on('reconnect', (n) => told.push(`reconnect ${n}`));
    a.hint({ url: b.url, graceMs: 500 });
    await until(() => a.landings.length > 0);
    socket.emit('up', 'held');
    b.emit('feed', 1);
    await until(() => told.includes('moved') && b.got.length === 3);
    assert.deepEqual(b.got, ['held', 'in switched', 'in connect']);
    assert.deepEqual(told, [
      ...['connect', 'moving', 'switched', 'reconnect 1', 'feed 1', 'connect', 'moved'],
    ]);
    const [from, to] = ['a', 'b'].map((pod) => ({ pod, generation: 'g' }));
    const id = b.sockets[0].id;
    assert.deepEqual(switched, [
      { reason: 'drain', from, to, id, previousId: was, own: id, connected: true },
    ]);
    assert.equal(socket.connected, true);
  });

  test(`${version}: a refused namespace is told at once, asked once, and moves with a fresh token`, async () => {
    const { a, b, socket, told } = await setUp({ io, options: { auth: { token: 'stale' } } });
    const asked = [];
    b.io.of('/').use(({ handshake }, next) => {
      asked.push(handshake.auth.token);
      next(handshake.auth.token === 'fresh' ? undefined : new Error('expired'));
    });
    a.hint({ url: b.url });
    await until(() => told.some((one) => one.startsWith('failed')));
    assert.deepEqual(told, ['connect', 'moving', 'expired', 'failed refused']);
    assert.deepEqual(asked, ['stale']);
    await answered(socket); // by the old pod
    socket.once('connect_error', () => {
      socket.auth = { token: 'fresh' };
      socket.connect();
    });
    a.hint({ url: b.url });
    await until(() => told.at(-1) === 'moved');
    assert.deepEqual(asked, ['stale', 'stale', 'fresh']);
    assert.deepEqual(told.slice(4), ['moving', 'expired', 'switched', 'connect', 'moved']);
  });

  test(`${version}: one session a user: the old pod’s disconnect in a move ends its connection alone`, async () => {
    const words = [];
    const { a, b, socket, told } = await setUp({
      ...{ io, log: (what) => words.push(what) },
    });
    b.io.on('connection', () => {
      for (const each of a.sockets) each.disconnect();
    });
    const closes = [];
    socket.on('connect', () => socket.emit('up', 'in connect'));
    socket.io.on('close', (reason) => closes.push(reason));
    a.hint({ url: b.url });
    await until(() => words.includes('namespace ended'));
    socket.emit('up', 1);
    await until(() => told.at(-1) === 'moved' && b.got.length === 2);
    assert.deepEqual(b.got, [1, 'in connect']);
    assert.deepEqual(told, ['connect', 'moving', 'switched', 'connect', 'moved']);
    assert.deepEqual(closes, []);
    b.sockets[0].disconnect(); // after the move it is final, as ever
    await until(() => !socket.connected);
    assert.equal(socket.active, false);
  });
}

test('the old pod’s disconnect is final if the move fails', async () => {
  const { a, b, socket, told } = await setUp({ ready: false });
  b.refuse = 3;
  a.hint({ url: b.url });
  await until(() => told.includes('moving'));
  a.sockets[0].disconnect();
  await until(() => told.some((one) => one.startsWith('failed')));
  assert.deepEqual(told.slice(2).sort(), ['failed refused', 'io server disconnect']);
  assert.equal(b.refuse, 0);
  assert.deepEqual([socket.active, socket.connected], [false, false]);
});

test('a namespace that the new pod refuses stays on the old one to its end, and others move', async () => {
  const { a, b, socket, told } = await setUp({ ready: false, overlapMs: 300 });
  b.io.of('/chat').use((_, next) => next(new Error('no chat here')));
  const chat = socket.io.socket('/chat');
  const ofChat = follow(chat);
  chat.on('feed', (n) => ofChat.push(`feed ${n}`));
  await until(() => chat.connected);
  a.hint({ url: b.url });
  await until(() => told.includes('switched'));
  chat.emit('up', 'by the old one', () => ofChat.push('answered'));
  await until(() => ofChat.includes('answered'));
  a.io.of('/chat').emit('feed', 1);
  await until(() => told.includes('moved') && !chat.connected);
  assert.deepEqual(told, ['connect', 'moving', 'switched', 'moved']);
  assert.deepEqual(ofChat, [
    ...['connect', 'moving', 'no chat here', 'failed refused', 'answered', 'feed 1'],
    'io server disconnect',
  ]);
  assert.equal(chat.active, false);
  await answered(socket);
  assert.deepEqual(b.got, ['asked']);
});

test('the app may refresh its query and headers before each attempt, as at a reconnect', async () => {
  const { a, b, socket, told } = await setUp({ ready: false, options: { query: { own: 1 } } });
  const headers = [];
  b.io.engine.on('initial_headers', (_, { headers: { token } }) => headers.push(token));
  b.refuse = 1;
  const attempts = [];
  socket.io.on('reconnect_attempt', (n) => {
    attempts.push(n);
    socket.io.opts.query = { own: 1, attempt: n };
    socket.io.opts.extraHeaders = { token: `of attempt ${n}` };
  });
  a.hint({ url: b.url });
  await until(() => told.at(-1) === 'moved');
  assert.deepEqual(attempts, [1, 2]);
  assert.deepEqual([b.queries[0].own, b.queries[0].attempt], ['1', '2']);
  assert.deepEqual(headers, ['of attempt 2']);
  assert.deepEqual(socket.io.opts.query, { own: 1, attempt: 2 }, 'nothing of ours in it');
});

test('tokens go to no other origin than the app’s own, unless it says so', async () => {
  const said = [];
  const log = (what, details) => said.push([what, details]);
  const { a, b, told } = await setUp({ ready: false, origins: ['https://else.example.org'], log });
  const heard = a.hint({ url: b.url });
  await until(() => told.some((one) => one.startsWith('failed')));
  assert.equal(heard(), 1);
  assert.deepEqual(told, ['connect', 'moving', 'failed boomerang'], 'as if the hint had no url');
  assert.equal(b.queries.length, 0);
  const [, ignored] = said.find(([what]) => what === 'ignored');
  assert.equal(ignored.given, b.url);
  const words = said.map(([what]) => what);
  assert.deepEqual(
    ['hint', 'moving', 'attempt', 'connected', 'attempt failed', 'failed'].filter(
      (what) => !words.includes(what),
    ),
    [],
  );
});

test('a log that throws stops nothing', async () => {
  const errors = uncaught(closing, (_, error) => error.message);
  const log = (what) => {
    if (what === 'moving') throw new Error('of the log');
  };
  const { a, b, told } = await setUp({ ready: false, log });
  a.hint({ url: b.url });
  await until(() => told.at(-1) === 'moved');
  await until(() => errors.length === 1);
  assert.deepEqual(errors, ['of the log']);
});

test('the state of a move can be read at any time, also by a proxy of the app’s own', async () => {
  const { ready, begun, set } = pausedReady();
  const { a, b, socket, told } = await setUp({ ready });
  const held = new Proxy(socket, {});
  const state = () => [drainState(socket), drainAware.state(held)];
  assert.deepEqual(state(), ['idle', 'idle']);
  b.refuse = 1;
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => b.refuse === 0);
  assert.deepEqual(state(), ['connecting', 'connecting']);
  await until(begun);
  assert.deepEqual(state(), ['preparing', 'preparing']);
  set();
  await until(() => a.landings.length > 0);
  assert.deepEqual(state(), ['holding', 'holding']);
  await until(() => told.includes('switched'));
  assert.deepEqual(state(), ['overlap', 'overlap']);
  await until(() => told.includes('moved'));
  assert.deepEqual(state(), ['idle', 'idle']);
  assert.equal(drainState(stockIo(a.url, { autoConnect: false })), 'idle');
});

test('what ready is handed cannot reach the connection, and its listeners end with the move', async () => {
  const heard = [];
  const handed = [];
  const ready = async (next, { moving }) => {
    handed.push(next);
    next.on('feed', (n) => heard.push([moving, n]));
    next.once('feed', (n) => heard.push(['once', n]));
    next.on('drain:hello', () => heard.push('raw'));
    next.off('feed', () => {}); // somebody else's: nothing happens
    heard.push([next.id, next.nsp, next.connected, next.auth]);
    heard.push(await next.timeout(2000).emitWithAck('join'));
  };
  const { a, b, socket, told } = await setUp({ ready, options: { auth: { token: 1 } } });
  await until(() => heard.length === 2);
  a.emit('feed', 1);
  await answered(socket);
  a.hint({ url: b.url });
  await until(() => told.at(-1) === 'moved');
  b.emit('feed', 2);
  await answered(socket);
  const [first, second] = heard.filter((each) => each[1] === '/');
  assert.deepEqual(first.slice(1), ['/', true, { token: 1 }]);
  assert.deepEqual(second, [socket.id, '/', true, { token: 1 }]);
  assert.deepEqual(
    heard.filter((each) => each !== first && each !== second),
    ['a', 'b'],
    'no event after it is done',
  );
  for (const next of handed) {
    const values = Reflect.ownKeys(next).map((name) => next[name]);
    assert.ok(!values.some((value) => value?.io || value?.onevent));
  }
});

test('ready is answered in one form, at first and in a move, with the app’s ackTimeout', async () => {
  const answers = [];
  const ready = (next) =>
    new Promise((resolve) => next.emit('join', (...args) => resolve(answers.push(args))));
  const { a, b, told } = await setUp({ ready, options: { ackTimeout: 1000 } });
  await until(() => answers.length === 1);
  a.hint({ url: b.url });
  await until(() => told.at(-1) === 'moved');
  assert.deepEqual(answers, [
    [null, 'a'],
    [null, 'b'],
  ]);
});

test('a listener of drain:failed that throws is told like any other', async () => {
  const errors = uncaught(closing, (event, error) => [event, error.message]);
  const { socket } = await setUp({ ready: () => new Promise((_, no) => setTimeout(no, 50)) });
  socket.on('drain:failed', () => {
    throw new Error('of the app');
  });
  await until(() => errors.length === 1);
  assert.deepEqual(errors, [['uncaughtException', 'of the app']]);
});

test('nothing comes twice by content, though no server gives ids', async () => {
  const { a, b, socket, told } = await setUp({ ready: false, dedupe: byContent });
  const got = [];
  socket.on('word', (word, bytes) => got.push(word + bytes[0]));
  for (let times = 0; times < 3; times++) a.emit('word', 'typing', Buffer.from([1]));
  await until(() => got.length === 3);
  a.hint({ url: b.url });
  await until(() => told.includes('switched'));
  for (const each of [a, b]) each.emit('word', 'new', Buffer.from([2]));
  await until(() => told.at(-1) === 'moved');
  assert.deepEqual(got, ['typing1', 'typing1', 'typing1', 'new2']);
});

/** What the app is told by socket and manager when its server ends a connection, and another. */
async function endsOf(io) {
  const a = await Pod.start('a');
  const socket = io(a.url, { forceNew: true, transports: ['websocket'], reconnectionDelay: 10 });
  closing.push(
    () => a.stop(),
    () => socket.disconnect(),
  );
  const told = follow(socket);
  for (const event of ['open', 'close', 'error', 'reconnect_attempt', 'reconnect']) {
    socket.io.on(event, (what) => told.push(`io ${event} ${what?.message ?? what}`));
  }
  const closes = () => told.filter((one) => one.startsWith('io close')).length;
  await until(() => socket.connected);
  a.cut();
  await until(() => closes() === 1 && socket.connected);
  a.sockets[0].disconnect();
  await until(() => !socket.connected);
  socket.connect();
  await until(() => socket.connected);
  socket.disconnect();
  socket.disconnect();
  await until(() => closes() > 2);
  return told;
}

test('manager and socket tell ends in the order in which the stock client does', async () => {
  assert.deepEqual(await endsOf(drainAware(stockIo)), await endsOf(stockIo));
});

test('drainAware is io: every form of the call, and all that it has', async () => {
  const { a } = await setUp();
  const io = drainAware(stockIo, { ready: false });
  assert.deepEqual(Object.keys(io).sort(), Object.keys(stockIo).sort());
  assert.equal(io.io, io);
  assert.equal(io.connect, io);
  assert.equal(io.Socket, stockIo.Socket);
  assert.equal(io.protocol, stockIo.protocol);
  const { port } = a;
  globalThis.location = { protocol: 'http:', host: `127.0.0.1:${port}`, port: String(port) };
  closing.push(() => delete globalThis.location);
  const options = { forceNew: true, transports: ['websocket'], auth: { token: 't' } };
  const manager = new io.Manager(a.url, { transports: ['websocket'] });
  const ways = [
    () => io(options),
    () => io.connect(a.url, options),
    () => io(`${a.url}/chat`, options),
    () => manager.socket('/', { auth: { token: 't' } }),
  ];
  for (const way of ways) {
    const socket = way();
    closing.push(() => socket.disconnect());
    assert.ok(socket instanceof stockIo.Socket);
    assert.ok(socket.io instanceof io.Manager && socket.io instanceof stockIo.Manager);
    await until(() => socket.connected);
    const { handshake } = a.sockets.find(({ id }) => id === socket.id);
    assert.deepEqual([handshake.query.drain, handshake.auth.token], ['1', 't']);
    assert.equal(socket.io.nsps[socket.nsp], socket);
  }
});

test('a manager that is made by hand connects as the stock one, and its sockets move', async () => {
  const [a, b] = [await Pod.start('a'), await Pod.start('b')];
  const io = drainAware(stockIo, { origins: () => true });
  const manager = new io.Manager(a.url, { transports: ['websocket'] });
  closing.push(
    () => a.stop(),
    () => b.stop(),
    () => manager.disconnect(),
  );
  await new Promise((resolve) => manager.on('open', resolve));
  const socket = manager.socket('/');
  const seen = watch(socket);
  await until(() => socket.connected);
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'connect', 'drain:moved']);
});

test('an old url with a query is read as the stock client reads it', async () => {
  const { a } = await setUp();
  const io = drainAware(stockIo);
  const before = globalThis.URLSearchParams;
  globalThis.URLSearchParams = class {}; // that of some React Natives reads no strings
  closing.push(() => (globalThis.URLSearchParams = before));
  const options = { forceNew: true, transports: ['websocket'] };
  for (const [url, query] of [
    [`${a.url}?token=a%20b+c&room`, undefined],
    [a.url, 'token=a%20b%2Bc&room='],
  ]) {
    const socket = io(url, { ...options, ...(query && { query }) });
    closing.push(() => socket.disconnect());
    await until(() => socket.connected);
    const { token, room, drain } = a.queries.at(-1);
    assert.deepEqual([token, room, drain], ['a b+c', '', '1']);
  }
});
