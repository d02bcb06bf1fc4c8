// What an app may do with socket, manager and engine while it stays connected. Each case tells what
// can be read and what is heard; it is run on a stock client and on an aware one, in each state.
// `of` names what it covers. `c.event` is an event name of its own, so that cases can be under way at
// the same time: in the state "holding" no answer comes before the state has ended.

const kinds = (socket) => ({
  connect: socket.connected,
  disconnected: socket.disconnected,
  active: socket.active,
});

/** What a call throws, or gives. */
export function outcome(action) {
  try {
    return action();
  } catch (error) {
    return `throws ${error.name}: ${error.message}`;
  }
}

/** The value told once an event of the server has come. */
const heard = (emitter, event) =>
  new Promise((resolve) => emitter.once(event, (...a) => resolve(a)));

function emitterCase(name, of, shared) {
  return {
    of: ['on', 'once', 'off', 'listeners', 'hasListeners', 'removeListener']
      .concat(shared ? ['emit'] : [])
      .map((member) => `${name}.${member}`),
    run(c, tell) {
      const target = of(c);
      const log = [];
      const one = (...args) => log.push(['one', ...args]);
      const two = (...args) => log.push(['two', ...args]);
      const say = (...args) =>
        shared ? target.emit(c.event, ...args) : c.hear(target, c.event, ...args);
      tell(target.hasListeners(c.event), target.listeners(c.event).length);
      tell(target.on(c.event, one) === target, target.once(c.event, two) === target);
      tell(target.hasListeners(c.event), target.listeners(c.event).length);
      tell(target.listeners(c.event)[0] === one);
      say(1, 'x');
      say(2);
      tell(target.off(c.event, one) === target, target.listeners(c.event).length);
      say(3);
      target.on(c.event, one);
      target.on(c.event, one);
      tell(target.removeListener(c.event, one) === target, target.listeners(c.event).length);
      target.once(c.event, two);
      tell(target.off(c.event, two) === target, target.off(c.event) === target);
      tell(target.hasListeners(c.event));
      tell(target.removeListener(`${c.event} unknown`, one) === target);
      tell(log);
    },
  };
}

