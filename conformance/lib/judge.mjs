import { upId } from './traffic.mjs';

/** What was not as the scenario expects; empty when all was. */
export function judge(scenario, log, traffic) {
  const { expect } = scenario;
  const problems = [];
  const hold = (holds, problem) => {
    if (!holds) problems.push(problem);
  };
  const aware = expect.aware !== false;
  for (const ns of traffic.namespaces()) {
    app(expect, log, ns, ns === traffic.namespaces()[0], hold);
    if (expect.feed) feed(expect.feed, log, ns, traffic.fed(), hold);
    uploads(expect, log, ns, traffic.sent(ns), hold);
    if (expect.gapless) gapless(expect.gapless, log, ns, hold);
  }
  const [first] = traffic.namespaces();
  atMostTwo(log, first, hold);
  if (aware) handshakes(scenario, log, hold);
  hints(expect, log, hold);
  moves(expect, log, first, hold);
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

// -------------------------------------------------------------------- what the app sees

const CONTROL = ['connect', 'disconnect', 'drain:moving', 'drain:moved', 'drain:failed'];

function app(expect, log, ns, first, hold) {
  const names = log
    .all('app', { ns })
    .map((entry) => entry.event)
    .filter((event) => CONTROL.includes(event) && (first || !event.startsWith('drain:')))
    .map((event) => event.replace('drain:', ''));
  const pattern = first ? expect.app : withoutMoves(expect.app);
  const holds = new RegExp(`^(?:${pattern})$`).test(names.join(' '));
  hold(holds, `the app saw in ${ns}: ${names.join(' ')} (expected: ${pattern})`);
  let connected = false;
  for (const { event, args } of log.all('app', { ns })) {
    if (event === 'connect') connected = true;
    else if (event === 'disconnect') connected = false;
    else if (event === 'connect_error') {
      hold(!connected, `the app saw connect_error ${args?.[0]} while connected`);
    }
    const raw = ['drain:hello', 'drain:plan', 'drain:reconnect', 'drain:landed'].includes(event);
    hold(!raw, `the app saw ${event}`);
  }
}

function withoutMoves(pattern) {
  return /disconnect/.test(pattern) ? 'connect( disconnect connect)*' : 'connect';
}

function feed(how, log, ns, last, hold) {
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

function uploads(expect, log, ns, sent, hold) {
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

// -------------------------------------------------------------------- what the pods see

/** The new connection had joined before the old one was let go. */
function gapless([from, to], log, ns, hold) {
  const next = log.all('joined', { pod: to, ns })[0];
  const old = log.all('left', { pod: from, ns })[0];
  const cut = log.all('cut', { pod: from })[0];
  const end = cut ?? old;
  hold(next, `never joined ${to} in ${ns}`);
  hold(!next || !end || next.seq < end.seq, `${from} was left in ${ns} before ${to} was joined`);
}

function atMostTwo(log, first, hold) {
  const living = new Map();
  for (const entry of log.entries()) {
    if (entry.what === 'joined') living.set(entry.pod + entry.sid, entry);
    else if (entry.what === 'left') living.delete(entry.pod + entry.sid);
    else if (entry.what === 'cut') {
      for (const [key, { pod }] of living) if (pod === entry.pod) living.delete(key);
    }
    const many = [...living.values()].filter((joined) => joined.ns === first).length;
    if (many > 2) {
      hold(false, `${many} connections at once: a move was begun during another`);
      return;
    }
  }
}

function handshakes({ expect, open = {} }, log, hold) {
  for (const { pod, query } of log.all('handshake')) {
    hold(query.drain === '1', `a handshake at ${pod} without drain=1: ${JSON.stringify(query)}`);
    for (const [name, value] of Object.entries(open.query ?? {})) {
      hold(query[name] === value, `a handshake at ${pod} without the app's ${name}=${value}`);
    }
  }
  for (const { pod, ns, auth } of log.all('joined')) {
    for (const [name, value] of Object.entries(open.auth ?? {})) {
      hold(auth[name] === value, `joined ${pod} in ${ns} without the app's auth`);
    }
  }
  for (const [pod, tickets] of Object.entries(expect.tickets ?? {})) {
    const presented = log.all('handshake', { pod }).map((entry) => entry.query.ticket ?? null);
    const same = JSON.stringify(presented) === JSON.stringify(tickets);
    hold(same, `tickets presented at ${pod}: ${JSON.stringify(presented)} (expected: ${JSON.stringify(tickets)})`);
  }
}

function hints(expect, log, hold) {
  for (const [ticket, times] of Object.entries(expect.heard ?? {})) {
    const heard = log.all('heard', { ticket });
    const said = log.all('hint', { ticket }).length;
    const [least, most] = times === 'each' ? [said, said] : times;
    const holds = heard.length >= least && heard.length <= most;
    hold(holds, `hint ${ticket} was acknowledged ${heard.length} times (expected: ${least} to ${most})`);
    for (const { answer } of heard) {
      hold(answer.length === 0, `hint ${ticket} was answered with ${JSON.stringify(answer)}`);
    }
  }
}

function moves(expect, log, first, hold) {
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
  for (const { args } of log.all('app', { ns: first, event: 'drain:failed' })) {
    const { reason, message } = args?.[0] ?? {};
    hold(typeof reason === 'string' && reason, `drain:failed.reason is ${reason}`);
    hold(typeof message === 'string' && message, `drain:failed.message is ${message}`);
  }
}

function landings(expect, log, first, hold) {
  for (const [pod, [to, least, most]] of Object.entries(expect.landed ?? {})) {
    const said = log.all('landed', { pod });
    const holds = said.length >= least && said.length <= most;
    hold(holds, `drain:landed came ${said.length} times at ${pod} (expected: ${least} to ${most})`);
    for (const { data } of said) {
      const exact = data?.pod === to && Number.isInteger(data.connectMs) && data.connectMs >= 0;
      hold(exact, `drain:landed at ${pod} is ${JSON.stringify(data)} (expected: pod ${to}, connectMs)`);
    }
    const stray = said.find((entry) => entry.ns !== first);
    hold(!stray, `drain:landed came in ${stray?.ns} (expected: ${first}, the first one joined)`);
    const after = said[0] && log.all('up', { pod }).find((entry) => entry.seq > said[0].seq);
    hold(!after, `upload ${after?.n} came to ${pod} after drain:landed`);
  }
}

function attempts(expect, log, hold) {
  const { total, pods = {}, spacingMs } = expect.attempts ?? {};
  const made = log.all('handshake').filter((entry) => entry.query.ticket !== undefined);
  const within = (many, [least, most], where) => {
    hold(many >= least && many <= most, `${many} attempts ${where} (expected: ${least} to ${most})`);
  };
  if (total) within(made.length, total, 'in all');
  for (const [pod, range] of Object.entries(pods)) {
    within(made.filter((entry) => entry.pod === pod).length, range, `at ${pod}`);
  }
  for (let at = 1; spacingMs && at < made.length; at++) {
    const between = Math.round(made[at].at - made[at - 1].at);
    const holds = between >= spacingMs[0] && between <= spacingMs[1];
    hold(holds, `${between} ms between attempts (expected: ${spacingMs[0]} to ${spacingMs[1]})`);
  }
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
