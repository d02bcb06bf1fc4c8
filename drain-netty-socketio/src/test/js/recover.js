'use strict';

// Stock clients that know connection state recovery. Each notes the numbers that it is told, and how
// each of its connections began. It uploads numbers and asks for no acknowledgement. Usage:
//
// node recover.js '{"url": …, "each": 3, "uploadEveryMs": 20,
//                  "groups": [{"kind": …, "library": …, "transports": […], "namespace": "/"}]}'
//
// After the line `end` on standard input, the clients upload nothing new, and how many each has sent
// is printed. After `report 99` they wait for that number, for ten seconds at most. The ledgers are
// printed then, and the process exits. All is printed as lines of JSON. It also ends when standard
// input closes.

const readline = require('node:readline');

const plan = JSON.parse(process.argv[2]);
let uploading = true;

class Client {
  constructor(name, group) {
    this.name = name;
    this.kind = group.kind;
    this.numbers = [];
    this.bytes = [];
    this.connects = [];
    this.reasons = [];
    this.uploads = 0;
    this.socket = require(group.library)(plan.url + group.namespace, {
      forceNew: true,
      rejectUnauthorized: false, // a pod's certificate is its own
      transports: group.transports,
      auth: { user: name },
    });
    this.socket.io.on('open', () => (this.opened = performance.now()));
    this.socket.on('connect', () => this.connected());
    this.socket.on('disconnect', (reason) => this.reasons.push(reason));
    this.socket.on('connect_error', (error) => this.connects.push({ error: String(error) }));
    this.socket.on('say', (said) => this.numbers.push(said.n));
    this.socket.on('bytes', (said, bytes) => {
      this.numbers.push(said.n);
      this.bytes.push(Buffer.from(bytes).toString('hex'));
    });
    setInterval(() => {
      if (uploading && this.connects.length > 0) {
        this.socket.emit('upload', this.name, this.uploads++);
      }
    }, plan.uploadEveryMs);
  }

  connected() {
    this.connects.push({
      recovered: this.socket.recovered,
      waited: Math.round(performance.now() - this.opened),
    });
    if (!this.socket.recovered) {
      this.socket.emit('enter', this.name);
    }
  }

  ledger() {
    return {
      client: this.name,
      numbers: this.numbers,
      bytes: this.bytes,
      connects: this.connects,
      reasons: this.reasons,
      uploads: this.uploads,
      transport: this.socket.io.engine?.transport?.name,
    };
  }
}

const clients = plan.groups.flatMap((group) =>
  Array.from({ length: plan.each }, (_, i) => new Client(`${group.kind}-${i}`, group)));

function print(value, then) {
  process.stdout.write(`${JSON.stringify(value)}\n`, then);
}

function report(last, until) {
  if (clients.every((client) => client.numbers.at(-1) >= last) || performance.now() > until) {
    print(clients.map((client) => client.ledger()), () => process.exit(0));
  } else {
    setTimeout(report, 20, last, until);
  }
}

readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'end') {
      uploading = false;
      print(Object.fromEntries(clients.map((client) => [client.name, client.uploads])));
    } else {
      report(Number(line.split(' ')[1]), performance.now() + 10000);
    }
  })
  .on('close', () => process.exit(1));