export const CASES = [
  // ---------------------------------------------------------------- Socket, to be read
  {
    of: ['Socket.id', 'Socket.connected', 'Socket.disconnected', 'Socket.active'],
    run(c, tell) {
      const { socket, pod } = c;
      tell(kinds(socket), typeof socket.id, pod.io.of('/').sockets.has(socket.id));
    },
  },
  {
    of: ['Socket.recovered', 'Socket.nsp', 'Socket.receiveBuffer', 'Socket.sendBuffer'],
    run({ socket }, tell) {
      tell('recovered' in socket, socket.recovered, socket.nsp);
      tell(socket.receiveBuffer, socket.sendBuffer);
      tell(Array.isArray(socket.sendBuffer), Array.isArray(socket.receiveBuffer));
    },
  },
  {
    of: ['Socket.io', 'Socket.auth', 'Socket.flags', 'Socket.subs'],
    run({ socket }, tell) {
      tell(socket.io === socket.io, typeof socket.io, socket.auth, socket.flags);
      tell(Array.isArray(socket.subs));
    },
  },
  {
    of: ['export Socket', 'export Manager', 'class names'],
    run({ socket, io }, tell) {
      tell(socket instanceof io.Socket, socket.io instanceof io.Manager);
      tell(socket.constructor === io.Socket, socket.io.constructor === io.Manager);
      tell(Object.prototype.toString.call(socket), String(socket.io));
      tell(typeof socket.io.engine.constructor, 'engine' in socket.io, 'nonsense' in socket.io);
    },
  },
  {
    of: ['own names'],
    run({ socket }, tell) {
      const enumerated = [];
      for (const name in socket) if (Object.hasOwn(socket, name)) enumerated.push(name);
      tell(Object.keys(socket).sort(), enumerated.sort());
      const ofManager = Object.keys(socket.io).filter((name) => name !== '_reconnecting');
      tell('of the manager', ofManager.sort());
    },
  },
  {
    of: ['names of the app'],
    run(c, tell) {
      const { socket } = c;
      const names = 'front settings seen forget joined session client state move port'.split(' ');
      for (const name of names) socket[name] = socket.io[name] = 'of the app';
      tell(names.map((name) => [socket[name], socket.io[name]]));
      for (const name of names) {
        delete socket[name];
        delete socket.io[name];
      }
      tell(names.map((name) => [name in socket, name in socket.io]));
    },
  },
  // ---------------------------------------------------------------- Socket, emits
  {
    of: ['Socket.emit', 'Socket.acks', 'Socket.ids'],
    async run({ socket, event }, tell) {
      const kept = { n: 1 };
      const answers = [];
      const asks = [
        [1, 'text', null, true, [1, [2]], { deep: { er: 1 } }],
        [Buffer.from('bytes'), new Uint8Array([1, 2])],
        [undefined, new Date(0), kept],
        [],
      ];
      const all = asks.map(
        (args) =>
          new Promise((resolve) => socket.emit(`ask ${event}`, ...args, (...a) => resolve(a))),
      );
      kept.n = 'changed after the emit';
      tell(socket.emit(`say ${event}`) === socket, typeof socket.ids);
      for (const one of all) answers.push(await one);
      tell(answers);
    },
  },
  {
    of: ['emits that are errors'],
    run({ socket, event }, tell) {
      for (const name of ['connect', 'disconnect', 'connect_error', 'disconnecting']) {
        tell(outcome(() => socket.emit(name)));
      }
      tell(
        outcome(() => socket.emit('newListener')),
        outcome(() => socket.emit('removeListener')),
      );
      const circle = { event };
      circle.circle = circle;
      tell(outcome(() => socket.emit(`say ${event}`, circle)).split('\n')[0]);
      tell(outcome(() => socket.emit(`say ${event}`, 10n)));
      tell(socket.flags);
      socket.emit(`say ${event}`, 'after errors');
    },
  },
  {
    of: ['Socket.emitWithAck', 'Socket.timeout'],
    async run({ socket, event }, tell) {
      tell(socket.timeout(10_000) === socket, socket.flags.timeout);
      const inTime = new Promise((resolve) =>
        socket.timeout(10_000).emit(`ask ${event}`, 'in time', (...a) => resolve(a)),
      );
      const late = new Promise((resolve) =>
        socket.timeout(1).emit('owe', 1, (...a) => resolve(String(a))),
      );
      tell(await late);
      const withAck = socket.emitWithAck?.(`ask ${event}`, 2);
      const rejected =
        withAck &&
        (await socket
          .timeout(1)
          .emitWithAck('owe', 1)
          .catch((e) => e.message));
      tell(rejected);
      tell(await inTime, await withAck);
    },
  },
  {
    of: ['Socket.send', 'Socket.compress', 'Socket.volatile'],
    async run({ socket, event }, tell) {
      tell(socket.send(event, 1) === socket);
      tell(socket.compress(false) === socket, socket.flags.compress);
      socket.emit(`say ${event}`, 'not compressed');
      tell(socket.volatile === socket, socket.flags.volatile);
      socket.emit(`say ${event}`, 'volatile');
      tell(socket.flags, socket.compress(true) === socket);
      await new Promise((resolve) => socket.emit(`ask ${event}`, resolve));
    },
  },
  {
    of: ['the listeners of an acknowledgement'],
    async run({ socket, event }, tell) {
      let times = 0;
      const itself = new Promise((resolve) =>
        socket.emit(`ask ${event}`, function (...args) {
          times++;
          resolve([this === socket, args.length]);
        }),
      );
      tell(await itself, times);
      const nested = new Promise((resolve) =>
        socket.emit(`ask ${event}`, 1, () => socket.emit(`ask ${event}`, 2, resolve)),
      );
      tell(await nested);
    },
  },
  // ---------------------------------------------------------------- Socket, listeners
  emitterCase('Socket', (c) => c.socket, false),
  {
    of: ['events of the server'],
    needsOld: true, // several round trips with the pod that serves it at first
    async run(c, tell) {
      const { socket, event, say } = c;
      const came = heard(socket, event);
      say(event, 1, 'text', null, { a: [true] }, Buffer.from('x'));
      tell(await came);
      const asked = new Promise((resolve) => {
        socket.once(event, function (n, answer) {
          tell(this === socket, n, typeof answer, answer.length);
          answer('mine', n);
          answer('twice');
          resolve();
        });
      });
      const answer = c.ask(event, 5);
      await asked;
      tell(await answer);
    },
  },
  {
    of: ['listeners that change listeners'],
    async run({ socket, event, say }, tell) {
      const log = [];
      const last = heard(socket, `${event} end`);
      socket.on(event, (n) => {
        log.push(['first', n]);
        if (n === 1) socket.on(event, (m) => log.push(['added', m]));
        if (n === 2) socket.off(event);
      });
      socket.on(event, (n) => log.push(['second', n]));
      for (const n of [1, 2, 3]) say(event, n);
      say(`${event} end`);
      await last;
      tell(log);
    },
  },
  {
    of: ['Socket.onAny', 'Socket.prependAny', 'Socket.offAny', 'Socket.listenersAny'],
    needsOld: true, // as above: what it says last is said after an answer
    async run(c, tell) {
      const { socket, event, say } = c;
      const log = [];
      const mine =
        (name) =>
        (e, ...args) =>
          e.startsWith(event) && log.push([name, e, ...args]);
      const [one, two, three] = ['one', 'two', 'three'].map(mine);
      const before = socket.listenersAny().length;
      tell(socket.onAny(one) === socket, socket.prependAny(two) === socket);
      socket.onAny(three);
      tell(socket.listenersAny().length - before, socket.listenersAny()[0] === two);
      socket.on(event, (n) => log.push(['on', n]));
      const end = heard(socket, `${event} end`);
      say(event, 1);
      say(`${event} end`);
      await end;
      tell(socket.offAny(two) === socket, socket.listenersAny().length - before);
      socket.offAny(one);
      const again = heard(socket, `${event} again`);
      say(`${event} again`, 2);
      await again;
      socket.offAny(three);
      tell(socket.listenersAny().length - before, log);
    },
  },
  {
    of: [
      'Socket.onAnyOutgoing',
      'Socket.prependAnyOutgoing',
      'Socket.offAnyOutgoing',
      'Socket.listenersAnyOutgoing',
    ],
    async run({ socket, event }, tell) {
      const log = [];
      const mine =
        (name) =>
        (e, ...args) =>
          e.endsWith(event) && log.push([name, e, ...args]);
      const [one, two] = ['one', 'two'].map(mine);
      const before = socket.listenersAnyOutgoing().length;
      tell(socket.onAnyOutgoing(one) === socket, socket.prependAnyOutgoing(two) === socket);
      tell(socket.listenersAnyOutgoing().length - before);
      socket.emit(`say ${event}`, 1);
      const answered = new Promise((resolve) => socket.emit(`ask ${event}`, 2, resolve));
      tell(log.length, socket.offAnyOutgoing(two) === socket);
      socket.emit(`say ${event}`, 3);
      socket.offAnyOutgoing(one);
      socket.emit(`say ${event}`, 4);
      tell(socket.listenersAnyOutgoing().length - before, log);
      await answered;
    },
  },
  {
    of: ['Socket.connect', 'Socket.open'],
    run({ socket }, tell) {
      const { id } = socket;
      tell(socket.connect() === socket, socket.open() === socket, socket.id === id);
      tell(kinds(socket));
    },
  },
  // ---------------------------------------------------------------- Manager
  {
    of: ['Manager.engine', 'Manager._readyState', 'Manager._reconnecting', 'Manager._autoConnect'],
    run({ socket: { io } }, tell) {
      tell(typeof io.engine, io.engine === io.engine, typeof io.engine.id);
      tell(io._readyState, !!io._reconnecting, io._autoConnect);
    },
  },
  {
    of: ['Manager.uri', 'Manager.opts', 'Manager.backoff', 'Manager.nsps'],
    run({ socket, url }, tell) {
      const { io } = socket;
      const { uri, opts, backoff, nsps } = io;
      tell(uri === url, backoff.attempts, Object.keys(nsps), nsps['/'] === socket);
      const own = Object.entries(opts).filter(([name]) => name !== 'query' && name !== 'port');
      tell(opts === io.opts, typeof opts.port, Object.fromEntries(own.sort()));
      tell(Object.keys(opts.query ?? {}).filter((name) => name !== 'drain' && name !== 'ticket'));
    },
  },
  {
    of: ['Manager.encoder', 'Manager.decoder'],
    run({ socket: { io } }, tell) {
      tell(io.encoder.encode({ type: 2, nsp: '/', data: ['x', 1] }), typeof io.decoder.add);
    },
  },
  {
    of: [
      'Manager.reconnection',
      'Manager.reconnectionAttempts',
      'Manager.reconnectionDelay',
      'Manager.reconnectionDelayMax',
      'Manager.randomizationFactor',
      'Manager.timeout',
    ],
    run({ socket: { io } }, tell) {
      const names = [
        ...['reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax'],
        ...['randomizationFactor', 'timeout', 'reconnection'],
      ];
      for (const name of names) {
        const was = io[name]();
        const other = typeof was === 'boolean' ? !was : name === 'randomizationFactor' ? 0.25 : 99;
        tell(name, String(was), io[name](other) === io, String(io[name]()));
        tell(io[name](was) === io, String(io[name]()));
      }
      tell(io.timeout(false).timeout(), io.timeout(20_000).timeout());
      io.skipReconnect = false; // which `reconnection(false)` sets, and only `open` takes back
    },
  },
  {
    of: ['Manager.open', 'Manager.connect'],
    run({ socket: { io } }, tell) {
      const { engine } = io;
      tell(io.open() === io, io.connect() === io, io.engine === engine);
      tell(io.open(() => tell('never called')) === io);
    },
  },
  {
    of: ['Manager.socket'],
    async run({ socket, event, held }, tell) {
      const { io } = socket;
      tell(io.socket('/') === socket);
      const chat = io.socket('/chat', { auth: { of: 'chat' } });
      tell(chat === io.socket('/chat'), chat.nsp, chat.auth, chat.io === io, chat.active);
      const log = [];
      for (const one of ['connect', 'disconnect', 'connect_error']) {
        chat.on(one, (what) => log.push([one, what]));
      }
      tell(await new Promise((resolve) => chat.emit(`ask ${event}`, 1, resolve)));
      tell(kinds(chat), typeof chat.id, Object.keys(io.nsps));
      tell(chat.disconnect() === chat, kinds(chat), chat.id, kinds(socket));
      tell(log);
    },
  },
  {
    of: ['Manager._packet'],
    async run({ socket, event }, tell) {
      socket.io._packet({ type: 2, nsp: '/', data: [`say ${event}`, 'raw'], options: {} });
      tell(await new Promise((resolve) => socket.emit(`ask ${event}`, 1, resolve)));
    },
  },
  {
    of: ['Manager._destroy'],
    async run({ socket, event }, tell) {
      tell(socket.io._destroy(socket), kinds(socket));
      tell(await new Promise((resolve) => socket.emit(`ask ${event}`, 1, resolve)));
    },
  },
  emitterCase('Manager', (c) => c.socket.io, true),
  {
    of: ['Manager event packet'],
    async run({ socket, event, say }, tell) {
      const log = [];
      const note = ({ type, nsp, data }) => {
        if (String(data?.[0]).startsWith(event)) log.push(['packet', type, nsp, data]);
      };
      socket.io.on('packet', note);
      socket.on(event, (n) => log.push(['event', n]));
      const end = heard(socket, `${event} end`);
      say(event, 1);
      say(`${event} end`);
      await end;
      socket.io.off('packet', note);
      tell(log);
    },
  },
  // ---------------------------------------------------------------- Engine
  {
    of: ['Engine.id', 'Engine.transport', 'Engine.binaryType', 'Engine.readyState'],
    run({ socket: { io } }, tell) {
      const { engine } = io;
      tell(typeof engine.id, engine.transport.name, engine.transport.writable, engine.binaryType);
      tell(engine.readyState, engine.transports, engine.upgrading, typeof engine.transport.query);
    },
  },
  {
    of: [
      ...['Engine.writeBuffer', 'Engine.opts', 'Engine.hostname', 'Engine.port', 'Engine.secure'],
      ...['Engine.upgrading', 'Engine.transports', 'Engine._cookieJar', 'Engine._hasPingExpired'],
    ],
    run({ socket: { io } }, tell) {
      const { engine } = io;
      tell(Array.isArray(engine.writeBuffer), engine.hostname, typeof engine.port, engine.secure);
      tell(engine.opts.path, engine.opts.transports, engine._hasPingExpired?.());
      tell(typeof engine._cookieJar, engine.upgrading, engine.transports);
    },
  },
  emitterCase('Engine', (c) => c.socket.io.engine, true),
  {
    of: ['Engine.write', 'Engine.send', 'Engine event packetCreate', 'Engine event flush'],
    async run({ socket, event, held }, tell) {
      const { engine } = socket.io;
      const log = [];
      const note = ({ type, data }) => String(data).includes(event) && log.push([type, data]);
      engine.on('packetCreate', note);
      const flushed = heard(engine, 'flush');
      tell(engine.write(`2["say ${event}","write"]`) === engine);
      tell(engine.send(`2["say ${event}","send"]`) === engine);
      await flushed;
      await heard(engine, 'drain');
      tell(await new Promise((resolve) => socket.emit(`ask ${event}`, 1, resolve)));
      engine.off('packetCreate', note);
      tell(log.map(([type, data]) => [type, data.replace(/^2\d*/, '2')]));
    },
  },
  {
    of: ['Engine event packet', 'Engine event data', 'Engine event message', 'Engine event drain'],
    async run({ socket, event, say }, tell) {
      const { engine } = socket.io;
      const log = [];
      const notes = {};
      for (const name of ['packet', 'data', 'message']) {
        notes[name] = (what) =>
          String(what?.data ?? what).includes(event) && log.push([name, what.data ?? what]);
        engine.on(name, notes[name]);
      }
      const came = heard(socket, event);
      say(event, 1);
      await came;
      for (const [name, note] of Object.entries(notes)) engine.off(name, note);
      tell(log);
    },
  },
];
