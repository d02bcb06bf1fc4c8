import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { drainAware } from 'graceful-drain-client';
import { awareQuery, parseAddress } from '../build/address.js';
import * as bounds from '../build/bounds.js';
import { within } from '../build/clock.js';
import { settings } from '../build/options.js';
import { overlap } from '../build/overlap.js';
import { SeenIds } from '../build/seen.js';
import { standingClock } from './pods.mjs';

test('isNew_idSeenAmongTheLast1024_isNot', () => {
  const seen = new SeenIds();
  for (let id = 0; id < 1025; id++) assert.ok(seen.isNew(id));
  assert.ok(!seen.isNew(1024));
  assert.ok(!seen.isNew(1));
  assert.ok(seen.isNew(0), 'forgotten');
  assert.equal(seen.ids.size, 1024);
});

test('isNew_noId_alwaysIs', () => {
  const seen = new SeenIds();
  for (const id of [undefined, null, undefined]) assert.ok(seen.isNew(id));
  assert.ok(seen.isNew(''));
  assert.ok(!seen.isNew(''), 'an empty string is an id');
});

test('overlap_answersNeverCome_dropsLingerMostAfterTheRelease', async () => {
  const clock = standingClock();
  const old = { asked: new Set([1]), lost: { given: new Promise(() => {}) } };
  const started = overlap(clock, old, 500, () => {});
  let dropped;
  const elapse = async (ms) => {
    for (let at = 0; at < ms; at += 50) {
      clock.goOn(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await elapse(500);
  (await started).dropped.then(() => (dropped = true));
  await elapse(bounds.LINGER_MOST_MS - 500 - 50);
  assert.equal(dropped, undefined, 'it may still be answered');
  await elapse(50);
  assert.equal(dropped, true);
});

test('bounds_areThoseOfTheProtocol', () => {
  const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('## Bounds')).split('\n\n')[2];
  const rows = [...table.matchAll(/^\| ([A-Z_, ]+) \| ([\d, ]+) \|/gm)];
  const said = rows.flatMap(([, names, values]) => {
    const numbers = values.split(', ').map((value) => Number(value.replace(',', '')));
    return names.split(', ').map((name, at) => [name, numbers[at]]);
  });
  assert.equal(said.length, 12);
  const { LOOK_AGAIN_MS: _, ...ours } = bounds;
  assert.deepEqual(ours, Object.fromEntries(said));
});

test('awareQuery_everyKindOfQuery_isKept', () => {
  assert.deepEqual(awareQuery(undefined), { drain: 1 });
  assert.deepEqual(awareQuery({ a: 'b' }), { a: 'b', drain: 1 });
  assert.deepEqual(awareQuery('a=b&c=d%26e+f'), { a: 'b', c: 'd&e+f', drain: 1 });
  assert.deepEqual(awareQuery({ a: 'b', drain: '0' }, 't'), { a: 'b', drain: 1, ticket: 't' });
  assert.deepEqual(awareQuery({ ticket: 'own' }), { ticket: 'own', drain: 1 });
});

test('awareQuery_query_isNotChanged', () => {
  const query = Object.freeze({ a: 'b' });
  assert.notEqual(awareQuery(query), query);
});

test('parseAddress_address_inItsParts', () => {
  assert.deepEqual(parseAddress('https://h:1/p/q?a=b#c'), {
    origin: 'https://h:1',
    path: '/p/q',
    query: 'a=b',
  });
  assert.deepEqual(parseAddress('ws://[::1]:80'), {
    origin: 'ws://[::1]:80',
    path: '',
    query: '',
  });
  for (const none of ['/only/a/path', '', undefined, null, 5, {}])
    assert.equal(parseAddress(none), undefined);
});

test('within_promiseInTime_itsValueAndNoTimerLeft', async () => {
  const clock = standingClock();
  assert.equal(await within(clock, 100, Promise.resolve(7)), 7);
  assert.equal(clock.timers.size, 0);
  await assert.rejects(within(clock, 100, Promise.reject(new Error('no'))), /no/);
  assert.equal(clock.timers.size, 0);
});

test('within_timeOver_undefined', async () => {
  const clock = standingClock();
  const late = within(clock, 100, new Promise(() => {}));
  clock.goOn(99);
  assert.equal(clock.timers.size, 1);
  clock.goOn(1);
  assert.equal(await late, undefined);
});

test('settings_none_theDefaults', () => {
  const { overlapMs, dedupe, ready } = settings();
  assert.equal(overlapMs, 500);
  assert.equal(dedupe('event', ['x', null, { drainId: 'i' }, { drainId: 'j' }]), 'i');
  const bytes = [new Uint8Array(2), new ArrayBuffer(2), Buffer.from('b'), new Blob(['b'])];
  assert.equal(dedupe('event', [...bytes, [{ drainId: 'no' }], { drainId: 'i' }]), 'i');
  assert.equal(dedupe('event', [5]), undefined);
  assert.equal(ready(), undefined);
  assert.equal(settings({ dedupe: false }).dedupe('event', [{ drainId: 'i' }]), undefined);
});

test('drainAware_badOption_saysWhatWasExpected', () => {
  const bad = [
    [{ overlapMs: -1 }, 'drainAware: overlapMs: -1 (expected: a number from 0 to 60000)'],
    [{ overlapMs: '5' }, 'drainAware: overlapMs: 5 (expected: a number from 0 to 60000)'],
    [{ overlapMs: NaN }, 'drainAware: overlapMs: NaN (expected: a number from 0 to 60000)'],
    [{ ready: true }, 'drainAware: ready: true (expected: a function)'],
    [{ dedupe: 'n' }, 'drainAware: dedupe: n (expected: a function or false)'],
  ];
  for (const [options, message] of bad) {
    assert.throws(() => drainAware(io, 'http://localhost', {}, options), {
      name: 'TypeError',
      message,
    });
  }
  for (const none of [undefined, null, {}, 'io']) {
    assert.throws(() => drainAware(none, 'http://localhost'), {
      message: `drainAware: io: ${none} (expected: io of socket.io-client)`,
    });
  }
});
