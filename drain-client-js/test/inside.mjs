// drainAware as it is published, for tests that look into its client.
import { clientFor } from '../build/open.js';
import { settings } from '../build/options.js';

const clients = new WeakMap();

export function drainAware(io, url, options, aware) {
  const own = settings(aware);
  const { client, nsp } = clientFor(io, url, options, own);
  const socket = client.socket(nsp, options, own);
  clients.set(socket, client);
  return socket;
}

export const clientOf = (socket) => clients.get(socket);

/** The stock socket of a connection in the namespace of one that the app has. */
export const innerOf = (socket, connection = clientOf(socket).current) =>
  connection.inners.get(clientOf(socket).sockets.get(socket.nsp));
