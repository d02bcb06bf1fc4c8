// The shapes of a server's messages, and what is made of their numbers.
import { DURATION_MOST_MS } from './bounds.mjs';
import { has } from './time.mjs';

const isText = (value) => typeof value === 'string' && value !== '';
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isDuration = (value) => Number.isFinite(value) && value >= 0;
const isAddress = (url) =>
  url === undefined || url === '' || (URL.canParse(url) && !(has('plain urls') && /[\\@]/.test(url)));

export const isHello = (hello) =>
  !has('shapes') ||
  (isObject(hello) &&
    isText(hello.pod) &&
    isText(hello.generation) &&
    (hello.epoch === undefined || isText(hello.epoch)));

export const isPlan = (plan) =>
  isObject(plan) && (isDuration(plan.windowMs) || !has('shapes'));

export const isHint = (hint) =>
  !has('checks') ||
  (isObject(hint) &&
    typeof hint.reason === 'string' &&
    isText(hint.ticket) &&
    isDuration(hint.graceMs) &&
    isAddress(hint.url));

/** No duration that a server says is longer than a timer can be: a longer one would be over at once. */
export const bounded = (ms) => {
  if (has('clamp')) return Math.min(ms, DURATION_MOST_MS);
  return ms > 2 ** 31 - 1 ? 1 : ms;
};

/** Whether two pods are the same process; the epoch tells it only where both have said one. */
export function isSamePod(one, other) {
  if (!one || !other || one.pod !== other.pod || one.generation !== other.generation) return false;
  const known = one.epoch !== undefined && other.epoch !== undefined && has('epoch');
  return !known || one.epoch === other.epoch;
}

/** Whether a hint's url may be followed: by default to the app's own origin alone. */
export function isAllowed(url, own, origins) {
  if (!has('origins') || origins === 'loopback') return true;
  const origin = originOf(url);
  return origin === originOf(own) || (Array.isArray(origins) && origins.map(originOf).includes(origin));
}

const originOf = (url) => new URL(url.replace(/^ws/, 'http')).origin;
