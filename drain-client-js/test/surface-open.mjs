// How an app opens its connection: the forms of `io`, its options, first connects. Each case has a
// stage of its own and opens what it needs by `open`, which is `io` or stands for it.
import { Agent } from 'node:http';
import * as parser from 'socket.io-parser';
import { tellAll } from './surface-alone.mjs';
import { outcome } from './surface-cases.mjs';

const BASE = { transports: ['websocket'], reconnectionDelay: 5, randomizationFactor: 0 };

/** What a pod sees of handshakes, without what is new in each, and without the protocol's own. */
export function handshakesOf(stage) {
  return stage.handshakes.map(({ query, headers, auth, url, secure }) => {
    const { sid, t, drain, ticket, stamp, ...rest } = query;
    const kept = Object.fromEntries(
      Object.entries(headers).filter(([name]) => !/^(host|sec-websocket-key)$/.test(name)),
    );
    return { query: rest, headers: kept, auth, path: url.split('?')[0], secure, stamp: !!stamp };
  });
}

const connected = (stage, socket) => stage.until(() => socket.connected);

const answer = (socket, ...args) => new Promise((done) => socket.emit('ask', ...args, done));

// ---------------------------------------------------------------- options

/** A value for each option of socket.io-client, which is not its default. */
export const OPTIONS = {
  auth: { token: 't' },
  retries: 3,
  ackTimeout: 4000,
  forceNew: true,
  multiplex: false,
  path: '/socket.io',
  reconnection: true,
  reconnectionAttempts: 7,
  reconnectionDelay: 6,
  reconnectionDelayMax: 8,
  randomizationFactor: 0.1,
  timeout: 9000,
  autoConnect: false,
  parser,
  host: 'unused.example.org',
  hostname: 'unused.example.org',
  secure: false,
  port: '1',
  query: { of: 'the app' },
  agent: new Agent(),
  upgrade: false,
  forceBase64: true,
  timestampParam: 'stamp',
  timestampRequests: true,
  transports: ['polling'],
  transportImplementations: undefined,
  tryAllTransports: true,
  rememberUpgrade: true,
  policyPost: 843,
  onlyBinaryUpgrades: true,
  requestTimeout: 3000,
  transportOptions: { polling: { extraHeaders: { 'x-polling': 'p' } } },
  pfx: undefined,
  key: undefined,
  passphrase: 'unused',
  cert: undefined,
  ca: undefined,
  ciphers: undefined,
  rejectUnauthorized: false,
  extraHeaders: { authorization: 'Bearer b', cookie: 'c=1' },
  withCredentials: true,
  closeOnBeforeunload: true,
  useNativeTimers: true,
  autoUnref: false,
  perMessageDeflate: { threshold: 2048 },
  addTrailingSlash: true,
  protocols: ['one'],
};

/** Those that are good together with a connection to the stage. */
const USABLE = (({ host, hostname, port, autoConnect, agent, ...rest }) => rest)(OPTIONS);

const readOptions = ({ io }) =>
  Object.keys(OPTIONS).map((name) => {
    const { [name]: value } = io.opts;
    if (name === 'query') return [name, value?.of];
    return [name, value === OPTIONS[name], typeof value];
  });

/** The whole of a move, or of a reconnect. */
function moveCase(name, aware) {
  return {
    of: [`told of ${name}`],
    phases: ['after'],
    aware,
    arrange(stage) {
      stage.kept.log = [];
      tellAll(stage, (...what) => stage.kept.log.push(what));
    },
    async run(stage, tell) {
      for (const what of stage.kept.log) tell(...what);
      tell(await answer(stage.socket, 1));
    },
  };
}

