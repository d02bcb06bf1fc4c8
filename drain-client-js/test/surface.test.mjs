// socket.io-client's whole surface, on a stock client and an aware one side by side.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { ALONE, LONG_ORDERS, ORDERS } from './surface-alone.mjs';
import { CASES } from './surface-cases.mjs';
import { OPENINGS } from './surface-open.mjs';
import { DIFFERENCES, unexplained } from './surface-differences.mjs';
import { HOLDERS } from './surface-holders.mjs';
import { membersOf, UNDOCUMENTED } from './surface-members.mjs';
import { IOS, PHASES, Stage } from './surface-stage.mjs';

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const LONG_MS = 30_000;
const SIDE_BY_SIDE = 8;

/** A value as text can say it: no functions, and no ports, which are new each time. */
const plain = (value) =>
  JSON.parse(
    JSON.stringify(value ?? null, (_, one) => {
      if (typeof one === 'function') return '(function)';
      if (one === undefined) return '(undefined)';
      if (one instanceof Error) return String(one);
      return one;
    }),
  );

/** What every case tells in that phase. */
async function told(kind, version, phase, wrap = (socket) => socket) {
  const stage = await Stage.start({ hello: kind === 'aware' });
  closing.push(() => stage.stop());
  await stage.enter(kind, version);
  await stage.until(() => stage.socket.connected);
  await stage.goTo(kind, phase);
  const held = phase === 'holding';
  const results = {};
  const running = [];
  for (const [n, one] of CASES.entries()) {
    const list = (results[one.of[0]] = []);
    const context = contextOf(stage, `case${n}.`, held, wrap);
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, LONG_MS, 'never ended')));
    const run = (async () => one.run(context, (...what) => list.push(plain(what))))();
    const done = Promise.race([run, late])
      .then(
        (end) => end && list.push(end),
        (error) => list.push(String(error)),
      )
      .finally(() => clearTimeout(timer));
    if (held && !one.needsOld) running.push(done);
    else await done;
  }
  if (held) {
    await stage.until(() => stage.has('moved'));
    await Promise.all(running);
  }
  for (const [n, one] of CASES.entries()) {
    const mine = stage.received.filter((got) => JSON.stringify(got).includes(`case${n}.`));
    results[one.of[0]].push(['the server received', plain(mine)]);
  }
  if (kind === 'aware' && phase !== 'before') {
    await stage.until(() => stage.has('moved'));
    assert.deepEqual(
      stage.moving.map(([event]) => event).filter((event) => event !== 'switched'),
      ['moving', 'moved'],
    );
  }
  return results;
}

/** What only one of two tellings has: `-` the stock client's, `+` the aware one's. */
function differenceOf(stock, aware) {
  const [one, other] = [stock, aware].map((list) => list.map((line) => JSON.stringify(line)));
  if (aware.ends) {
    one.push(`ends ${JSON.stringify(stock.ends)}`);
    other.push(`ends ${JSON.stringify(aware.ends)}`);
  }
  // The longest common part, from the end.
  const length = Array.from({ length: one.length + 1 }, () => Array(other.length + 1).fill(0));
  for (let n = one.length - 1; n >= 0; n--) {
    for (let m = other.length - 1; m >= 0; m--) {
      length[n][m] =
        one[n] === other[m]
          ? length[n + 1][m + 1] + 1
          : Math.max(length[n + 1][m], length[n][m + 1]);
    }
  }
  const lines = [];
  for (let n = 0, m = 0; n < one.length || m < other.length;) {
    if (one[n] === other[m]) (n++, m++);
    else if (m === other.length || (n < one.length && length[n + 1][m] >= length[n][m + 1])) {
      lines.push(`  - ${one[n++]}`);
    } else lines.push(`  + ${other[m++]}`);
  }
  return lines.join('\n');
}

function contextOf(stage, event, held, wrap) {
  const { io, url, pod } = stage;
  const socket = wrap(stage.socket);
  const peer = pod.io.of('/').sockets.get(socket.id);
  return {
    ...{ socket, io, url, pod, event, held },
    /** An event of the pod that serves the socket. */
    say: (...args) => peer.emit(...args),
    ask: (...args) => peer.timeout(LONG_MS).emitWithAck(...args),
    /** Has the listeners of a socket hear an event as if it came from the server. */
    hear: (target, name, ...args) =>
      target
        .listeners(name)
        .slice()
        .forEach((f) => f.call(target, ...args)),
  };
}

