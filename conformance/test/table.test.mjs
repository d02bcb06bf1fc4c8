// Holds the table itself: what it says of itself is true, and each thing it asks for can fail.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as bounds from '../reference/bounds.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { scenarios } = JSON.parse(readFileSync(here('../scenarios.json')));

const NEEDS = ['volatile', 'bytes', 'manager', 'recovery', 'token'];
const MUTE = `console.log('{"is":"ready","cannot":{"volatile":"never heard of it"}}');
  process.stdin.on('data', (line) => /"exit"/.test(line) && process.exit(0));`;

/** Runs the driver; its exit code, what it printed, and by name what was wrong in each scenario. */
async function run(options, ...agent) {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const json = join(folder, 'results.json');
  try {
    const all = [here('../run.mjs'), ...options, '--json', json, '--', 'node', ...agent];
    const { code, text } = await new Promise((resolve) => {
      execFile('node', all, { timeout: 240_000 }, (error, text) => {
        resolve({ code: error ? error.code : 0, text });
      });
    });
    const { scenarios: rows } = JSON.parse(await readFile(json));
    return { code, text, problems: new Map(rows.map((row) => [row.name, row.problems])) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('each scenario has a name of its own and a section of the protocol', () => {
  const page = readFileSync(here('../../docs/protocol.md'), 'utf8');
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-'),
  );
  assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
  for (const { name, section } of scenarios) {
    assert.ok(headings.includes(section), `${name}: docs/protocol.md has no section ${section}`);
  }
});

test('the reference client has the bounds of the protocol', () => {
  const page = readFileSync(here('../../docs/protocol.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([A-Z_, ]+) \| ([\d, ]+) \|/gm)];
  const said = rows.flatMap(([, names, values]) => {
    const numbers = values.split(', ').map((value) => Number(value.replaceAll(',', '')));
    return names.split(', ').map((name, at) => [name, numbers[at]]);
  });
  const { TOO_LONG_MS: _, ...ours } = bounds;
  assert.ok(Object.keys(ours).length > 0);
  const those = said.filter(([name]) => name in ours);
  assert.deepEqual(ours, Object.fromEntries(those));
});

test('what an agent says it cannot do is skipped with its reason, and nothing else', async () => {
  const { text, problems } = await run(['--only', 'volatile', '--only', 'quiet'], '--eval', MUTE);
  assert.deepEqual(problems.get('volatile-connected'), []);
  assert.match(text, /volatile-connected .* skipped, volatile: never heard of it/);
  assert.notDeepEqual(problems.get('quiet'), []);
  assert.match(text, /0 of 1 as expected, 3 skipped/);
  assert.ok(scenarios.flatMap(({ needs = [] }) => needs).every((need) => NEEDS.includes(need)));
});

test('a stock client passes what is stock behaviour and fails the rest', async () => {
  const { code, text } = await run(['--expect-stock'], here('../stock-agent.mjs'));
  assert.equal(code, 0, text);
});

test('the reference client passes', async () => {
  const { code, text } = await run([], here('../reference-agent.mjs'));
  assert.equal(code, 0, text);
  assert.doesNotMatch(text, /skipped/);
});

// The features taken away from the reference client, each with the scenario that must fail, and the
// reason.
const DEFECTS = [
  ['ack', 'hint-repeated', /hint t1 was acknowledged 0 times/],
  ['once', 'hint-repeated-after-failure', /the app saw in/],
  ['queue', 'hint-by-next-in-overlap', /drain:moved/],
  ['checks', 'hint-malformed', /the app saw|tickets presented/],
  ['ticket', 'ticket-exact', /tickets presented at b: \[null\]/],
  ['query', 'handshake-carries-all', /without the app's room/],
  ['auth', 'handshake-carries-all', /without the app's auth/],
  ['url', 'url-hint', /drain:moved/],
  ['empty url', 'url-empty', /drain:moved/],
  ['attempts', 'refused-twice', /drain:moved/],
  ['jitter', 'refused-twice', /ms between attempts/],
  ['boomerang', 'boomerang', /ups b|moved.to is a/],
  ['grace', 'next-silent', /drain:failed/],
  ['grace', 'ready-too-slow', /drain:failed/],
  ['stranger', 'next-without-hello', /drain:moved|ms from joined b/],
  ['volatile', 'volatile-connected', /ticks a/],
  ['volatile', 'volatile-in-move', /ticks a/],
  ['volatile once', 'volatile-in-move', /volatile emits in \/ twice/],
  ['volatile once', 'volatile-in-failure', /volatile emits in \/ twice/],
  ['bytes held', 'bytes-websocket', /upload \d+ in \/ came with/],
  ['objects alone', 'dedupe-bytes-first', /2 times app ."event":"note"/],
  ['bytes held back', 'bytes-websocket', /note in \/ came with/],
  ['bytes held', 'bytes-polling', /upload \d+ in \/ came with/],
  ['answers', 'question', /replied a/],
  ['answers in hold', 'question-in-hold', /replied a/],
  ['answers over old', 'question-in-overlap', /of a was answered with \[\]/],
  ['answers over old', 'question-too-late', /new\? of b was answered with \[\["old"\]\]/],
  ['answers held back', 'question-by-next', /replied b/],
  ['ready', 'ready-joins', /join b was not before|misses|last of the feed/],
  ['hold', 'hold-in-order', /after drain:landed|twice or out of order/],
  ['order', 'hold-in-order', /uploads in \/ twice or out of order/],
  ['limit', 'hold-limit', /ackError/],
  ['held back', 'next-held-back', /ms from said b/],
  ['landed', 'move-websocket', /drain:landed came 0 times/],
  ['barrier', 'hold-in-order', /moved\.(held|tookMs)/],
  ['both', 'both-cut-old-first', /last of the feed: not within|each upload/],
  ['repeat', 'landed-answer-lost', /drain:moved: not within/],
  ['overlap', 'overlap', /0 times app .*word|from up b to left a/],
  ['pending', 'acks-pending', /ask-1/],
  ['lingering', 'hint-by-next-while-ack-pending', /ups c: not within/],
  ['dedupe', 'move-websocket', /came twice/],
  ['dedupe', 'dedupe-other-connection', /times app .*note/],
  ['dedupe', 'dedupe-by-content', /came twice/],
  ['scope', 'dedupe-other-connection', /0 times app .*here.*chat/],
  ['event in key', 'dedupe-other-connection', /0 times app .*note:edited/],
  ['counts', 'dedupe-other-connection', /2 times app .*note/],
  ['other connection', 'dedupe-one-connection', /1 times app .*note/],
  ['begins anew', 'dedupe-after-reconnect', /note: not within/],
  ['forgets', 'dedupe-forgets', /note: not within/],
  ['forgets', 'dedupe-by-content', /note: not within/],
  ['switched', 'move-websocket', /ended without drain:switched/],
  ['switched', 'move-two-namespaces', /in .chat ended without drain:switched/],
  ['switched first', 'switched', /app drain:switched was not before app note/],
  ['behind', 'switched', /up b 3 was not before word b/],
  ['codes', 'recalled', /drain:failed.code is undefined/],
  ['codes', 'ready-on-reconnect', /drain:failed.code is undefined/],
  ['left alone', 'move-left-namespace', /connected to b alone: not within|the app saw in/],
  ['connect without ready', 'ready-none', /app connect|the app saw in/],
  ['connect without ready', 'ready-none-each-namespace', /the app saw in .chat/],
  ['connect after', 'ready-none', /drain:switched was not before app connect/],
  ['quiet when asked', 'ready-false', /the app saw in/],
  ['quiet when asked', 'move-websocket', /the app saw in/],
  ['held as emitted', 'held-as-emitted', /uploads|ups b|upload/],
  ['own address', 'url-then-own', /joined c: not within|tickets presented/],
  ['origins', 'url-foreign', /ups c: not within|tickets presented/],
  ['recovery', 'recovery-brought-back', /brought \[\{\}\]/],
  ['no pid in a move', 'recovery-not-in-a-move', /in . of b brought \[\{"pid":"1.a"/],
  ['token', 'recovery-token', /in . of b brought \[\{\}\]/],
  ['silence', 'recovery-not-in-a-move', /the app saw drain:at/],
  ['attempt told', 'attempts-told', /reconnect_attempt \[\]/],
  ['transport', 'attempt-transports', /over polling,polling/],
  ['own transports', 'reconnect-transports', /over websocket/],
  ['refusal final', 'namespace-refused', /times refused|expired/],
  ['refusal told', 'namespace-refused', /was not told: connect_error expired/],
  ['join again', 'namespace-refused-refreshed', /drain:moved: not within/],
  ['refused partly', 'namespace-refused-partly', /drain:switched: not within/],
  ['kick apart', 'kicked-before-next', /the app saw in|ups b|drain:moved/],
  ['kick apart', 'kicked-by-next', /the app saw in|ups b|drain:moved/],
  ['kick apart', 'kicked-in-one-namespace', /the app saw in|drain:moved/],
  ['hold after a kick', 'kicked-by-next', /uploads|ups b|each upload/],
  ['told in the end', 'kicked-then-refused', /app disconnect: not within/],
  ['manager hidden', 'cut-after-next-connected', /the manager told close/],
  ['manager hidden', 'kicked-before-next', /the manager told close/],
  ['reconnect hidden', 'cut-in-ready-for-long', /times handshake|drain:moved: not within/],
  ['reconnect told', 'ready-none-each-namespace', /the manager told reconnect/],
  ['reconnect told', 'cut-then-adopted', /the manager told reconnect/],
  ['shapes', 'hello-malformed', /moved.from is/],
  ['shapes', 'plan-malformed', /ms from cut a to handshake b/],
  ['clamp', 'grace-huge', /the app saw in|drain:moved/],
  ['clamp', 'plan-huge', /connected to nobody alone/],
  ['epoch', 'restarted-in-place', /drain:moved: not within/],
  ['adopt', 'cut-after-next-connected', /the app saw/],
  ['hide in time', 'cut-then-adopted', /ups b: not within|the app saw in/],
  ['gap told', 'cut-then-adopted', /the app saw in/],
  ['again', 'namespace-refused-refreshed-late', /drain:moved: not within/],
  ['ended is refused', 'namespace-ended-by-next', /attempts|drain:failed: not within/],
  ['ended is refused', 'namespace-ended-by-next-partly', /drain:moved: not within/],
  ['limit back', 'next-held-back-limit', /drain:failed: not within/],
  ['any key order', 'dedupe-by-content-order', /2 times app .*note/],
  ['each question', 'dedupe-by-content-question', /well\?: not within/],
  ['plain urls', 'hint-malformed', /the app saw|tickets presented/],
  ['plan', 'plan-window', /ms from cut a to handshake b/],
  ['plan once', 'plan-once', /ms from handshake b/],
];

// A minute and more of both cores: in the heavier matrix.
const skip = process.env.FULL_TESTS === 'false' && 'only with mvn -Pfull';
describe('a reference client that lacks something fails', { concurrency: 4, skip }, () => {
  for (const [feature, scenario, problem] of DEFECTS) {
    test(`without ${feature}: ${scenario} fails`, async () => {
      const agent = [here('../reference-agent.mjs'), '--without', feature];
      const { code, problems } = await run(['--only', scenario], ...agent);
      assert.equal(code, 1);
      assert.match(problems.get(scenario).join('\n'), problem);
    });
  }
});