export const OPENINGS = [
  moveCase('a move with ready', {}),
  moveCase('a move without ready', { ready: undefined }),
  {
    of: Object.keys(OPTIONS).map((name) => `option ${name}`),
    async run({ open, url }, tell) {
      const socket = open(url, { ...OPTIONS });
      tell(readOptions(socket), socket.auth, socket.active, socket.io._autoConnect);
      tell(socket.io.engine, socket.io._readyState, socket.io.uri === url);
    },
  },
  {
    of: ['options that the server sees'],
    async run(stage, tell) {
      const socket = stage.open(stage.url, { ...USABLE });
      await connected(stage, socket);
      tell(readOptions(socket), handshakesOf(stage), socket.io.engine.transport.name);
      const withRetries = await new Promise((done) => socket.emit('ask', 1, (...a) => done(a)));
      tell(withRetries);
    },
  },
  {
    of: ['a query in the url'],
    async run(stage, tell) {
      for (const [url, options] of [
        [`${stage.url}?token=a%20b&room=5`, {}],
        [`${stage.url}/chat?token=1`, {}],
        [`${stage.url}?token=1`, { query: { token: 2 } }],
        [stage.url, { query: { a: 1, b: [2, 3], c: undefined } }],
      ]) {
        const socket = stage.open(url, { ...BASE, forceNew: true, ...options });
        await connected(stage, socket);
        tell(socket.nsp, handshakesOf(stage).splice(-1)[0].query);
        socket.disconnect();
      }
    },
  },
  {
    of: ['a path of the app'],
    server: { path: '/own/' },
    async run(stage, tell) {
      const socket = stage.open(`${stage.url}/chat`, { ...BASE, path: '/own/' });
      await connected(stage, socket);
      tell(socket.nsp, handshakesOf(stage), socket.io.opts.path);
    },
  },
  {
    of: ['auth in all its forms'],
    async run(stage, tell) {
      const forms = [
        undefined,
        { token: 1 },
        (give) => give({ token: 2 }),
        (give) => setTimeout(() => give({ token: 3 }), 1),
      ];
      for (const auth of forms) {
        const socket = stage.open(stage.url, { ...BASE, forceNew: true, auth });
        await connected(stage, socket);
        tell(socket.auth === auth, stage.handshakes.at(-1).auth);
        socket.disconnect();
        socket.auth = { token: 'another' };
        await connected(stage, socket.connect());
        tell(stage.handshakes.at(-1).auth);
        socket.disconnect();
      }
    },
  },
  // ---------------------------------------------------------------- first connects
  {
    of: ['before the first connect', 'Manager.engine before it is there'],
    async run(stage, tell) {
      const socket = stage.open(stage.url, { ...BASE, forceNew: true, autoConnect: false });
      const { connected: is, disconnected, active, id, recovered } = socket;
      tell(is, disconnected, active, id, recovered, socket.io._readyState, socket.io.engine);
      tell(socket.emit('say', 1) === socket, socket.sendBuffer.length);
      tell(outcome(() => socket.volatile.emit('say', 'volatile') === socket));
      tell(socket.sendBuffer.length, socket.disconnect() === socket, socket.close() === socket);
      tell(socket.io.socket('/') === socket, socket.active);
      tell(
        outcome(() => socket.io.disconnect()),
        socket.sendBuffer.length,
      );
      tell(socket.connect() === socket, socket.active, socket.io._readyState);
      tell(typeof socket.io.engine, socket.io.engine.readyState, socket.io.engine.id);
      await connected(stage, socket);
      tell(await answer(socket, 2));
    },
  },
  {
    of: ['Manager.open before a socket is', 'Manager.connect before a socket is'],
    async run(stage, tell) {
      const socket = stage.open(stage.url, { ...BASE, forceNew: true, autoConnect: false });
      const { io } = socket;
      const opened = await new Promise((done) => tell(io.open((...args) => done(args)) === io));
      tell(opened, socket.active, io._readyState, io.engine.readyState);
      await connected(stage, socket.connect());
      tell(await answer(socket, 1));
      const none = stage.open('http://127.0.0.1:1', {
        ...BASE,
        forceNew: true,
        autoConnect: false,
      });
      const refused = await new Promise((done) => none.io.connect((...args) => done(args)));
      tell(
        refused.map((error) => error.message),
        none.io._readyState,
        none.io._reconnecting,
      );
    },
  },
  {
    of: ['events of a first connect', 'Engine event open', 'Engine event handshake'],
    async run(stage, tell) {
      const socket = stage.open(stage.url, { ...BASE, forceNew: true });
      for (const event of ['open', 'handshake', 'close', 'error']) {
        socket.io.engine.on(event, (what) => tell(`engine ${event}`, Object.keys(what ?? {})));
      }
      for (const event of ['open', 'packet', 'error', 'close', 'reconnect_attempt']) {
        socket.io.on(event, (what) => tell(`io ${event}`, what?.type));
      }
      socket.on('connect', () => tell('connect', socket.connected, typeof socket.id));
      tell(socket.connected, socket.active, typeof socket.io.engine);
      await connected(stage, socket);
    },
  },
  {
    of: ['Engine event upgrading', 'Engine event upgrade', 'an upgrade'],
    async run(stage, tell) {
      const socket = stage.open(stage.url, { ...BASE, forceNew: true, transports: undefined });
      const log = [];
      const { engine } = socket.io;
      for (const event of ['open', 'upgrading', 'upgrade', 'upgradeError']) {
        engine.on(event, (what) => log.push([event, what?.name, engine.transport.name]));
      }
      await stage.until(() => log.some(([event]) => event === 'upgrade'));
      tell(log, socket.io.engine === engine, engine.transport.name, await answer(socket, 1));
      tell(handshakesOf(stage)[0].query);
    },
  },
  {
    of: ['Engine event upgradeError', 'an upgrade that is refused'],
    async run(stage, tell) {
      stage.front.refusesUpgrades = true;
      const socket = stage.open(stage.url, { ...BASE, forceNew: true, transports: undefined });
      const log = [];
      const { engine } = socket.io;
      for (const event of ['upgrading', 'upgrade', 'upgradeError']) {
        engine.on(event, (what) => log.push([event, what?.name ?? what?.message]));
      }
      await stage.until(() => log.some(([event]) => event === 'upgradeError'));
      tell(log, engine.transport.name);
      tell(await answer(socket, 1), socket.connected);
    },
  },
  {
    of: ['nobody there at first'],
    async run(stage, tell) {
      const gone = 'http://127.0.0.1:1';
      const options = { ...BASE, forceNew: true, reconnectionAttempts: 2 };
      const socket = stage.open(gone, options);
      const { io } = socket;
      socket.on('connect_error', (error) => tell('connect_error', error.message, error.type));
      for (const event of ['error', 'reconnect_attempt', 'reconnect_error', 'close', 'open']) {
        io.on(event, (what) => tell(`io ${event}`, what?.message ?? what));
      }
      await new Promise((done) => io.on('reconnect_failed', done));
      tell(socket.active, socket.connected, io._reconnecting, io._readyState);
    },
  },
  // ---------------------------------------------------------------- forms of the call
  {
    of: ['io(url, options), in all its forms', 'export io', 'export default'],
    async run(stage, tell) {
      const { open, url } = stage;
      const port = new URL(url).port;
      const options = { ...BASE, forceNew: true };
      for (const args of [
        [url, options],
        [`${url}/`, options],
        [`${url}/chat`, options],
        [url.replace('http', 'ws'), options],
        [{ ...options, host: '127.0.0.1', port }],
        [undefined, { ...options, hostname: '127.0.0.1', port }],
      ]) {
        const socket = outcome(() => open(...args));
        if (typeof socket === 'string') {
          tell(args[0], socket);
          continue;
        }
        const failed = new Promise((done) => socket.on('connect_error', (e) => done(e.message)));
        const end = await Promise.race([connected(stage, socket), failed]);
        tell(end, socket.nsp, socket.connected, handshakesOf(stage).at(-1)?.query);
        socket.disconnect();
      }
    },
  },
  {
    of: ['the members of io', 'export connect', 'export protocol'],
    async run({ open }, tell) {
      tell(Object.keys(open).sort(), typeof open, open.length);
      for (const name of ['io', 'connect', 'Manager', 'Socket', 'protocol', 'default']) {
        tell(name, typeof open[name]);
      }
      tell(open.io === open, open.connect === open.io);
    },
  },
  {
    of: ['io.connect and io.io'],
    async run(stage, tell) {
      for (const name of ['connect', 'io']) {
        const socket = stage.open[name](stage.url, { ...BASE, forceNew: true });
        await connected(stage, socket);
        tell(name, await answer(socket, 1), socket instanceof stage.open.Socket);
        socket.disconnect();
      }
    },
  },
  {
    of: ['new io.Manager'],
    async run(stage, tell) {
      const { open, url } = stage;
      const manager = new open.Manager(url, { ...BASE, query: { of: 'manager' } });
      tell(manager instanceof open.Manager, typeof manager.engine, manager._readyState);
      const socket = manager.socket('/', { auth: { token: 1 } });
      const chat = manager.socket('/chat', { auth: { token: 2 } });
      tell(socket === manager.socket('/'), socket.io === manager, socket instanceof open.Socket);
      await connected(stage, socket);
      await connected(stage, chat);
      tell(
        stage.handshakes.map(({ auth }) => auth),
        handshakesOf(stage)[0].query,
      );
      tell(await answer(socket, 1), await answer(chat, 2));
      tell(stage.a.io.engine.clientsCount);
      const late = new open.Manager(url, { ...BASE, autoConnect: false });
      const own = late.socket('/');
      tell(own.active, late._readyState, late.engine);
      await connected(stage, own.connect());
      tell(await answer(own, 3));
      for (const one of [socket, chat, own]) one.disconnect();
      tell(manager._readyState, late._readyState);
    },
  },
  {
    of: ['connections that are shared'],
    async run(stage, tell) {
      const { open, url, a } = stage;
      const first = open(url, { ...BASE });
      const chat = open(`${url}/chat`, { ...BASE });
      const again = open(url, { ...BASE });
      const own = open(`${url}/chat`, { ...BASE, forceNew: true });
      const alone = open(`${url}/chat`, { ...BASE, multiplex: false });
      const all = { first, chat, again, own, alone };
      for (const socket of Object.values(all)) await connected(stage, socket);
      for (const [name, one] of Object.entries(all)) {
        const same = Object.keys(all).filter((other) => all[other].io === one.io);
        tell(
          name,
          same,
          Object.keys(all).filter((other) => all[other] === one),
        );
      }
      tell(a.io.engine.clientsCount);
      for (const socket of Object.values(all)) socket.disconnect();
      const later = open(url, { ...BASE });
      await connected(stage, later);
      tell(later === first, later.io === first.io, await answer(later, 1));
      await stage.until(() => a.io.engine.clientsCount === 1);
      later.disconnect();
    },
  },
  {
    of: ['arguments that are wrong'],
    run({ open }, tell) {
      tell(outcome(() => typeof open('http://[bad', { autoConnect: false })));
      const odd = open('http://127.0.0.1:1', { autoConnect: false, nonsense: 1 });
      tell(odd.io.opts.nonsense, odd.io.opts.autoConnect);
    },
  },
  {
    of: ['Fetch', 'NodeXHR', 'XHR', 'NodeWebSocket', 'WebSocket', 'WebTransport'].map(
      (name) => `export ${name}`,
    ),
    phases: ['before', 'after'],
    optionsOf: ({ NodeWebSocket }) => ({ transports: [NodeWebSocket ?? 'websocket'] }),
    arrange() {},
    async run({ socket, module }, tell) {
      tell(socket.io.engine.transport.name, await answer(socket, 1));
      tell(socket.io.opts.transports[0] === (module.NodeWebSocket ?? 'websocket'));
    },
  },
  // ---------------------------------------------------------------- what a reconnect takes along
  {
    of: ['what a reconnect or a move takes along'],
    phases: ['after'],
    async arrange({ socket }) {
      socket.auth = { token: 'new' };
      socket.io.opts.query = { ...socket.io.opts.query, q: 'new' };
      socket.io.opts.extraHeaders = { 'x-token': 'new' };
      socket.io.opts.own = 'of the app';
      socket.io.reconnectionDelay(7).reconnectionDelayMax(70).timeout(7000).randomizationFactor(0);
      socket.own = socket.io.own = 'of the app';
    },
    async run(stage, tell) {
      const { socket } = stage;
      const { io } = socket;
      const [query, headers, auth] = ['query', 'headers', 'auth'].map(
        (name) => handshakesOf(stage).at(-1)[name],
      );
      tell(query.q, headers['x-token'], auth);
      tell(io.reconnectionDelay(), io.reconnectionDelayMax(), io.timeout());
      tell(io.opts.own, io.opts.query.q, socket.own, io.own);
    },
  },
  {
    of: ['listeners that stay over a reconnect or a move'],
    phases: ['after'],
    async arrange({ socket, kept }) {
      kept.log = [];
      const note = (name) => (what) => kept.log.push([name, what]);
      socket.on('feed', note('on'));
      socket.once('feed', note('once'));
      socket.onAny(note('any'));
      socket.onAnyOutgoing(note('outgoing'));
      socket.io.on('reconnect_attempt', () => (kept.attempted = true));
      socket.io.on('own', note('io own'));
    },
    async run(stage, tell) {
      const { socket, pod, kept } = stage;
      kept.log.length = 0;
      pod.emit('feed', 1);
      pod.emit('feed', 2);
      await stage.until(() => kept.log.length >= 5);
      socket.emit('say', 1);
      socket.io.emit('own', 3);
      tell(kept.log, kept.attempted);
    },
  },
  {
    of: ['hooks of a reconnect refresh what the server sees'],
    phases: ['after'],
    async arrange({ socket }) {
      let n = 0;
      socket.auth = (give) => give({ n: ++n });
      socket.io.on('reconnect_attempt', (attempt) => {
        socket.io.opts.query = { ...socket.io.opts.query, attempt };
        socket.io.opts.extraHeaders = { 'x-attempt': `${attempt}` };
      });
    },
    async run(stage, tell) {
      const [{ query, headers, auth }] = handshakesOf(stage).slice(-1);
      tell(query.attempt, headers['x-attempt'], auth);
    },
  },
];
