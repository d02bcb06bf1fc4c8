// Compares the events that the app saw with the expected ones.
import { isDeepStrictEqual } from 'node:util';
import { fromBytes } from './bytes.mjs';
import { carried, upId } from './traffic.mjs';

const CONTROL = ['connect', 'disconnect', 'drain:moving', 'drain:moved', 'drain:failed'];

export function app(expect, log, ns, first, hold) {
  const whole = first || expect.appIn?.[ns];
  const names = log
    .all('app', { ns })
    .map((entry) => entry.event)
    .filter((event) => CONTROL.includes(event) && (whole || !event.startsWith('drain:')))
    .map((event) => event.replace('drain:', ''));
  const pattern = expect.appIn?.[ns] ?? (first ? expect.app : withoutMoves(expect.app));
  const holds = new RegExp(`^(?:${pattern})$`).test(names.join(' '));
  hold(holds, `the app saw in ${ns}: ${names.join(' ')} (expected: ${pattern})`);
  let connected = false;
  const refusals = [...(expect.refusals?.[ns] ?? [])];
  for (const { event, args } of log.all('app', { ns })) {
    if (event === 'connect') connected = true;
    else if (event === 'disconnect') connected = false;
    else if (event === 'connect_error' && connected) {
      const [had, wanted] = [args?.[0], refusals.shift() ?? 'none'];
      hold(had === wanted, `the app saw connect_error ${had} while connected (expected: ${wanted})`);
    }
    const raw = ['drain:hello', 'drain:plan', 'drain:reconnect', 'drain:landed'].includes(event);
    const later = ['drain:at', 'drain:token'].includes(event); // a stock client shows them
    hold(!raw && !(later && expect.aware !== false), `the app saw ${event}`);
  }
  hold(refusals.length === 0, `the app in ${ns} was not told: connect_error ${refusals}`);
}

function withoutMoves(pattern) {
  return /disconnect/.test(pattern) ? 'connect( disconnect connect)*' : 'connect';
}

export function feed(how, log, ns, last, hold) {
  const numbers = log.all('app', { ns, event: 'feed' }).map((entry) => entry.args?.[0]?.n);
  const unique = new Set(numbers);
  hold(numbers.length > 0, `no feed came in ${ns}`);
  if (how !== 'atLeastOnce') {
    for (let at = 1; at < numbers.length; at++) {
      const ordered = numbers[at] > numbers[at - 1];
      const what = unique.size < numbers.length ? 'twice or out of order' : 'out of order';
      if (!ordered) {
        hold(false, `the feed in ${ns} came ${what}: ${numbers[at - 1]}, ${numbers[at]}`);
        break;
      }
    }
  } else {
    hold(unique.size < numbers.length, `nothing came twice in ${ns}, though nothing had an id`);
  }
  if (how !== 'gaps') {
    const missing = [];
    for (let n = numbers[0]; n <= last; n++) if (!unique.has(n)) missing.push(n);
    hold(missing.length === 0, `the feed in ${ns} misses ${missing.length}: ${missing.slice(0, 5)}`);
  }
}

export function uploads(expect, log, ns, sent, hold) {
  const numbers = log.all('up', { ns }).map((entry) => entry.n);
  for (let at = 1; at < numbers.length; at++) {
    if (numbers[at] <= numbers[at - 1]) {
      hold(false, `uploads in ${ns} twice or out of order: ${numbers[at - 1]}, ${numbers[at]}`);
      break;
    }
  }
  const received = new Set(numbers);
  const answered = new Map();
  for (const { id } of log.all('acked')) answered.set(id, (answered.get(id) ?? 0) + 1);
  let lost = 0;
  for (let n = 1; n <= sent; n++) {
    const answers = answered.get(upId(ns, n)) ?? 0;
    hold(answers < 2, `upload ${n} in ${ns} was acknowledged ${answers} times`);
    hold(!answers || received.has(n), `upload ${n} in ${ns} was acknowledged, never received`);
    if (!received.has(n)) lost++;
  }
  if (expect.ups === 'all') hold(lost === 0, `${lost} of ${sent} uploads in ${ns} never came`);
}

/** Events as the app got them: their arguments, wherever they came. */
export function given(expect, log, hold) {
  for (const [event, args] of Object.entries(expect.given ?? {})) {
    for (const { ns, args: got } of log.all('app', { event })) {
      const [had, wanted] = [JSON.stringify(got), JSON.stringify(args)];
      hold(isDeepStrictEqual(got, args), `${event} in ${ns} came with ${had} (expected: ${wanted})`);
    }
  }
}

/** Each event, and its answer, has the bytes of its sender in the same places. */
export function bytes(log, ns, hold) {
  const wrong = new Set();
  const check = (what, n, had, times) => {
    const wanted = carried(n).flatMap((sent) => Array(times).fill(fromBytes(sent)));
    const [got, sent] = [JSON.stringify(had), JSON.stringify(wanted)];
    if (got === sent || wrong.has(what)) return;
    wrong.add(what); // one tells it all
    hold(false, `${what} ${n} in ${ns} came with ${got} (expected: ${sent})`);
  };
  const inEvent = (what, args) => {
    const [{ n, bytes: inside } = {}, ...own] = args ?? [];
    check(what, n, inside === undefined ? own : [inside, ...own], 2);
  };
  for (const { args } of log.all('app', { ns, event: 'feed' })) inEvent('feed', args);
  for (const { args } of log.all('up', { ns })) inEvent('upload', args);
  for (const { id, args } of log.all('acked')) {
    const n = Number(id.slice(upId(ns, '').length));
    if (id === upId(ns, n)) check('the answer to upload', n, args, 1);
  }
}
