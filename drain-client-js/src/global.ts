import { drainAware } from './index.js';

(globalThis as any).drainAware = drainAware;
