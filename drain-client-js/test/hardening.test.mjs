// Faults that could wedge a client in a move, or leave something behind: each of them has happened.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { clientOf, drainAware } from './inside.mjs';
import { CLIENTS, pausedReady, Pod, setUpPair } from './pods.mjs';
import { staysSo, uncaught, until, watch } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(how) {
  const all = await setUpPair(drainAware, closing, how);
  return { ...all, client: clientOf(all.socket) };
}

/** One connection, no move, nothing held. */
function atRest({ connections, state }) {
  assert.deepEqual([connections.size, state], [1, { name: 'idle' }]);
}

/** A namespace of the same connection, opened now. */
function chatOf(socket) {
  const chat = socket.io.socket('/chat');
  return { chat, seen: watch(chat) };
}

for (const [version, io] of Object.entries(CLIENTS)) {
  test(`${version}: an emit that timed out is kept neither by us nor by the stock socket`, async () => {
    const a = await Pod.start('a');
    const socket = drainAware(io, a.url, { forceNew: true, transports: ['websocket'] });
    closing.push(
      () => a.stop(),
      () => socket.disconnect(),
    );
    await until(() => socket.connected);
    let errors = 0;
    for (let n = 0; n < 200; n++) socket.timeout(20).emit('owe', n, () => errors++);
    await until(() => errors === 200);
    const { owed, inners } = clientOf(socket).current;
    const [inner] = inners.values();
    assert.deepEqual(
      [socket, inner].map(({ acks }) => Object.keys(acks).length),
      [0, 0],
    );
    assert.equal(owed, 0);
    await until(() => a.owed.length === 200);
    for (const pay of a.owed) pay(); // too late: nobody is told
    await new Promise((resolve) => socket.emit('up', 1, resolve));
    assert.equal(errors, 200);
  });
}

test('a namespace opened in the hold is made ready, and told once', async () => {
  const calls = [];
  const ready = ({ nsp }, { moving }) => void calls.push(`${nsp} ${moving}`);
  const { a, b, socket, seen } = await setUp({ aware: { ready } });
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => a.landings.length === 1);
  const { chat, seen: ofChat } = chatOf(socket);
  await until(() => b.sockets.length === 2);
  await staysSo(50, () => ofChat.events.length === 0); // not before the move is done
  await until(() => seen.moved.length === 1);
  assert.deepEqual(ofChat.events, ['connect', 'drain:moved']);
  assert.deepEqual(calls, ['/ false', '/ true', '/chat false']);
  assert.equal(chat.id, [...b.io.of('/chat').sockets.keys()][0]);
});

test('a namespace opened in a hold that fails is told once, of the old pod', async () => {
  const calls = [];
  const ready = ({ nsp }, { moving }) => void calls.push(`${nsp} ${moving}`);
  const { a, b, socket, seen, client } = await setUp({ aware: { ready } });
  a.answerLanded = () => false;
  a.hint({ url: b.url });
  await until(() => a.landings.length === 1);
  const { chat, seen: ofChat } = chatOf(socket);
  await until(() => b.sockets.length === 2);
  b.cut();
  await until(() => seen.failed.length === 1 && chat.connected);
  await staysSo(50, () => ofChat.events.length === 2);
  assert.deepEqual(ofChat.events, ['drain:failed', 'connect']);
  assert.deepEqual(calls, ['/ false', '/ true', '/chat false']);
  assert.equal(chat.id, [...a.io.of('/chat').sockets.keys()][0]);
  atRest(client);
});

