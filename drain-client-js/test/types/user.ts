// A user's code, checked by tsc against the published types.
import { io, type Socket } from 'socket.io-client';
import { byContent, drainAware, drainState } from 'graceful-drain-client';
import type { AwareSocket, DrainEvents, Failed, FailureCode, Moved } from 'graceful-drain-client';

interface FromServer {
  feed: (message: { n: number }) => void;
}
interface ToServer {
  up: (n: number, done: (ok: boolean) => void) => void;
}

const sameIo = drainAware(io);
const asIo: typeof io = sameIo;
const viaIo: Socket<FromServer & DrainEvents, ToServer> = sameIo({ auth: { token: 't' } });
viaIo.on('drain:switched', ({ id, previousId }) => console.log(id.length, previousId.length));
new sameIo.Manager('https://example.org').socket('/chat').connect();
drainAware<typeof io, FromServer, ToServer>(io, {
  ready: (next) => next.emit('up', 5, (ok) => console.log(ok)),
  dedupe: (event, args) => (event === 'feed' ? args[0].n.toFixed() : undefined),
  origins: ['https://other.example.org'],
  log: (what, details) => console.log(what.length, details),
})('https://example.org');
drainAware(io, { ready: false, dedupe: byContent, origins: (origin) => origin.length > 5 });
const describe = ({ code }: Failed): FailureCode => code;
const state: 'idle' | 'connecting' | 'preparing' | 'holding' | 'overlap' = drainState(viaIo);
drainAware.state(viaIo).length;

const plain: AwareSocket = drainAware(io, 'https://example.org');
plain.on('anything', (one, two) => console.log(one, two));
plain.on('drain:moved', ({ tookMs, to }) => console.log(tookMs.toFixed(), to.pod.length));
plain.on('drain:failed', (failed) => console.log(failed.message.length));
plain.on('disconnect', (reason) => console.log(reason.length));
plain.emit('whatever', 1, () => {});
const asSocket: Socket = plain;

const typed = drainAware<FromServer, ToServer>(
  io,
  '/chat',
  { transports: ['websocket'], auth: { token: 't' } },
  {
    ready: async (next, { moving }) => {
      if (moving) await next.timeout(1000).emitWithAck('up', 5);
      next.once('feed', ({ n }) => console.log(n.toFixed(), next.id));
    },
    dedupe: (event, args) => (event === 'feed' ? args[0].n : undefined),
    overlapMs: 200,
  },
);
typed.on('feed', ({ n }) => console.log(n.toFixed()));
typed.on('drain:moving', (moving) => console.log(moving.graceMs.toFixed()));
typed.on('drain:moved', (moved: Moved) => console.log(moved.duplicates));
typed.emit('up', 5, (ok) => console.log(ok));
typed.io.on('reconnect_attempt', (attempt) => console.log(attempt.toFixed()));
const inferred = drainAware(io)('https://example.org');
inferred.on('anything', (one, two) => console.log(one, two));
drainAware(io, undefined, {}, { dedupe: false });

// @ts-expect-error there is no such event
typed.on('food', () => {});
// @ts-expect-error it is a number
typed.emit('up', '5', () => {});
// @ts-expect-error it is in milliseconds
drainAware(io, '/', {}, { overlapMs: '1s' });
drainAware<FromServer, ToServer>(
  io,
  '/',
  {},
  {
    // @ts-expect-error it is no event of the server
    dedupe: (event) => (event === 'fed' ? 1 : undefined),
    // @ts-expect-error it is no event of the app
    ready: (next) => next.emit('nonsense'),
  },
);
// @ts-expect-error the connection's own socket cannot be reached
drainAware(io, { ready: (next) => next.offAny() });
// @ts-expect-error options of io belong to the io that it returns
drainAware(io, { auth: {} });
// @ts-expect-error io comes first
drainAware('https://example.org');

console.log(asSocket.id, asIo, describe, state);
