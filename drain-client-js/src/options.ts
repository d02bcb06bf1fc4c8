import { OVERLAP_MOST_MS, OVERLAP_MS } from './bounds.js';
import { systemClock, type Clock } from './clock.js';
import { isFunction, type StockSocket } from './stock.js';
import type { AwareOptions } from './types.js';
import { objectOf } from './wire.js';

/** The options with their defaults. Immutable. */
export interface Settings {
  readonly ready: (socket: StockSocket, connect: { moving: boolean }) => unknown;
  readonly dedupe: (event: string, args: unknown[]) => unknown;
  readonly overlapMs: number;
  readonly clock: Clock;
}

const OURS = ['ready', 'dedupe', 'overlapMs'];
const KNOWN = [...OURS, 'clock'];

/** @throws TypeError that names the setting, its value, and the expected one */
export function check(setting: string, value: unknown, good: boolean, expected: string): void {
  if (good) return;
  throw new TypeError(`drainAware: ${setting}: ${value} (expected: ${expected})`);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Refuses arguments of `drainAware` that are in each other's places.
 *
 * @throws TypeError that names the argument, the given value, and the expected one
 */
export function checkPlaces(io: unknown, url: unknown, options: unknown, aware: unknown): void {
  const expect = (name: string, value: unknown, good: boolean, expected: string): void =>
    check(name, isObject(value) ? listed(Object.keys(value)) : value, good, expected);
  check('io', io, isFunction(io), 'io of socket.io-client');
  expect('url', url, url === undefined || typeof url === 'string', 'a string, then the options');
  const isStock = isObject(options) && !OURS.some((name) => name in options);
  expect('options', options, isStock, `those of io, then ${listed(OURS)}`);
  const isAware = isObject(aware) && Object.keys(aware).every((name) => KNOWN.includes(name));
  expect('aware', aware, isAware, listed(OURS));
}

const listed = (names: string[]): string => `{${names.join(', ')}}`;

/** @throws TypeError that names the setting, its value, and the expected one */
export function settings({
  ready = () => {},
  dedupe = (_event, args) => objectOf(args)['drainId'] as string | number | undefined,
  overlapMs = OVERLAP_MS,
  clock = systemClock, // for tests; not in the types, on purpose
}: AwareOptions & { clock?: Clock } = {}): Settings {
  check('ready', ready, isFunction(ready), 'a function');
  check('dedupe', dedupe, dedupe === false || isFunction(dedupe), 'a function or false');
  const overlaps = overlapMs >= 0 && overlapMs <= OVERLAP_MOST_MS && typeof overlapMs === 'number';
  check('overlapMs', overlapMs, overlaps, `a number from 0 to ${OVERLAP_MOST_MS}`);
  return {
    ready: ready as unknown as Settings['ready'],
    dedupe: dedupe || (() => undefined),
    overlapMs,
    clock,
  };
}

/** Runs the app's code. Its exception is the app's, and must not stop the rest. */
export function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

export function messageOf(error: unknown): string {
  return String((error as Error | undefined)?.message ?? error);
}
