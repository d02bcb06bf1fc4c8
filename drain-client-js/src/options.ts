import { systemClock, type Clock } from './clock.js';
import type { AwareOptions } from './types.js';

/** The options with their defaults. Immutable. */
export interface Settings {
  readonly ready: NonNullable<AwareOptions['ready']>;
  readonly dedupe: Exclude<AwareOptions['dedupe'], false | undefined>;
  readonly overlapMs: number;
  readonly clock: Clock;
}

export const isFunction = (value: unknown): value is (...args: any[]) => any =>
  typeof value === 'function';

/** The first object among the arguments of an event; bytes and arrays are none. */
export const objectOf = (args: any[]): any =>
  args.find((arg) => /Object/.test({}.toString.call(arg))) ?? {};

export const messageOf = (error: any): string => String(error?.message ?? error);

/** Runs it; what it throws is the app's, and must not keep the rest from being done. */
export function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

export function check(setting: string, value: unknown, good: boolean, expected: string): void {
  if (!good) throw new TypeError(`drainAware: ${setting}: ${value} (expected: ${expected})`);
}

/** @throws TypeError that names the setting, its value, and what was expected */
export function settings({
  ready = () => {},
  dedupe = (_event, args) => objectOf(args).drainId,
  overlapMs = 500,
  clock = systemClock, // for tests; not in the types, on purpose
}: AwareOptions & { clock?: Clock } = {}): Settings {
  check('ready', ready, isFunction(ready), 'a function');
  check('dedupe', dedupe, dedupe === false || isFunction(dedupe), 'a function or false');
  check('overlapMs', overlapMs, Number.isFinite(overlapMs) && overlapMs >= 0, 'a number >= 0');
  return { ready, dedupe: dedupe || (() => undefined), overlapMs, clock };
}