test('a namespace that the old pod lets in during the hold is told once, and goes along', async () => {
  const calls = [];
  const ready = ({ nsp }, { moving }) => void calls.push(`${nsp} ${moving}`);
  const { a, b, socket, seen } = await setUp({ aware: { ready } });
  let letIn;
  a.io.of('/chat').use((_, next) => (letIn = next));
  const { chat, seen: ofChat } = chatOf(socket);
  await until(() => letIn);
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => a.landings.length === 1);
  letIn();
  await until(() => seen.moved.length === 1);
  await until(() => b.sockets.length === 2);
  chat.emit('up', 1);
  await until(() => b.got.length === 1);
  const connects = () => ofChat.events.filter((event) => event === 'connect').length;
  await staysSo(50, () => connects() === 1);
  assert.ok(
    calls.some((call) => call.startsWith('/chat')),
    calls.join(),
  );
  assert.equal(chat.id, [...b.io.of('/chat').sockets.keys()][0]);
});

test('cut in the hold, with a namespace that the new pod does not know yet: nothing is noticed', async () => {
  const { a, b, socket, seen, client } = await setUp({ options: { reconnectionDelay: 5000 } });
  let letIn;
  a.io.of('/chat').use((_, next) => (letIn = next));
  const { chat, seen: ofChat } = chatOf(socket);
  await until(() => letIn);
  a.answerLanded = () => false;
  a.hint({ url: b.url });
  await until(() => a.landings.length === 1);
  letIn();
  await until(() => chat.connected);
  const answers = [];
  socket.emit('up', 1, (n) => answers.push(n));
  chat.emit('up', 2, (n) => answers.push(n));
  a.cut();
  await until(() => seen.moved.length === 1 && answers.length === 2);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
  assert.deepEqual(ofChat.events, ['drain:moving', 'connect', 'drain:moved']);
  assert.deepEqual(answers.sort(), [1, 2]);
  atRest(client);
});

test('a ready that fails without a word is told', async () => {
  const { a, b, seen } = await setUp({
    aware: { ready: (_, { moving }) => moving && Promise.reject() },
  });
  a.hint({ url: b.url });
  await until(() => seen.failed.length === 1);
  assert.deepEqual(seen.failed, [{ reason: 'drain', code: 'ready', message: 'undefined' }]);
});

test('a listener of ready ends with its move, and stops neither this one nor the next', async () => {
  const ready = (next, { moving }) => {
    if (moving) next.on('disconnect', () => assert.fail('of the app'));
  };
  const { a, b, seen, client } = await setUp({ aware: { ready, overlapMs: 10 } });
  const errors = uncaught(closing, (_, error) => error.message);
  a.answerLanded = () => false;
  a.hint({ url: b.url });
  await until(() => a.landings.length === 1);
  b.cut(); // the move fails, and its connection is dropped
  await until(() => seen.failed.length === 1);
  a.answerLanded = () => true;
  for (let move = 1; move <= 3; move++) {
    const [from, to] = move % 2 ? [a, b] : [b, a];
    from.hint({ url: to.url });
    await until(() => seen.moved.length === move);
  }
  await until(() => a.tcp.size === 0);
  assert.deepEqual(errors, ['of the app'], 'of the move whose connection was cut');
  atRest(client);
});

test('a namespace that is left and joined again before the hold goes along, told once', async () => {
  const { ready, begun, set } = pausedReady();
  const { a, b, socket, seen } = await setUp({ aware: { ready } });
  const { chat, seen: ofChat } = chatOf(socket);
  await until(() => chat.connected);
  a.hint({ url: b.url });
  await until(() => b.sockets.length === 2 && begun());
  chat.disconnect();
  await until(() => a.sockets.length === 1); // the server would end a connection that is quicker
  chat.connect();
  await until(() => chat.connected);
  set();
  await until(() => seen.moved.length === 1);
  await staysSo(50, () => ofChat.events.length === 5);
  assert.deepEqual(ofChat.events, [
    'connect',
    'drain:moving',
    'disconnect',
    'connect',
    'drain:moved',
  ]);
  assert.equal(chat.id, [...b.io.of('/chat').sockets.keys()][0]);
});

