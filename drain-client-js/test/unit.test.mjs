import assert from 'node:assert/strict';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { drainAware } from 'graceful-drain-client';
import { aware, parse } from '../build/address.js';
import { within } from '../build/clock.js';
import { settings } from '../build/options.js';
import { isNew } from '../build/seen.js';

test('isNew_idSeenAmongTheLast1024_isNot', () => {
  const seen = new Set();
  for (let id = 0; id < 1025; id++) assert.ok(isNew(seen, id));
  assert.ok(!isNew(seen, 1024));
  assert.ok(!isNew(seen, 1));
  assert.ok(isNew(seen, 0), 'forgotten');
  assert.equal(seen.size, 1024);
});

test('isNew_noId_alwaysIs', () => {
  const seen = new Set();
  for (const id of [undefined, null, undefined]) assert.ok(isNew(seen, id));
  assert.ok(isNew(seen, ''));
  assert.ok(!isNew(seen, ''), 'an empty string is an id');
});

test('aware_everyKindOfQuery_isKept', () => {
  assert.deepEqual(aware(undefined), { drain: 1 });
  assert.deepEqual(aware({ a: 'b' }), { a: 'b', drain: 1 });
  assert.deepEqual(aware('a=b&c=d%26e+f'), { a: 'b', c: 'd&e+f', drain: 1 });
  assert.deepEqual(aware({ a: 'b', drain: '0' }, 't'), { a: 'b', drain: 1, ticket: 't' });
  assert.deepEqual(aware({ ticket: 'own' }), { ticket: 'own', drain: 1 });
});

test('aware_query_isNotChanged', () => {
  const query = Object.freeze({ a: 'b' });
  assert.notEqual(aware(query), query);
});

test('parse_address_inItsParts', () => {
  assert.deepEqual(parse('https://h:1/p/q?a=b#c'), ['https://h:1', '/p/q', 'a=b']);
  assert.deepEqual(parse('ws://[::1]:80'), ['ws://[::1]:80', '', '']);
  for (const none of ['/only/a/path', '', undefined, null, 5, {}])
    assert.equal(parse(none), undefined);
});

/** A clock that stands until it is told to go on. */
function standing() {
  const timers = new Set();
  let now = 0;
  return {
    timers,
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    goOn(ms) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at <= now && timers.delete(timer)) timer.action();
      }
    },
  };
}

test('within_promiseInTime_itsValueAndNoTimerLeft', async () => {
  const clock = standing();
  assert.equal(await within(clock, 100, Promise.resolve(7)), 7);
  assert.equal(clock.timers.size, 0);
  await assert.rejects(within(clock, 100, Promise.reject(new Error('no'))), /no/);
  assert.equal(clock.timers.size, 0);
});

test('within_timeOver_undefined', async () => {
  const clock = standing();
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
    [{ overlapMs: -1 }, 'drainAware: overlapMs: -1 (expected: a number >= 0)'],
    [{ overlapMs: '5' }, 'drainAware: overlapMs: 5 (expected: a number >= 0)'],
    [{ overlapMs: NaN }, 'drainAware: overlapMs: NaN (expected: a number >= 0)'],
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
