import { systemClock, type Clock } from './clock.js';
import type { AwareOptions } from './types.js';

/** The options with their defaults. Immutable. */
export interface Settings {
  readonly ready: NonNullable<AwareOptions['ready']>;
  readonly dedupe: Exclude<AwareOptions['dedupe'], false | undefined>;
  readonly overlapMs: number;
  readonly clock: Clock;
}

export function check(setting: string, value: unknown, good: boolean, expected: string): void {
  if (!good)
    throw new TypeError(`drainAware: ${setting}: ${String(value)} (expected: ${expected})`);
}

function drainId(_event: string, args: any[]): any {
  return args.find((arg) => arg && typeof arg === 'object')?.drainId;
}

/** @throws TypeError that names the setting, its value, and what was expected */
export function settings(options: AwareOptions & { clock?: Clock } = {}): Settings {
  check('options', options, options && typeof options === 'object', 'an object');
  const {
    ready = () => {},
    dedupe = drainId,
    overlapMs = 500,
    clock = systemClock, // for tests; not in the types, on purpose
  } = options;
  check('ready', ready, typeof ready === 'function', 'a function');
  check('dedupe', dedupe, dedupe === false || typeof dedupe === 'function', 'a function or false');
  check(
    'overlapMs',
    overlapMs,
    typeof overlapMs === 'number' && overlapMs >= 0 && overlapMs < Infinity,
    'a number >= 0',
  );
  return { ready, dedupe: dedupe || (() => undefined), overlapMs, clock };
}