test('a held emit that cannot be encoded is the app’s error, and holds nothing up', async () => {
  const { a, b, socket, seen, client } = await setUp();
  const errors = uncaught(closing, (_, error) => error.message);
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => a.landings.length >= 1);
  try {
    socket.emit('up', 1n); // the stock socket would throw
  } catch (error) {
    errors.push(error.message);
  }
  socket.emit('up', 2);
  await until(() => b.got.length === 1);
  await until(() => seen.moved.length === 1 && errors.length === 1);
  assert.match(errors[0], /BigInt/);
  socket.emit('up', 3);
  await until(() => b.got.length === 2);
  assert.deepEqual(b.got, [2, 3]);
  atRest(client);
});

test('a ready that is done after its move has failed opens nothing', async () => {
  const { ready, begun, set } = pausedReady();
  const { a, b, socket, seen, client } = await setUp({ aware: { ready } });
  a.hint({ url: b.url, graceMs: 1000 });
  await until(begun);
  await until(() => seen.failed.length === 1);
  const { chat } = chatOf(socket);
  await until(() => chat.connected && b.tcp.size === 0);
  set();
  await staysSo(200, () => b.sockets.length === 0 && b.tcp.size === 0);
  atRest(client);
});

test('a ready that fails because the new connection was lost costs an attempt, not the move', async () => {
  let times = 0;
  const ready = async (next, { moving }) => {
    if (moving && !times++) await next.emitWithAck('owe', 1);
  };
  const { a, b, seen } = await setUp({ aware: { ready } });
  a.hint({ url: b.url });
  await until(() => b.owed.length === 1);
  b.cut();
  await until(() => seen.moved.length + seen.failed.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
  assert.equal(times, 2);
});

test('a ready that nobody waits for any more cannot end the attempt after its own', async () => {
  let times = 0;
  let fail;
  const ready = (_, { moving }) =>
    moving && !times++ && new Promise((_, reject) => (fail = reject));
  const { a, b, seen, client } = await setUp({ aware: { ready } });
  a.hint({ url: b.url });
  await until(() => fail);
  b.refuse = 1;
  b.cut();
  await until(() => !client.state.next); // between two attempts
  assert.equal(b.refuse, 1);
  fail(new Error('too late'));
  await until(() => seen.moved.length + seen.failed.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
});

test('an emit that timed out while it was held is not sent when the old pod is back', async () => {
  const { ready, begun } = pausedReady();
  const { a, b, socket, seen, client } = await setUp({
    options: { reconnectionDelay: 400 },
    aware: { ready },
  });
  a.hint({ url: b.url, graceMs: 1000 });
  await until(begun);
  a.cut();
  await until(() => client.state.hold);
  const errors = [];
  socket.timeout(50).emit('up', 1, (error) => errors.push(error.message));
  socket.emit('up', 2);
  await until(() => errors.length === 1);
  assert.ok(socket.connected, 'still held');
  await until(() => seen.failed.length === 1 && a.got.length);
  await staysSo(50, () => a.got.length === 1);
  assert.deepEqual([a.got, errors], [[2], ['operation has timed out']]);
});

test('the last words of a socket whose old connection is cut go out on the new one', async () => {
  const { ready, begun } = pausedReady();
  const { a, b, socket, client } = await setUp({
    options: { reconnectionDelay: 5000 },
    aware: { ready },
  });
  const words = [];
  b.io.on('connection', (each) => each.use((event, next) => next(void words.push(event))));
  a.hint({ url: b.url });
  await until(begun);
  a.cut();
  await until(() => client.state.hold);
  assert.ok(socket.connected);
  socket.emit('up', 'bye');
  socket.disconnect();
  await until(() => b.sockets.length === 0 && b.tcp.size === 0);
  assert.deepEqual(words, [['up', 'bye']]);
});

test('an app that disconnects after a hidden cut stays away, though a reconnect was waiting', async () => {
  const { ready, begun } = pausedReady();
  const { a, b, socket, seen, client } = await setUp({
    options: { reconnectionDelay: 10 },
    aware: { ready },
  });
  const attempts = [];
  a.http.on('connection', () => attempts.push('a'));
  a.hint({ url: b.url });
  await until(begun);
  const { current } = client;
  a.cut();
  await until(() => client.state.hold);
  await until(() => current.parked?.length); // its reconnect has come, and waits
  assert.deepEqual(attempts, []);
  socket.disconnect();
  await until(() => b.tcp.size === 0);
  await staysSo(100, () => a.tcp.size === 0 && attempts.length === 0);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'disconnect']);
  socket.connect();
  await until(() => socket.connected);
  atRest(client);
});

