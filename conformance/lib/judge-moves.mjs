// Compares what the app is told of its moves with what is expected.
import { isDeepStrictEqual } from 'node:util';

const CODES = ['refused', 'boomerang', 'ready', 'timeout', 'lost', 'returned'];

/** The figures of each move that went well. */
export function moves(expect, log, first, hold) {
  const moved = log.all('app', { ns: first, event: 'drain:moved' });
  for (const [at, wanted] of (expect.moved ?? []).entries()) {
    const data = moved[at]?.args?.[0];
    if (!data) {
      hold(false, `no figures of move ${at + 1}`);
      continue;
    }
    for (const name of ['connectMs', 'tookMs', 'held', 'duplicates', 'downtimeMs']) {
      const whole = Number.isInteger(data[name]) && data[name] >= 0;
      hold(whole, `moved.${name} is ${data[name]} (expected: a whole number from 0)`);
    }
    hold(data.tookMs >= data.connectMs, `moved.tookMs ${data.tookMs} < connectMs ${data.connectMs}`);
    for (const [name, value] of Object.entries(wanted)) {
      const said = ['from', 'to'].includes(name) ? data[name]?.pod : data[name];
      const holds = Array.isArray(value) ? said >= value[0] && said <= value[1] : said === value;
      hold(holds, `moved.${name} is ${said} (expected: ${value})`);
    }
  }
}

/** Each failure has a reason, a code and words; in their order, the expected ones. */
export function failures(expect, log, first, hold) {
  const failed = log.all('app', { ns: first, event: 'drain:failed' }).map(({ args }) => args?.[0] ?? {});
  for (const { reason, code, message } of failed) {
    hold(typeof reason === 'string' && reason, `drain:failed.reason is ${reason}`);
    hold(CODES.includes(code), `drain:failed.code is ${code} (expected: one of ${CODES})`);
    hold(typeof message === 'string' && message, `drain:failed.message is ${message}`);
  }
  for (const [at, wanted] of (expect.failed ?? []).entries()) {
    for (const [name, value] of Object.entries(wanted)) {
      const said = failed[at]?.[name];
      hold(said === value, `failed.${name} is ${said} (expected: ${value})`);
    }
  }
}

/** A switch before the end of each move, with the ids of both sockets: the new one is there. */
export function switches(log, ns, hold) {
  const moved = log.all('app', { ns, event: 'drain:moved' });
  const switched = log.all('app', { ns, event: 'drain:switched' });
  const sids = new Set(log.all('joined', { ns }).map(({ sid }) => sid));
  let last = null;
  for (const { args, id } of switched) {
    const data = args?.[0] ?? {};
    hold(data.id === id, `switched.id is ${data.id}, and the socket's ${id}`);
    hold(sids.has(data.id), `switched.id is ${data.id} (expected: that of a socket of a pod)`);
    hold(sids.has(data.previousId), `switched.previousId is ${data.previousId} (expected: the old id)`);
    hold(data.id !== data.previousId, `switched.id is the previous one, ${data.id}`);
    const follows = last === null || connectedSince(log, ns, last) || data.previousId === last.id;
    hold(follows, `switched.previousId is ${data.previousId} (expected: ${last?.id})`);
    last = { id: data.id, seq: switched.find(({ args: [other] }) => other === data)?.seq };
  }
  for (const [at, entry] of moved.entries()) {
    const before = switched[at];
    hold(before && before.seq < entry.seq, `move ${at + 1} in ${ns} ended without drain:switched`);
    for (const name of ['reason', 'from', 'to']) {
      const [had, wanted] = [before?.args?.[0]?.[name], entry.args?.[0]?.[name]];
      const same = isDeepStrictEqual(had, wanted);
      hold(same, `switched.${name} is ${JSON.stringify(had)} (expected: ${JSON.stringify(wanted)})`);
    }
  }
}

/** A stock reconnect since then: it has another id. */
function connectedSince(log, ns, { seq }) {
  return log.all('app', { ns, event: 'connect' }).some((entry) => entry.seq > seq);
}

/** The manager's events that the app got, in their order, of those kinds that are named. */
export function managed(expect, log, hold) {
  const named = Object.keys(expect.manager ?? {});
  for (const event of named) {
    const had = log.all('manager', { event }).map(({ args }) => args?.[0] ?? null);
    const wanted = expect.manager[event];
    const holds = typeof wanted === 'number' ? had.length === wanted : isDeepStrictEqual(had, wanted);
    hold(holds, `the manager told ${event} ${JSON.stringify(had)} (expected: ${JSON.stringify(wanted)})`);
  }
}
