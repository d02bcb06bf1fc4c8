import { app, bytes, feed, given, uploads } from './judge-app.mjs';
import { failures, managed, moves, switches } from './judge-moves.mjs';
import {
  atMostTwo, attempts, gapless, handshakes, hints, landings, recoveries, replies, ticks,
} from './judge-pods.mjs';

/** The differences from the scenario's expectations; empty if there are none. */
export function judge(scenario, log, traffic) {
  const { expect } = scenario;
  const problems = [];
  const hold = (holds, problem) => {
    if (!holds) problems.push(problem);
  };
  const aware = expect.aware !== false;
  for (const ns of traffic.namespaces()) {
    app(expect, log, ns, ns === traffic.namespaces()[0], hold);
    switches(log, ns, hold);
    if (expect.left?.includes(ns)) continue;
    if (expect.feed) feed(expect.feed, log, ns, traffic.fed(), hold);
    uploads(expect, log, ns, traffic.sent(ns), hold);
    if (traffic.bytes()) bytes(log, ns, hold);
    ticks(log, ns, hold);
    if (expect.gapless) gapless(expect.gapless, log, ns, hold);
  }
  const [first] = traffic.namespaces();
  atMostTwo(log, first, hold);
  if (aware) handshakes(scenario, log, hold);
  recoveries(expect, log, hold);
  hints(expect, log, hold);
  replies(expect, log, hold);
  given(expect, log, hold);
  moves(expect, log, first, hold);
  failures(expect, log, first, hold);
  managed(expect, log, hold);
  landings(expect, log, first, hold);
  attempts(expect, log, hold);
  for (const check of expect.delays ?? []) delay(check, log, hold);
  for (const check of expect.order ?? []) order(check, log, hold);
  for (const [id, many] of Object.entries(expect.answers ?? {})) {
    const answered = log.all('acked', { id }).length;
    hold(answered === many, `${id} was answered ${answered} times (expected: ${many})`);
  }
  if (expect.count) count(expect.count, log, hold);
  for (const entry of log.entries()) {
    const odd = ['stray', 'agent:noise', 'agent:error', 'agent:gone'].includes(entry.what);
    hold(!odd, `unexpected: ${JSON.stringify(entry)}`);
  }
  return problems;
}

// -------------------------------------------------------------------- times, order, counts

/** `{from: ENTRY, to: ENTRY, ms: [least, most]}`; an entry is `{what, …fields, nth}`. */
function delay({ from, to, ms }, log, hold) {
  const [start, end] = [find(from, log), find(to, log)];
  if (!start || !end) {
    hold(false, `no ${JSON.stringify(start ? to : from)}`);
    return;
  }
  const took = Math.round(end.at - start.at);
  const holds = took >= ms[0] && took <= ms[1];
  hold(holds, `${took} ms from ${name(from)} to ${name(to)} (expected: ${ms[0]} to ${ms[1]})`);
}

/** `[ENTRY, ENTRY]`: the first came before the second. */
function order([first, second], log, hold) {
  const [before, after] = [find(first, log), find(second, log)];
  const holds = before && after && before.seq < after.seq;
  hold(holds, `${name(first)} was not before ${name(second)}`);
}

/** `{what, …fields, times: [least, most]}`. */
function count(checks, log, hold) {
  for (const { what, times, ...fields } of checks) {
    const many = log.all(what, fields).length;
    const holds = many >= times[0] && many <= times[1];
    const described = `${what} ${JSON.stringify(fields)}`;
    hold(holds, `${many} times ${described} (expected: ${times[0]} to ${times[1]})`);
  }
}

function find({ what, nth = 1, ...fields }, log) {
  return log.all(what, fields).at(nth > 0 ? nth - 1 : nth);
}

function name({ what, nth, ...fields }) {
  return [what, ...Object.values(fields)].join(' ');
}
