// In what ways an app may hold a socket: by the proxies of its framework, or of its own.
import { reactive, ref, shallowRef } from 'vue';

/** Vue wraps objects of most classes, but not a browser's WebSocket, for which the one here stands. */
function asInBrowsers(socket) {
  const { prototype } = socket.io.engine.transport.ws.constructor;
  Object.defineProperty(prototype, Symbol.toStringTag, { value: 'WebSocket', configurable: true });
  return socket;
}

export const HOLDERS = {
  'a proxy': (socket) => new Proxy(socket, {}),
  'Vue’s reactive': (socket) => reactive({ socket: asInBrowsers(socket) }).socket,
  'Vue’s ref': (socket) => ref(asInBrowsers(socket)).value,
  'Vue’s shallowRef': (socket) => shallowRef(asInBrowsers(socket)).value,
};
