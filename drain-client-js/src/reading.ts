import type { MoveState } from './types.js';

/** How to read the state behind a socket, by a function that the socket has. */
const states = new WeakMap<object, () => MoveState>();

/** The `packet` of a socket; also a proxy of the app's own, such as Vue's, hands out the same. */
const markOf = (socket: object): unknown => (socket as { packet?: unknown }).packet;

export function noteState(socket: object, read: () => MoveState): void {
  states.set(markOf(socket) as object, read);
}

export function stateOf(socket: object): MoveState {
  const read = states.get(markOf(socket) as object);
  return read ? read() : 'idle';
}
