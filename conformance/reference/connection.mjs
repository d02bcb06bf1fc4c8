import { Manager } from 'socket.io-client';
import { has, now } from './time.mjs';

/** One connection to a pod, with a socket for each namespace; its client hears what they say. */
export class Connection {
  hello = null;
  plan = 0;
  pending = 0;
  lost = false;
  back = false; // by its stock reconnect
  connectedAt = null;

  constructor(client, url, query, reconnection) {
    const { transports, namespaces, auth } = client.options;
    this.url = url;
    this.sockets = new Map();
    this.manager = new Manager(url, { transports, query, reconnection, autoConnect: false });
    for (const ns of namespaces) {
      const socket = this.manager.socket(ns, { auth: has('auth') ? auth : undefined });
      this.sockets.set(ns, socket);
      if (!has('answers over old')) {
        socket.ack = (id) => (...data) => client.current.sockets.get(ns).packet({ type: 3, id, data });
      }
      socket.onAny((event, ...args) => client.heard(this, ns, event, args));
      socket.on('connect', () => client.connected(this, ns));
      socket.on('disconnect', (reason) => client.disconnected(this, ns, reason));
      socket.on('connect_error', (error) => client.refused(this, ns, error));
    }
    const stock = this.manager.backoff.duration.bind(this.manager.backoff);
    this.manager.backoff.duration = () => {
      const window = has('plan') && !client.hinted ? this.plan : 0;
      if (has('plan once')) this.plan = 0;
      return window > 0 ? Math.floor(Math.random() * window) : stock();
    };
    for (const socket of this.sockets.values()) socket.connect();
  }

  get live() {
    return [...this.sockets.values()].every((socket) => socket.connected);
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
