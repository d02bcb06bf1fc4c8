'use strict';

// Stock clients: EACH over WebSocket, with bytes in both directions, and as many with the library's default
// transports, unless WEBSOCKET is 'only'. They say `ready` when all are connected (those by default: by WebSocket). Each says in a line of JSON
// - each time away that has ended: {"kind": …, "client": …, "recovered": …, "ms": …, "backoffMs": …}
// and at the end of standard input what it has felt:
// {"kind": …, "client": …, "sids": […], "received": …, "missing": …, "again": …, "damaged": …, "posted": …}
//
// node recovering.js LIBRARY URL EACH FEED_MS POST_MS WEBSOCKET

const [, , library, url, each, feedMs, postMs, webSocket] = process.argv;
const { io } = require(library);

const all = [];
const kinds = webSocket === 'only' ? ['websocket'] : ['websocket', 'default'];
let pending = kinds.length * each;

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function bytes(n) {
  const buffer = Buffer.alloc(16);
  buffer.writeBigInt64BE(~BigInt(n), 0);
  buffer.writeBigInt64BE(BigInt(n), 8);
  return buffer;
}

/** As netty-socketio sends them: with a byte in front. */
function whole(n, attachment, binary) {
  return binary && n % 2 === 0
    ? Buffer.isBuffer(attachment) && attachment.equals(Buffer.concat([Buffer.from([4]), bytes(n)]))
    : attachment === undefined;
}

function isThere() {
  if (--pending === 0) say('ready');
}

function start(kind, client) {
  const binary = kind === 'websocket';
  const seen = { kind, client, sids: [], received: 0, missing: 0, again: 0, damaged: 0, posted: 0 };
  const socket = io(url, {
    forceNew: true,
    query: binary ? { feedMs, bytes: 1 } : { feedMs },
    ...(binary && { transports: ['websocket'] }),
  });
  let last = null;
  let away = null;
  let waiting = 0;
  socket.on('connect', () => {
    seen.sids.push(socket.io.engine.id);
    if (away) {
      const ms = performance.now() - away.from;
      say({ kind, client, recovered: socket.recovered === true, ms, backoffMs: away.backoffMs });
      away = null;
    } else if (socket.io.engine.transport.name === 'websocket') {
      isThere();
    } else {
      socket.io.engine.once('upgrade', isThere);
    }
  });
  socket.on('disconnect', () => {
    waiting = performance.now();
    away = { from: waiting, backoffMs: 0 };
  });
  socket.on('connect_error', () => {
    waiting = performance.now();
  });
  socket.io.on('reconnect_attempt', () => {
    if (away) away.backoffMs += performance.now() - waiting;
  });
  socket.on('feed', ({ n }, attachment) => {
    seen.received++;
    if (!whole(n, attachment, binary)) seen.damaged++;
    if (last !== null && n <= last) seen.again++;
    else if (last !== null) seen.missing += n - last - 1;
    last = Math.max(n, last ?? n);
  });
  const timer = setInterval(() => {
    const n = ++seen.posted;
    if (binary && n % 2 === 0) socket.emit('post', { n }, bytes(n));
    else socket.emit('post', { n });
  }, postMs);
  all.push({ seen, timer });
}

for (let client = 0; client < each; client++) {
  for (const kind of kinds) start(kind, client);
}

process.stdin.resume();
process.stdin.on('end', () => {
  for (const { timer } of all) clearInterval(timer);
  setTimeout(() => {
    for (const { seen } of all) say(seen);
    say('over');
    process.exit(0);
  }, 500);
});
