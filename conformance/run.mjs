#!/usr/bin/env node
// Plays the table of scenarios against a client: node run.mjs [options] -- COMMAND ARGS…
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Agent } from './lib/agent.mjs';
import { play } from './lib/scenario.mjs';

const USAGE = `usage: node conformance/run.mjs [options] -- COMMAND ARGS…
  --only NAME      plays these scenarios alone (may be repeated; a part of the name is enough)
  --table FILE     another table than scenarios.json
  --json FILE      writes the results to a file
  --agents N       how many agents play at once, 1 to 4 (default 4)
  --expect-stock   succeeds if a stock client shows what the table says of one
  --log            prints the log of each scenario that fails
  --list           prints the table and plays nothing`;

const OPTIONS = {
  only: { type: 'string', multiple: true },
  table: { type: 'string' },
  json: { type: 'string' },
  agents: { type: 'string', default: '4' },
  'expect-stock': { type: 'boolean' },
  log: { type: 'boolean' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

function usage(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function arguments_() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return usage(error.message);
  }
}

const { values, positionals: command } = arguments_();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const agents = Number(values.agents);
if (![1, 2, 3, 4].includes(agents)) usage(`--agents: ${values.agents} (expected: 1 to 4)`);
const table = JSON.parse(
  readFileSync(values.table ?? new URL('scenarios.json', import.meta.url), 'utf8'),
);
const chosen = table.scenarios.filter(
  ({ name }) => !values.only || values.only.some((part) => name.includes(part)),
);
if (chosen.length === 0) usage(`--only: no scenario is called ${values.only}`);
if (values.list) {
  for (const { name, shows, section } of chosen) console.log(`${name}: ${shows} [${section}]`);
  process.exit(0);
}
if (command.length === 0) usage('no agent (expected: -- COMMAND ARGS…)');

// -------------------------------------------------------------------- playing

const NEVER_CONNECTED = 4; // in so many scenarios, and none connected: the rest is not played
const HELD_UP_MS = 100; // after which a scenario that failed is played again, alone
const BUSY_LOAD = 2; // processes that want each processor: the same
const results = new Map();
const began = performance.now();
let deaf = 0;

/** One agent plays scenario after scenario; one that has failed is replaced. */
async function worker(queue) {
  let agent;
  for (let scenario = queue.shift(); scenario; scenario = queue.shift()) {
    if (deaf >= NEVER_CONNECTED) return true;
    let result;
    try {
      agent ??= await Agent.start(command);
      const skipped = agent.cannot(scenario.needs);
      if (skipped) {
        results.set(scenario.name, { problems: [], tookMs: 0, skipped });
        continue;
      }
      result = await play(scenario, agent);
    } catch (error) {
      result = { problems: [error.message], tookMs: 0, heldUpMs: 0, log: [] };
    }
    deaf = result.connected ? -Infinity : deaf + 1;
    result.again = results.has(scenario.name);
    results.set(scenario.name, result);
    if (agent && (agent.gone || result.problems.length > 0)) {
      await agent.exit();
      agent = undefined;
    }
  }
  const code = await agent?.exit();
  return code === undefined || code === 0;
}

const together = chosen.filter(({ alone }) => !alone);
const workers = Array.from({ length: Math.min(agents, together.length) }, () => worker(together));
let exited = (await Promise.all(workers)).every(Boolean);
const busy = loadavg()[0] > BUSY_LOAD * availableParallelism();
const unsure = chosen.filter(({ name }) => {
  const { problems, heldUpMs } = results.get(name) ?? { problems: [] };
  return problems.length > 0 && (busy || heldUpMs > HELD_UP_MS) && !values['expect-stock'];
});
exited = (await worker([...chosen.filter(({ alone }) => alone), ...unsure])) && exited;
const tookMs = Math.round(performance.now() - began);

// -------------------------------------------------------------------- telling

/** The cell of a result in the table: as expected, or not. */
function verdict(scenario, { problems, again, skipped }) {
  if (skipped) return { good: true, word: `skipped, ${skipped}` };
  const second = again ? ' (again, alone: the machine was too busy the first time)' : '';
  const { good, word } = first(scenario, problems);
  return { good, word: word + second };
}

function first(scenario, problems) {
  const passed = problems.length === 0;
  if (!values['expect-stock']) return { good: passed, word: passed ? 'passed' : 'FAILED' };
  const good = passed === (scenario.stock === 'passes');
  return { good, word: `${good ? '' : 'UNEXPECTED: '}${passed ? 'passes' : 'fails'}` };
}

let bad = 0;
const width = Math.max(...chosen.map(({ name }) => name.length));
for (const scenario of chosen) {
  const result = results.get(scenario.name);
  if (!result) {
    bad++;
    console.log(`${scenario.name.padEnd(width)}            not played: the agent never connected`);
    continue;
  }
  const { good, word } = verdict(scenario, result);
  if (!good) bad++;
  console.log(`${scenario.name.padEnd(width)}  ${String(result.tookMs).padStart(5)} ms  ${word}`);
  if (good) continue;
  console.log(`    ${scenario.shows} [docs/protocol.md#${scenario.section}]`);
  for (const problem of result.problems) console.log(`    - ${problem}`);
  if (values.log) for (const entry of result.log) console.log(`      ${JSON.stringify(entry)}`);
}
if (!exited) console.log('an agent did not exit with code 0 within 2 s of {"do":"exit"}');
const skips = chosen.filter(({ name }) => results.get(name)?.skipped).length;
const played = chosen.length - skips;
const besides = skips ? `, ${skips} skipped` : '';
console.log(`${played - bad} of ${played} as expected${besides}, ${tookMs} ms`);
if (values.json) {
  const rows = chosen.map(({ name, shows, section }) => {
    const {
      problems, tookMs: took, again, skipped,
    } = results.get(name) ?? { problems: ['not played'] };
    const passed = problems.length === 0 && !skipped;
    return { name, shows, section, passed, skipped, problems, tookMs: took, again };
  });
  const all = { command, passed: bad === 0 && exited, tookMs, scenarios: rows };
  writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
}
process.exit(bad === 0 && exited ? 0 : 1);
