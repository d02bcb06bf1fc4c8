// The conformance table, played by this client.
import assert from 'node:assert';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { promisify } from 'node:util';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

test('every scenario of the table passes', async () => {
  const driver = path('../../conformance/run.mjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [driver, '--', process.execPath, path('agent.mjs')],
    { timeout: 110_000 },
  ).catch((error) => assert.fail(`${error.message}\n${error.stdout}\n${error.stderr}`));
  const [summary] = stdout.trim().split('\n').slice(-1);
  console.log(`conformance: ${summary}`);
});
