'use strict';

// A stock client over WebSocket that says `ready` at its first connect, and at each one {"recovered": …}.
//
// node likeness.js LIBRARY URL

const [, , library, url] = process.argv;
const { io } = require(library);

const socket = io(url, { forceNew: true, transports: ['websocket'] });
let first = true;

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

socket.on('asks', (text, answer) => answer());
socket.on('connect', () => {
  say({ recovered: socket.recovered === true });
  if (first) say('ready');
  first = false;
});

process.stdin.resume();
process.stdin.on('end', () => {
  say('over');
  process.exit(0);
});