test('a move that fails after a hidden cut lets the reconnect go on that was waiting', async () => {
  const { ready, begun } = pausedReady();
  const { a, b, socket, seen, client } = await setUp({
    options: { reconnectionDelay: 10 },
    aware: { ready },
  });
  const ofManager = [];
  for (const event of ['close', 'reconnect_attempt', 'open', 'reconnect']) {
    socket.io.on(event, () => ofManager.push(event));
  }
  a.hint({ url: b.url, graceMs: 800 });
  await until(begun);
  a.cut();
  await until(() => seen.failed.length === 1);
  assert.equal(seen.failed[0].code, 'timeout');
  await until(() => socket.connected);
  assert.deepEqual(seen.events.slice(2), ['disconnect', 'drain:failed', 'connect']);
  const [ofMove, ...ofCut] = ofManager;
  assert.equal(ofMove, 'reconnect_attempt');
  assert.deepEqual(ofCut, ['close', 'reconnect_attempt', 'open', 'reconnect']);
  atRest(client);
});

test('an emit that found the old connection’s ping overdue goes before those after it', async () => {
  const { ready, begun, set } = pausedReady();
  const { a, b, socket, seen, client } = await setUp({
    options: { reconnectionDelay: 5000 },
    aware: { ready },
  });
  a.hint({ url: b.url });
  await until(begun);
  socket.io.engine._pingTimeoutTime = 1; // as after sleep
  socket.emit('up', 1);
  await until(() => socket.io.engine.readyState !== 'open' || client.state.hold);
  socket.emit('up', 2);
  set();
  await until(() => seen.moved.length === 1 && b.got.length > 1);
  await staysSo(50, () => b.got.length === 2);
  assert.deepEqual(b.got, [1, 2]);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
});

test('an app that closes the manager in a move is told its disconnect alone, and stays away', async () => {
  const ready = (_, { moving }) => moving && new Promise(() => {});
  const { a, b, socket, seen, client } = await setUp({ aware: { ready } });
  a.hint({ url: b.url });
  await until(() => b.sockets.length === 1);
  const heard = a.hint({ url: b.url }); // for when this one is over
  await until(() => heard() === 1);
  socket.io.disconnect();
  await until(() => a.tcp.size === 0 && b.tcp.size === 0);
  await staysSo(300, () => a.tcp.size + b.tcp.size === 0);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'disconnect']);
  atRest(client);
  socket.connect();
  await until(() => socket.connected);
});

test('a ready that never ends, a disconnect and a connect leave nothing of the move', async () => {
  let hang = true;
  const ready = (_, { moving }) => moving && hang && new Promise(() => {});
  const { a, b, socket, seen, client } = await setUp({ aware: { ready } });
  a.hint({ url: b.url });
  await until(() => b.sockets.length === 1);
  socket.disconnect();
  atRest(client);
  socket.connect();
  await until(() => socket.connected && b.tcp.size === 0);
  atRest(client);
  assert.equal(a.sockets.length, 1);
  hang = false;
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  await new Promise((resolve) => socket.emit('up', 1, resolve));
  assert.deepEqual(b.got, [1]);
  assert.deepEqual(seen.events.slice(-4), ['disconnect', 'connect', 'drain:moving', 'drain:moved']);
  await until(() => a.tcp.size === 0);
  atRest(client);
});

