// A user's code, checked by tsc against the published types.
import { io, type Socket } from 'socket.io-client';
import { drainAware, type AwareSocket, type Moved } from 'graceful-drain-client';

interface FromServer {
  feed: (message: { n: number }) => void;
}
interface ToServer {
  up: (n: number, done: (ok: boolean) => void) => void;
}

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
    ready: async (socket, { moving }) => {
      if (moving) await socket.timeout(1000).emitWithAck('join');
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
drainAware(io);
drainAware(io, undefined, {}, { dedupe: false });

// @ts-expect-error there is no such event
typed.on('food', () => {});
// @ts-expect-error it is a number
typed.emit('up', '5', () => {});
// @ts-expect-error it is in milliseconds
drainAware(io, '/', {}, { overlapMs: '1s' });
// @ts-expect-error io comes first
drainAware('https://example.org');

console.log(asSocket.id);
