// A client where some of a browser's classes are those of React Native: a process of its own, as the
// pods need Node's.

/** Takes objects alone, as in React Native before 0.80. */
class URLSearchParams {
  pairs = [];

  constructor(given) {
    if (typeof given === 'object') this.pairs = Object.entries(given);
  }

  [Symbol.iterator]() {
    return this.pairs[Symbol.iterator]();
  }
}

/** Most of its members are not there. */
class URL {
  constructor(url) {
    this.href = url;
  }
}
for (const name of ['origin', 'host', 'hostname', 'protocol', 'port', 'pathname', 'searchParams']) {
  Object.defineProperty(URL.prototype, name, {
    get() {
      throw new Error(`URL.${name} is not implemented`);
    },
  });
}

const { drainAware } = await import('graceful-drain-client');
const { io } = await import('socket.io-client');
Object.assign(globalThis, { URL, URLSearchParams, structuredClone: undefined });

const [url] = process.argv.slice(2);
const socket = drainAware(io)(`${url}?token=a%20b&room=5`, { transports: ['websocket'] });
socket.on('connect', () => socket.emit('enter', 'room 5'));
socket.on('said', (text) => process.send(text));
process.on('message', () => socket.emit('say', 'elsewhere', Buffer.from('bytes')));
