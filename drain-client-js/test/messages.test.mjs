// Mistakes in messages of a server or an app, and the answers to them.
import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { io } from 'socket.io-client';
import { drainAware } from 'graceful-drain-client';
import { answered, setUpPair, until } from './pods.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The log lines until the end of the test. */
function logged() {
  const { mock: warn } = mock.method(console, 'warn', () => {});
  closing.push(() => warn.restore());
  return () => warn.calls.map((call) => call.arguments.join(' '));
}

test('each kind of malformed message is logged once, with what was expected', async () => {
  const all = logged();
  const { a, b, socket, seen } = await setUpPair(drainAware, closing);
  for (const body of [{ pod: 5 }, {}, null]) a.emit('drain:hello', body);
  for (const windowMs of ['soon', -1]) a.emit('drain:plan', { windowMs });
  for (const hint of [{ ticket: 5 }, { graceMs: 'x' }, { url: 'nonsense' }]) a.hint(hint);
  a.emit('drain:new', { version: 2 });
  await answered(socket);
  a.emit('drain:plan', { windowMs: 'soon' });
  await answered(socket);
  assert.deepEqual(all(), [
    'drainAware: drain:hello: [{"pod":5}] (expected: {pod: string, generation: string})',
    'drainAware: drain:plan: [{"windowMs":"soon"}] (expected: {windowMs: number >= 0})',
    'drainAware: drain:reconnect: [{"reason":"drain","graceMs":3000,"ticket":5}]' +
      ' (expected: {reason: string, graceMs: number >= 0, ticket: string, url?: address})',
  ]);
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  assert.deepEqual(seen.moved[0].from, { pod: 'a', generation: 'g' });
  assert.equal(all().length, 3);
});

test('an error as the answer to landed is logged', async () => {
  const all = logged();
  const { a, b, seen } = await setUpPair(drainAware, closing);
  a.answerLanded = () => false;
  for (const each of a.sockets) each.on('drain:landed', (_, ack) => ack({ error: 'no pod' }));
  a.hint({ url: b.url });
  await until(() => seen.moved.length === 1);
  assert.deepEqual(all(), ['drainAware: drain:landed: [{"error":"no pod"}] (expected: no error)']);
});

test('what is well formed is not logged', async () => {
  const all = logged();
  const { a, b, seen } = await setUpPair(drainAware, closing, { a: { plan: 0 } });
  a.hint({ url: b.url, more: 'fields' });
  await until(() => seen.moved.length === 1);
  assert.deepEqual(all(), []);
});

const URL = 'http://127.0.0.1:1';
const OPTIONS = '{ready, dedupe, overlapMs, origins, log}';
const MISPLACED = [
  [
    'options of io where ours belong',
    [io, { auth: {} }],
    `aware: {auth} (expected: ${OPTIONS}; options of io as ever: drainAware(io)(options))`,
  ],
  ['no options but null', [io, null], `aware: null (expected: ${OPTIONS}`],
  ['ready itself', [io, () => {}], `aware: () => {} (expected: ${OPTIONS}`],
  [
    'options where the url belongs',
    [io, { auth: {} }, {}],
    'url: {auth} (expected: a string, then',
  ],
  ['no url but null', [io, null, {}], 'url: null (expected: a string, then the options)'],
  [
    'ready one argument early',
    [io, URL, { ready() {} }],
    'options: {ready} (expected: those of io',
  ],
  [
    'overlapMs one early',
    [io, URL, { overlapMs: 5 }],
    'options: {overlapMs} (expected: those of io',
  ],
  ['options that are none', [io, URL, 'x'], `options: x (expected: those of io, then ${OPTIONS})`],
  ['options one late', [io, URL, {}, { auth: {} }], `aware: {auth} (expected: ${OPTIONS}`],
  ['ready itself, late', [io, URL, {}, () => {}], `aware: () => {} (expected: ${OPTIONS}`],
];

for (const [what, args, message] of MISPLACED) {
  test(`arguments in the wrong place are refused: ${what}`, () => {
    let opened = 0;
    const counting = (...given) => {
      opened++;
      return args[0](...given);
    };
    assert.throws(
      () => drainAware(counting, ...args.slice(1)),
      (error) => {
        assert.ok(error instanceof TypeError);
        assert.ok(error.message.startsWith(`drainAware: ${message}`), error.message);
        return true;
      },
    );
    assert.equal(opened, 0, 'nothing was connected');
  });
}
