// The classic script, as a module: what a page without a bundler gets.
import { readFileSync } from 'node:fs';

globalThis.self = globalThis;
const script = readFileSync(new URL('../dist/drain-client.min.js', import.meta.url), 'utf8');
(0, eval)(script);

export const { drainAware } = globalThis;
export const { byContent, state: drainState } = drainAware;
