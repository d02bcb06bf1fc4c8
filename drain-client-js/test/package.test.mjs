// The published files, as their users get them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { build } from 'esbuild';

const MOST_BYTES = 11_264;
const SCRIPT = 'dist/drain-client.min.js';
const MODULES = ['dist/drain-client.js', 'dist/drain-client.cjs'];
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name) => readFileSync(join(root, name));

test(`${SCRIPT} is less than ${MOST_BYTES} bytes, compressed`, () => {
  const bytes = gzipSync(read(SCRIPT), { level: 9 }).length;
  console.log(`${SCRIPT}: ${read(SCRIPT).length} bytes, ${bytes} compressed`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
});

for (const name of [SCRIPT, ...MODULES]) {
  test(`${name} is ES2017 and needs nothing else`, () => {
    const sourceType = name.endsWith('.js') && name !== SCRIPT ? 'module' : 'script';
    const program = parse(String(read(name)), { ecmaVersion: 2017, sourceType });
    assert.equal(program.type, 'Program');
    assert.doesNotMatch(String(read(name)), /\bimport\b|\brequire\b/);
  });
}

for (const name of MODULES) {
  test(`${name} can be read, and its source map has the source`, () => {
    const text = String(read(name));
    assert.ok(text.split('\n').length > 500, 'it is not minified');
    assert.match(text, new RegExp(`//# sourceMappingURL=${name.replace('dist/', '')}.map\\s*$`));
    const { sources, sourcesContent } = JSON.parse(read(`${name}.map`));
    const move = sources.indexOf('../src/move.ts');
    assert.equal(sourcesContent[move], String(read('src/move.ts')));
  });
}

test('the classic script has one global', () => {
  const window = { performance, setTimeout, clearTimeout };
  const own = Object.keys(window).length + 1;
  window.self = window;
  runInNewContext(String(read('dist/drain-client.min.js')), window);
  assert.deepEqual(Object.keys(window).slice(own), ['drainAware']);
  assert.throws(() => window.drainAware(), /expected: io of socket.io-client/);
  const { state, byContent } = window.drainAware;
  assert.deepEqual([state({}), typeof byContent('e', [])], ['idle', 'string']);
});

let project;
const run = (command, ...args) =>
  execFileSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

before(() => {
  project = mkdtempSync(join(tmpdir(), 'drain-client-'));
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project];
  const [{ filename, files }] = JSON.parse(
    execFileSync('npm', pack, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }),
  );
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    'LICENSE',
    'NOTICE',
    'README.md',
    'dist/content.d.cts',
    'dist/content.d.ts',
    'dist/drain-client.cjs',
    'dist/drain-client.cjs.map',
    'dist/drain-client.js',
    'dist/drain-client.js.map',
    'dist/drain-client.min.js',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/types.d.cts',
    'dist/types.d.ts',
    'package.json',
  ]);
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  const { version } = JSON.parse(read('node_modules/socket.io-client/package.json'));
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  execFileSync('npm', [...install, filename, `socket.io-client@${version}`], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
});

after(() => rmSync(project, { recursive: true, force: true }));

const USE = `
  const aware = drainAware(io);
  const socket = aware('http://127.0.0.1:1', { autoConnect: false });
  console.log(typeof socket.emit, socket.connected, socket instanceof aware.Socket);
`;

test('installed in an empty project, it is imported', () => {
  writeFileSync(
    join(project, 'user.mjs'),
    `import { io } from 'socket.io-client'; import { drainAware } from 'graceful-drain-client'; ${USE}`,
  );
  assert.equal(run(process.execPath, 'user.mjs').trim(), 'function false true');
});

test('installed in an empty project, it is required', () => {
  writeFileSync(
    join(project, 'user.cjs'),
    `const { io } = require('socket.io-client'); const { drainAware } = require('graceful-drain-client'); ${USE}`,
  );
  assert.equal(run(process.execPath, 'user.cjs').trim(), 'function false true');
});

test('installed in an empty project, it is bundled for a browser, minified, in one piece', async () => {
  await build({
    stdin: {
      contents: `import { io } from 'socket.io-client'; import { drainAware } from 'graceful-drain-client'; ${USE}`,
      resolveDir: project,
    },
    bundle: true,
    minify: true,
    platform: 'browser',
    outfile: join(project, 'bundle.js'),
  });
  const said = [];
  const console = { log: (...what) => said.push(what.join(' ')) };
  runInNewContext(readFileSync(join(project, 'bundle.js'), 'utf8'), {
    ...{
      console,
      performance,
      setTimeout,
      clearTimeout,
      TextEncoder,
      TextDecoder,
      URLSearchParams,
    },
    ...{ WebSocket: class {}, location: new URL('http://127.0.0.1/') },
  });
  assert.deepEqual(said, ['function false true']);
});

for (const [file, module, resolution] of [
  ['user.mts', 'nodenext', 'nodenext'],
  ['user.cts', 'nodenext', 'nodenext'],
  ['user.ts', 'esnext', 'bundler'],
]) {
  test(`installed in an empty project, its types are found by ${file} (${resolution})`, () => {
    writeFileSync(join(project, file), readFileSync(join(root, 'test/types/user.ts')));
    const tsc = join(root, 'node_modules/typescript/lib/tsc.js');
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
    const kinds = ['--module', module, '--moduleResolution', resolution];
    try {
      run(process.execPath, tsc, ...options, ...kinds, file);
    } catch (error) {
      assert.fail(error.stdout);
    }
  });
}