test('a namespace that is left while its ready hangs is not waited for', async () => {
  let begun = false;
  const ready = ({ nsp }, { moving }) => {
    if (!moving || nsp === '/') return undefined;
    begun = true;
    return new Promise(() => {});
  };
  const { a, b, socket, seen } = await setUp({ aware: { ready } });
  const { chat } = chatOf(socket);
  await until(() => chat.connected);
  a.hint({ url: b.url, graceMs: 1500 });
  await until(() => begun);
  chat.disconnect();
  await until(() => seen.moved.length + seen.failed.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
});

test('an empty url is none', async () => {
  const { a, seen } = await setUp();
  a.hint({ url: '' });
  await until(() => seen.failed.length === 1);
  assert.match(seen.failed[0].message, /a again/, 'it went to the address that the client has');
});

test('a namespace that is left before its ready begins is not waited for', async () => {
  const ready = async (next, { moving }) => {
    if (moving) await next.emitWithAck('up', 0); // never, on a socket that has been left
  };
  const { a, b, socket, seen } = await setUp({ aware: { ready } });
  const { chat } = chatOf(socket);
  await until(() => chat.connected);
  b.hello = false; // so that a second passes between connect and ready
  a.hint({ url: b.url, graceMs: 4000 });
  await until(() => b.sockets.length === 2);
  chat.disconnect();
  await until(() => seen.moved.length + seen.failed.length === 1);
  assert.deepEqual(seen.events, ['connect', 'drain:moving', 'drain:moved']);
});

test('a namespace that the old pod has let in and the new one refuses is told to be gone', async () => {
  const { a, b, socket, seen } = await setUp();
  a.io.of('/late').on('connection', () => {});
  let admit;
  a.io.of('/late').use((_, next) => (admit = next));
  b.io.of('/late').use((_, next) => next(new Error('not here')));
  a.answerLanded = () => false;
  const late = socket.io.socket('/late');
  const ofLate = watch(late);
  late.on('connect_error', ({ message }) => ofLate.events.push(message));
  await until(() => admit);
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => a.landings.length >= 1);
  admit(); // in the hold
  await until(() => late.connected);
  await until(() => seen.moved.length === 1 && !late.connected);
  assert.deepEqual(
    ofLate.events.filter((event) => !event.startsWith('drain:')),
    ['connect', 'disconnect', 'not here'],
  );
  assert.equal(late.active, false);
});

test('landed is said again in another namespace when its own has been left', async () => {
  const { a, b, socket } = await setUp();
  const { chat, seen: ofChat } = chatOf(socket);
  await until(() => chat.connected);
  let asked = 0;
  a.answerLanded = () => asked++ > 0;
  a.hint({ url: b.url, graceMs: 5000 });
  await until(() => asked === 1);
  const began = performance.now();
  socket.disconnect(); // landed was said in its namespace
  await until(() => asked === 2 && b.io.of('/chat').sockets.has(chat.id));
  assert.ok(performance.now() - began < 3000, 'not only at the end of its bound, 6 s');
  await until(() => ofChat.moved.length === 1);
});

test('what came before a namespace was left does not come when it is joined again', async () => {
  const { a, b, socket, client } = await setUp();
  const { chat } = chatOf(socket);
  await until(() => chat.connected);
  const fed = [];
  chat.on('feed', (n) => fed.push(n));
  a.answerLanded = () => false;
  a.hint({ url: b.url, graceMs: 1000 });
  await until(() => a.landings.length >= 1);
  b.io.of('/chat').emit('feed', 1);
  await until(() => client.state.inbox?.length); // held back
  chat.disconnect();
  await until(() => !client.state.next); // it has been released
  chat.connect();
  await until(() => chat.connected);
  b.io.of('/chat').emit('feed', 2);
  await until(() => fed.length > 0);
  assert.deepEqual(fed, [2]);
});
