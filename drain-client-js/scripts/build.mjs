// Builds dist/, which is published, and build/, the same source file by file for the unit tests.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const common = { target: 'es2017', logLevel: 'warning' };
/** For bundlers and Node: readable, as bundlers minify anyway. */
const readable = {
  ...common,
  entryPoints: ['src/index.ts'],
  bundle: true,
  sourcemap: true,
};
/** Members of ours alone, which have short names in the classic script: stock.ts has none of them. */
const OWN = [
  'lastId readying atConnect isMaking lastSwitch refusedBy endedByOld mayFollow newInner isOld',
  'sendBuffered connectedBy takeId standsIn settingsOfManager endReady whenSettled onOldCut',
  'onOldBack onManager onRefused onDisconnect openNext tellSwitched prepareOn getReady reconnected',
  'releaseOf takeFrom forgetAll forgetOld isNew seen hidden unheard hasGap endOf ended apart inbox',
  'staying lastTicket messageFor stands refuse declined isAgain keepOptions perAddress endMove',
  'allowsOrigin managerFor autoConnects moveState greeted planMs prepared inners succeed abandon',
  'isFinal tuned assigned parked settled isUp divert joined',
].flatMap((line) => line.split(' '));
const stock = ['stock', 'types', 'wire']
  .map((name) => readFileSync(`src/${name}.ts`, 'utf8'))
  .join();
const foreign = OWN.filter((name) => new RegExp(`\\b${name}\\b`).test(stock));
if (foreign.length) throw new Error(`build: ${foreign} (expected: names of ours alone)`);
/** For pages without a bundler. */
const classicScript = {
  ...common,
  entryPoints: ['src/global.ts'],
  bundle: true,
  format: 'iife',
  minify: true,
  mangleProps: new RegExp(`^(${OWN.join('|')})$`),
  // No "use strict": all that it would change is in classes.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false, useDefineForClassFields: false } },
  outfile: 'dist/drain-client.min.js',
};

rmSync('dist', { recursive: true, force: true });
rmSync('build', { recursive: true, force: true });
await Promise.all([
  build({ ...readable, format: 'esm', outfile: 'dist/drain-client.js' }),
  build({ ...readable, format: 'cjs', outfile: 'dist/drain-client.cjs' }),
  build(classicScript),
  build({
    ...common,
    entryPoints: readdirSync('src').map((file) => `src/${file}`),
    outdir: 'build',
  }),
]);
const tsc = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
execFileSync(process.execPath, [tsc, '-p', '.', '--emitDeclarationOnly', '--outDir', 'build'], {
  stdio: 'inherit',
});
for (const name of ['content', 'index', 'types']) {
  const types = readFileSync(`build/${name}.d.ts`, 'utf8');
  writeFileSync(`dist/${name}.d.ts`, types);
  writeFileSync(`dist/${name}.d.cts`, types.replace(/'(\.\/\w+)\.js'/g, "'$1.cjs'"));
}
for (const name of ['LICENSE', 'NOTICE']) copyFileSync(`../${name}`, name);
