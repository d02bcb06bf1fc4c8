import { isPlainAddress, originOf } from './address.js';
import { OVERLAP_MOST_MS, OVERLAP_MS } from './bounds.js';
import { systemClock, type Clock } from './clock.js';
import { logger, type Log } from './log.js';
import { isFunction } from './stock.js';
import type { ReadySocket } from './ready.js';
import type { AnyEvents, AwareOptions, EventsMap } from './types.js';
import { objectOf } from './wire.js';

export type Ready = (next: ReadySocket, connect: { moving: boolean }) => unknown;

/** The options with their defaults. Immutable. */
export interface Settings {
  /** Without it, `connect` is fired after each move. */
  readonly ready: Ready | undefined;
  readonly dedupe: (event: string, args: unknown[], isQuestion: boolean) => unknown;
  readonly overlapMs: number;
  readonly allowsOrigin: (origin: string) => boolean;
  readonly log: Log;
  readonly clock: Clock;
  /** As the app gave them, and undefined otherwise: all sockets of an address have the first ones. */
  readonly perAddress: { readonly [name: string]: unknown };
}

const OURS = ['ready', 'dedupe', 'overlapMs', 'origins', 'log'];
const KNOWN = [...OURS, 'clock'];

/** @throws TypeError that names the setting, its value, and the expected one */
export function check(setting: string, value: unknown, good: boolean, expected: string): void {
  if (good) return;
  const isRecord = {}.toString.call(value) === '[object Object]';
  const shown = isRecord ? listed(Object.keys(value as object)) : String(value);
  throw new TypeError(`drainAware: ${setting}: ${shown} (expected: ${expected})`);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const listed = (names: string[]): string => `{${names.join(', ')}}`;

/** @throws TypeError that names the argument, the given value, and the expected one */
export function checkIo(io: unknown): void {
  check('io', io, isFunction(io), 'io of socket.io-client');
}

/**
 * Refuses what is no option of `drainAware`, above all options of `io`.
 *
 * @throws TypeError that names the argument, the given value, and the expected one
 */
export function checkAware(aware: unknown): void {
  const isAware = isObject(aware) && Object.keys(aware).every((name) => KNOWN.includes(name));
  check('aware', aware, isAware, `${listed(OURS)}; options of io as ever: drainAware(io)(options)`);
}

/**
 * Refuses arguments of the form with a url that are in each other's places.
 *
 * @throws TypeError that names the argument, the given value, and the expected one
 */
export function checkPlaces(url: unknown, options: unknown, aware: unknown): void {
  check('url', url, url === undefined || typeof url === 'string', 'a string, then the options');
  const isStock = isObject(options) && !OURS.some((name) => name in options);
  check('options', options, isStock, `those of io, then ${listed(OURS)}`);
  checkAware(aware);
}

/** @throws TypeError that names the setting, its value, and the expected one */
export function settings<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = Listen>({
  ready,
  dedupe = (_event, args) => objectOf(args)['drainId'] as string | number | undefined,
  overlapMs = OVERLAP_MS,
  origins = [],
  log,
  clock = systemClock, // for tests; not in the types, on purpose
}: AwareOptions<Listen, Emit> & { clock?: Clock } = {}): Settings {
  const isReady = ready === undefined || ready === false || isFunction(ready);
  check('ready', ready, isReady, 'a function or false');
  check('dedupe', dedupe, dedupe === false || isFunction(dedupe), 'a function or false');
  const overlaps = overlapMs >= 0 && overlapMs <= OVERLAP_MOST_MS && typeof overlapMs === 'number';
  check('overlapMs', overlapMs, overlaps, `a number from 0 to ${OVERLAP_MOST_MS}`);
  const isOrigins =
    isFunction(origins) || (Array.isArray(origins) && origins.every(isPlainAddress));
  check('origins', origins, isOrigins, 'a list of origins or a function');
  check('log', log, log === undefined || isFunction(log), 'a function');
  const allowed = isFunction(origins) ? [] : (origins as string[]).map(originOf);
  return {
    ready: ready === false ? () => {} : (ready as unknown as Ready | undefined),
    dedupe: (dedupe || (() => undefined)) as unknown as Settings['dedupe'],
    perAddress: { origins: origins && String(origins), log },
    overlapMs,
    allowsOrigin: (origin) => (isFunction(origins) ? !!origins(origin) : allowed.includes(origin)),
    log: logger(log),
    clock,
  };
}
