import { Manager } from 'socket.io-client';
import { has, now } from './time.mjs';

const TOLD = ['open', 'close', 'error', 'reconnect_attempt', 'reconnect', 'reconnect_error'];
const BY_SERVER = 'io server disconnect';

/** One connection to a pod, with a socket for each namespace; its client hears what they say. */
export class Connection {
  hello = null;
  plan = 0;
  pending = 0;
  lost = false;
  why = ''; // it was lost
  joined = new Set();
  refused = new Map(); // the server's reason, by namespace
  ended = new Set(); // namespaces that the server has ended
  back = false; // by its stock reconnect
  connectedAt = null;

  constructor(client, url, options) {
    const { auth, namespaces, ...own } = options;
    this.url = url;
    this.sockets = new Map();
    this.manager = new Manager(url, { ...own, autoConnect: false });
    for (const ns of namespaces) {
      const socket = this.manager.socket(ns, { auth: has('auth') ? auth : undefined });
      this.sockets.set(ns, socket);
      if (!has('answers over old')) {
        socket.ack = (id) => (...data) => client.current.sockets.get(ns).packet({ type: 3, id, data });
      }
      socket.onAny((event, ...args) => client.heard(this, ns, event, args));
      const { _pid } = client.current?.sockets.get(ns) ?? {};
      if (!has('no pid in a move')) socket._pid = _pid; // its session lives
      socket.on('connect', () => {
        if (!has('recovery')) socket._pid = undefined;
        this.lost = false;
        this.ended.delete(ns);
        this.joined.add(ns);
        client.connected(this, ns);
      });
      socket.on('disconnect', (reason) => {
        this.joined.delete(ns);
        if (reason === BY_SERVER) this.ended.add(ns);
        else this.lose(reason);
        client.disconnected(this, ns, reason);
      });
      socket.on('connect_error', (error) => {
        const byServer = Object.hasOwn(error, 'data'); // not by the network
        if (byServer) this.refused.set(ns, error.message);
        else this.lose(error.message);
        client.refused(this, ns, error, byServer);
      });
    }
    const stock = this.manager.backoff.duration.bind(this.manager.backoff);
    this.manager.backoff.duration = () => {
      const window = has('plan') && !client.hinted ? this.plan : 0;
      if (has('plan once')) this.plan = 0;
      return window > 0 ? Math.floor(Math.random() * window) : stock();
    };
    for (const socket of this.sockets.values()) socket.connect();
    for (const event of TOLD) this.manager.on(event, (...args) => client.managed(this, event, args));
  }

  lose(why) {
    this.lost = true;
    this.why = why;
    this.hello = null;
  }

  get transport() {
    return this.manager.engine?.transport?.name;
  }

  /** It carries nothing any more: it is lost, or the server has ended all of it. */
  get over() {
    return this.lost || this.joined.size === 0;
  }

  /** Each of these namespaces has its answer. */
  hasAnswered(namespaces) {
    return namespaces.every((ns) => this.joined.has(ns) || this.refused.has(ns));
  }

  join(ns, auth) {
    this.refused.delete(ns);
    this.sockets.get(ns).auth = auth;
    this.sockets.get(ns).connect();
  }

  /** Its next CONNECT in each namespace brings this token. */
  bring(token) {
    if (!has('token')) return;
    for (const socket of this.sockets.values()) socket.auth = { ...socket.auth, pid: token };
  }

  leave(ns) {
    this.sockets.get(ns)?.disconnect();
  }

  emit({ ns, event, args, volatile }, ...ack) {
    const socket = this.sockets.get(ns);
    (volatile ? socket.volatile : socket).emit(event, ...args, ...ack);
  }

  close() {
    for (const socket of this.sockets.values()) socket.disconnect();
    this.manager._close(); // also one that is still on its way
  }
}
