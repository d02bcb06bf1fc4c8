import { drainAware } from './index.js';

// Windows and workers have it; `globalThis` is younger than ES2017.
declare const self: { drainAware?: typeof drainAware };

self.drainAware = drainAware;