/** What a case tells that has a stage of its own. */
async function toldAlone(one, kind, version, phase) {
  const stage = await Stage.start({ hello: kind === 'aware', ...one.server });
  try {
    stage.choose(kind, version);
    if (OPENINGS.includes(one) && !one.arrange) {
      // opens its own
    } else {
      await stage.enter(kind, version, one);
      await stage.until(() => stage.socket.connected);
      await one.arrange?.(stage);
      await stage.goTo(kind, phase);
    }
    const list = [];
    let isOver = false;
    const tell = (...what) => !isOver && list.push(plain(what));
    const late = new Promise((resolve) => setTimeout(resolve, LONG_MS, 'never ended').unref());
    const run = (async () => one.run(stage, tell))();
    try {
      const end = await Promise.race([run, late]);
      if (end) tell(end);
    } catch (error) {
      tell(String(error));
    }
    isOver = true;
    // A move ends the old connection, which is a difference by itself.
    const ends = ([, what]) => what.startsWith('(');
    list.push(['the server received', plain(stage.received.filter((one) => !ends(one)))]);
    if (phase === 'before' && !OPENINGS.includes(one))
      list.ends = plain(stage.received.filter(ends));
    return list;
  } finally {
    await stage.stop();
  }
}

/** The differences that are found, and the rows of the table that explain some. */
class Findings {
  static used = new Set();
  #found = new Map();

  constructor(version) {
    this.version = version;
  }

  add(name, phase, stock, aware) {
    const difference = differenceOf(stock, aware);
    if (!difference) return;
    const rest = unexplained(name, phase, this.version, difference, Findings.used).join('\n');
    if (!rest) return;
    const key = `${name}\n${rest}`;
    this.#found.set(key, [...(this.#found.get(key) ?? []), phase]);
  }

  /** Fails if a difference is not explained. */
  check() {
    const all = [...this.#found].map(([key, phases]) => `${phases.join(', ')}: ${key}`);
    if (all.length) assert.fail(all.join('\n\n'));
  }
}

/** Compares the cases that share a stage. */
async function compareTogether(version, wrap) {
  const stock = {};
  for (const phase of ['before', 'after']) stock[phase] = await told('stock', version, phase, wrap);
  const findings = new Findings(version);
  for (const phase of PHASES) {
    const expected = stock[phase] ?? stock.before;
    const actual = await told('aware', version, phase, wrap);
    for (const name of Object.keys(expected)) {
      findings.add(name, phase, expected[name], actual[name]);
    }
  }
  findings.check();
}

/** Compares cases with a stage each, several at a time, as they mostly wait. */
async function compareAlone(cases, version) {
  const findings = new Findings(version);
  const waiting = cases.values();
  const worker = async () => {
    for (const one of waiting) {
      const phases = one.phases ?? (OPENINGS.includes(one) ? ['before'] : PHASES);
      const stock = {};
      for (const phase of phases) {
        const like = phase === 'after' ? phase : 'before';
        stock[like] ??= await toldAlone(one, 'stock', version, like);
        findings.add(one.of[0], phase, stock[like], await toldAlone(one, 'aware', version, phase));
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  findings.check();
}

const IS_FULL = process.env.FULL_TESTS === 'true';
const ORDERS_PLAYED = IS_FULL ? [...ORDERS, ...LONG_ORDERS] : ORDERS;
let played = 0;

for (const version of Object.keys(IOS)) {
  test(`${version}: every member, event and option has a case`, () => {
    const cases = [...CASES, ...ALONE, ...OPENINGS, ...ORDERS];
    const covered = new Set(cases.flatMap(({ of }) => of));
    const listed = membersOf(version);
    const missing = [...listed, ...UNDOCUMENTED].filter((name) => !covered.has(name));
    assert.deepEqual(missing, []);
    assert.equal(covered.size, cases.flatMap(({ of }) => of).length, 'each is in one case');
  });

  test(`${version}: what an app does while it stays connected`, async () => {
    await compareTogether(version);
    played++;
  });

  for (const [name, wrap] of Object.entries(HOLDERS)) {
    test(`${version}: the same, held by ${name}`, async () => {
      await compareTogether(version, wrap);
      played++;
    });
  }

  test(`${version}: what ends and makes connections`, async () => {
    await compareAlone(ALONE, version);
    played++;
  });

  test(`${version}: how an app opens its connection`, async () => {
    await compareAlone(OPENINGS, version);
    played++;
  });

  test(`${version}: every order of calls`, async () => {
    await compareAlone(ORDERS_PLAYED, version);
    played++;
  });
}

test('each row of the table explains something, and the README has it', (t) => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(
    /\s+/g,
    ' ',
  );
  for (const { readme: said } of DIFFERENCES) assert.ok(readme.includes(said), said);
  const all = Object.keys(IOS).length * (4 + Object.keys(HOLDERS).length);
  if (played < all) return t.skip('not everything was played');
  const idle = DIFFERENCES.filter((row) => !Findings.used.has(row) && (IS_FULL || !row.full)).map(
    ({ readme: said }) => said,
  );
  assert.deepEqual(idle, []);
});
