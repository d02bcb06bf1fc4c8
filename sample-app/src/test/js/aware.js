'use strict';

// Aware clients over WebSocket. They count the messages and moves that their application sees, and say `ready`
// when all are connected. When standard input ends, each writes one line of JSON:
// {"client": …, "moves": […], "failed": …, "disconnects": …, "received": …, "missing": …, "again": …, "sent": …,
// "acknowledged": …}
//
// node aware.js LIBRARY CLIENT URL EACH FEED_MS

const [, , library, client, url, each, feedMs] = process.argv;
const { io } = require(library);
const { drainAware } = require(client);

const UP_MS = 100;
const SETTLE_MS = 200; // as the crowd has it
const all = [];
let pending = Number(each);

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function start(number) {
  const seen = {
    client: number, moves: [], failed: 0, disconnects: 0, received: 0, missing: 0, again: 0, sent: 0, acknowledged: 0,
  };
  let last = null;
  const socket = drainAware(
    io,
    url,
    { forceNew: true, transports: ['websocket'], query: { feedMs } },
    {
      ready: (next) =>
        new Promise((resolve) => next.emit('whoami', {}, () => setTimeout(resolve, SETTLE_MS))),
      dedupe: (event, [message]) => (event === 'feed' ? message.n : undefined),
    },
  );
  socket.once('connect', () => {
    if (--pending === 0) say('ready');
  });
  socket.on('disconnect', () => seen.disconnects++);
  socket.on('drain:moved', (moved) => seen.moves.push(moved));
  socket.on('drain:failed', () => seen.failed++);
  socket.on('feed', ({ n }) => {
    seen.received++;
    if (last !== null && n <= last) seen.again++;
    else if (last !== null) seen.missing += n - last - 1;
    last = Math.max(n, last ?? n);
  });
  const timer = setInterval(() => {
    if (!socket.connected) return;
    seen.sent++;
    socket.emit('up', { n: seen.sent }, () => seen.acknowledged++);
  }, UP_MS);
  all.push({ seen, timer });
}

for (let i = 0; i < Number(each); i++) start(i);

process.stdin.resume();
process.stdin.on('end', () => {
  for (const { timer } of all) clearInterval(timer);
  setTimeout(() => {
    for (const { seen } of all) say(seen);
    say('over');
    process.exit(0);
  }, 500);
});
