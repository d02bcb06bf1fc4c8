import type { AppSocket } from './app-socket.js';
import type { Connection } from './connection.js';
import { tune } from './manager.js';
import type { About, Released } from './move.js';
import { safely } from './safely.js';
import type { Holding } from './state.js';
import type { StockManager, StockSocket } from './stock.js';

/** The client, as a release needs it. */
export interface Releasing {
  current: Connection;
  /** The app's own address. */
  readonly home: string;
  readonly io: StockManager;
  readonly settingsOfManager: ReadonlyMap<string | symbol, unknown[]>;
  /** Namespaces that the new server has refused, and the connection that carries them. */
  readonly staying: Map<AppSocket, Connection>;
  active(): AppSocket[];
  tell(event: string, what: object, sockets: AppSocket[]): void;
  tellSwitched(socket: AppSocket, previousId: string | undefined): void;
}

type Switched = readonly [socket: AppSocket, inner: StockSocket];

/** Makes next the current connection. The app's `connect` is told later. */
export function release(
  client: Releasing,
  { next, inbox, hold, move: { hasGap } }: Holding,
  { reason }: About,
  attempt: number,
): Released {
  const switched = switchTo(client, next);
  // All have their new ids before the app is told of the first.
  const news = switched.map(([socket, inner]) => [socket, socket.takeId(inner)] as const);
  const isNoticed =
    hasGap || switched.some(([{ stock, settings }]) => !stock.connected || !settings.ready);
  for (const [socket, previousId] of news) client.tellSwitched(socket, previousId);
  client.staying.forEach((_, socket) => {
    const message = next.refusals.messageFor(socket);
    client.tell('drain:failed', { reason, code: 'refused', message }, [socket]);
  });
  // The other half of `reconnect_attempt`, where the app is told `connect`.
  if (isNoticed) {
    safely(() => client.io.emitReserved('open'));
    safely(() => client.io.emitReserved('reconnect', attempt));
  }
  const quiet: AppSocket[] = [];
  for (const [socket, inner] of switched) {
    const { stock } = socket;
    if (!stock.active || !inner.connected) continue; // the app has left it just now
    if (stock.connected) quiet.push(socket);
    socket.connectedBy(inner, !next.prepared.has(socket)); // one opened meanwhile is not prepared
  }
  inbox.splice(0).forEach(safely);
  return { quiet, held: hold.release((out) => next.send(out)) };
}

function switchTo(client: Releasing, next: Connection): Switched[] {
  const old = client.current;
  next.succeed(old, client.home);
  tune(next.manager, client.settingsOfManager);
  client.current = next;
  const switched: Switched[] = [];
  for (const socket of client.active()) {
    const carrier = client.staying.get(socket) || old;
    client.staying.delete(socket);
    if (next.refusals.has(socket) && carrier.has(socket)) {
      client.staying.set(socket, carrier);
      continue;
    }
    const inner = next.join(socket);
    // If it is not connected, it was requested just now.
    if (inner.connected) switched.push([socket, inner]);
  }
  return switched;
}
