// The conformance table, played by this client.
import assert from 'node:assert';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { promisify } from 'node:util';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

async function play(options, ...agent) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path('../../conformance/run.mjs'), ...options, '--', process.execPath, ...agent],
    { timeout: 110_000 },
  ).catch((error) => assert.fail(`${error.message}\n${error.stdout}\n${error.stderr}`));
  const [summary] = stdout.trim().split('\n').slice(-1);
  console.log(`conformance: ${summary}`);
}

test('every scenario of the table passes', () => play([], path('agent.mjs')));

// Its members have other names, which must be the same everywhere.
test('the classic script passes as well: moves, cuts, refusals, duplicates', () => {
  const some = ['move-', 'cut-', 'kicked', 'namespace-', 'dedupe', 'acks-', 'plan-', 'volatile-'];
  const only = some.flatMap((name) => ['--only', name]);
  return play(only, path('agent.mjs'), 'socket.io-client', path('script.mjs'));
});
