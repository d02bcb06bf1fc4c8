'use strict';

// Stock clients, EACH of them over each transport. They only report, in lines of JSON:
// - each gap that has ended: {"kind": …, "client": …, "reason": …, "ms": …, "backoffMs": …, "failed": …}
// - each connection that has ended: {"kind": …, "client": …, "left": reason}
// - each attempt that has failed: {"kind": …, "client": …, "refused": true}
// They say `ready` when all are connected. The crowd ends with standard input.
//
// node stock.js LIBRARY URL EACH

const [, , library, url, each] = process.argv;
const { io } = require(library);

let missing = 2 * each;

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

for (const transport of ['websocket', 'polling']) {
  for (let client = 0; client < each; client++) {
    const kind = `js-${transport}`;
    const socket = io(url, { forceNew: true, transports: [transport] });
    let gap = null;
    let waitingSince = null;
    socket.on('connect', () => {
      const now = performance.now();
      if (gap) {
        say({ kind, client, reason: gap.reason, ms: now - gap.from, backoffMs: gap.backoffMs, failed: gap.failed });
        gap = null;
      } else if (--missing === 0) {
        say('ready');
      }
    });
    socket.on('disconnect', (reason) => {
      const now = performance.now();
      gap = { reason, from: now, backoffMs: 0, failed: 0 };
      waitingSince = now;
      say({ kind, client, left: reason });
    });
    socket.on('connect_error', () => {
      say({ kind, client, refused: true });
      if (gap) {
        gap.failed++;
        waitingSince = performance.now();
      }
    });
    socket.io.on('reconnect_attempt', () => {
      if (gap) {
        gap.backoffMs += performance.now() - waitingSince;
      }
    });
  }
}

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
