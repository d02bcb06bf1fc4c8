import type { Connection } from './connection.js';
import { IGNORED, type Log } from './log.js';
import { isFunction, type Packet } from './stock.js';
import type { Pod } from './types.js';
import { MESSAGES, objectOf, type Hint, type Plan } from './wire.js';

/** Whether the app must not see it raw. */
export function isOurs({ data }: Packet): boolean {
  return Array.isArray(data) && /^drain:/.test(String(data[0]));
}

/** Takes in an event of the protocol; unknown ones are ignored. */
export function onMessage(
  connection: Connection,
  args: unknown[],
  log: Log,
  onHint: (hint: Hint) => void,
): void {
  const [event, ...given] = args.filter((arg) => !isFunction(arg)) as [string];
  const message = MESSAGES[event];
  if (!message) return;
  if (event === 'drain:reconnect') args.filter(isFunction).forEach((heard) => heard());
  const taken: unknown = message.take(objectOf(given));
  if (!taken) log(IGNORED, { event, given, expected: message.expected });
  else if (event === 'drain:hello') connection.greet(taken as Pod);
  else if (event === 'drain:plan') connection.planMs = (taken as Plan).windowMs;
  else onHint(taken as Hint);
}
