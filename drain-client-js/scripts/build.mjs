// Builds dist/, what is published, and build/, the same source file by file for the unit tests.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// Members of our own objects alone, never of a socket, whose class is the user's and may be minified.
const OURS =
  `abandon act address asked attach begin closed coming current cut cutAt deliver drop dropNext
  dropped fail flush greet greeted hello hint inbox inners join leave links listener living lose lost
  Manager manager move old onEvent onManager onProtocol openNext origin plan planMs release
  repeats send Socket sockets stop tell tuned until up waiting`.split(/\s+/);
const one = {
  bundle: true,
  minify: true,
  mangleProps: new RegExp(`^(${OURS.join('|')})$`),
  target: 'es2021',
  logLevel: 'warning',
};
rmSync('dist', { recursive: true, force: true });
rmSync('build', { recursive: true, force: true });
await Promise.all([
  build({ ...one, entryPoints: ['src/index.ts'], format: 'esm', outfile: 'dist/drain-client.js' }),
  build({ ...one, entryPoints: ['src/index.ts'], format: 'cjs', outfile: 'dist/drain-client.cjs' }),
  build({
    ...one,
    entryPoints: ['src/global.ts'],
    format: 'iife',
    // No "use strict": all that it would change is in classes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false, useDefineForClassFields: false } },
    outfile: 'dist/drain-client.min.js',
  }),
  build({
    entryPoints: readdirSync('src').map((file) => `src/${file}`),
    outdir: 'build',
    target: 'es2021',
    logLevel: 'warning',
  }),
]);
const tsc = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
execFileSync(process.execPath, [tsc, '-p', '.', '--emitDeclarationOnly', '--outDir', 'build'], {
  stdio: 'inherit',
});
for (const name of ['index', 'types']) {
  const types = readFileSync(`build/${name}.d.ts`, 'utf8');
  writeFileSync(`dist/${name}.d.ts`, types);
  writeFileSync(`dist/${name}.d.cts`, types.replaceAll("'./types.js'", "'./types.cjs'"));
}
for (const name of ['LICENSE', 'NOTICE']) copyFileSync(`../${name}`, name);
