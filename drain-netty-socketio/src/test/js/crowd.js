'use strict';

// A crowd of stock clients in one process. Each counts the numbered feed of each of its sessions. It
// uploads numbers, and repeats them on its next connection until they are acknowledged. Usage:
//
// node crowd.js '{"url": …, "each": 4, "upload": {…}, "namespaces": ["/"],
//                "groups": [{"kind": …, "library": …, "options": {…}}]}'
//
// It takes two commands, as lines on standard input. After `burst 200 15`, each client uploads 200
// numbers at once, or 15 if it polls. After `end`, the clients upload nothing new and wait for the
// acknowledgements that are due. Then the crowd prints the ledgers as one line of JSON, and exits.
// It also ends when standard input closes.

const readline = require('node:readline');

const LAST_ACKNOWLEDGEMENTS_MS = 10000;

const plan = JSON.parse(process.argv[2]);

/** Counts one session's feed: 0, 1, 2 … */
class Feed {
  constructor() {
    this.next = 0;
    this.missing = 0;
    this.behind = 0; // repeated, or out of order
  }

  hear(number) {
    if (number < this.next) {
      this.behind++;
      return;
    }
    this.missing += number - this.next;
    this.next = number + 1;
  }
}

class Client {
  constructor(name, group) {
    this.name = name;
    this.kind = group.kind;
    this.sessions = {};
    this.away = [];
    this.nextUpload = 0;
    this.owed = new Set(); // sent on this connection, and not acknowledged
    this.again = []; // sent on an earlier one, and not acknowledged
    this.kept = 0; // how many were not acknowledged on their first connection
    this.socket = require(group.library)(plan.url, { forceNew: true, ...group.options });
    this.socket.on('connect', () => this.connected());
    this.socket.on('disconnect', (reason) => this.disconnected(reason));
    this.sockets = plan.namespaces.map((namespace) =>
      namespace === '/' ? this.socket : this.socket.io.socket(namespace));
    for (const socket of this.sockets) {
      socket.on('connect', () => socket.emit('ready', this.name, this.kind));
      socket.on('feed', (session, number) => (this.sessions[session] ??= new Feed()).hear(number));
    }
  }

  connected() {
    if (this.gone) {
      this.away.push({ ms: Math.round(performance.now() - this.gone.at), reason: this.gone.reason });
    }
  }

  disconnected(reason) {
    this.gone = { at: performance.now(), reason };
    this.kept += this.owed.size;
    this.again = [...this.owed, ...this.again];
    this.owed.clear();
  }

  get polling() {
    return this.socket.io.engine?.transport?.name === 'polling';
  }

  burst(overWebSocket, overPolling) {
    const count = this.polling ? overPolling : overWebSocket;
    for (let i = 0; i < count && this.socket.connected; i++) {
      this.send(this.nextUpload++);
    }
  }

  upload({ atOnce, mostOwed, mostOwedToPoller }, anew) {
    const most = this.polling ? mostOwedToPoller : mostOwed;
    for (let i = 0; i < atOnce && this.socket.connected && this.owed.size < most; i++) {
      if (this.again.length > 0) {
        this.send(this.again.shift());
      } else if (anew) {
        this.send(this.nextUpload++);
      }
    }
  }

  send(number) {
    this.owed.add(number);
    const turn = this.sockets[number % this.sockets.length];
    const socket = turn.connected ? turn : this.socket; // a socket that is not connected would only buffer it
    socket.emit('upload', this.name, number, () => this.owed.delete(number));
  }

  ledger() {
    return {
      client: this.name,
      kind: this.kind,
      sessions: this.sessions,
      away: this.away,
      uploads: this.nextUpload,
      kept: this.kept,
      unacknowledged: [...this.owed, ...this.again],
    };
  }
}

const clients = plan.groups.flatMap((group) =>
  Array.from({ length: plan.each }, (_, i) => new Client(`${group.kind}-${i}`, group)));

let anew = true;
setInterval(() => clients.forEach((client) => client.upload(plan.upload, anew)), plan.upload.everyMs);

function end() {
  anew = false;
  const begun = performance.now();
  const waiting = setInterval(() => {
    const owed = clients.some((client) => client.owed.size + client.again.length > 0);
    if (!owed || performance.now() - begun > LAST_ACKNOWLEDGEMENTS_MS) {
      clearInterval(waiting);
      const line = JSON.stringify(clients.map((client) => client.ledger()));
      process.stdout.write(`${line}\n`, () => process.exit(0));
    }
  }, 20);
}

readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [command, ...counts] = line.split(' ');
    if (command === 'burst') {
      clients.forEach((client) => client.burst(...counts.map(Number)));
    } else if (command === 'end') {
      end();
    }
  })
  .on('close', () => process.exit(1));
