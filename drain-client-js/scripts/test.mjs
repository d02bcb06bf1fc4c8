// Runs the tests. Files play side by side, as they mostly wait. The conformance table keeps the
// machine busy and so comes after them, alone.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const CONCURRENCY = 4;
const ALONE = 'conformance.test.mjs';
const folder = fileURLToPath(new URL('../test/', import.meta.url));
const tests = readdirSync(folder).filter((file) => file.endsWith('.test.mjs'));

async function play(files, concurrency) {
  const paths = files.map((file) => folder + file);
  const stream = run({ files: paths, concurrency, timeout: 180_000 });
  stream.on('test:fail', () => (process.exitCode = 1));
  const report = stream.compose(new spec());
  report.pipe(process.stdout);
  await new Promise((resolve) => report.on('end', resolve));
}

await play(
  tests.filter((file) => file !== ALONE),
  CONCURRENCY,
);
await play([ALONE], 1);
