import { say } from '../lib/lines.mjs';
import { Connection } from './connection.mjs';
import { CUT_HIDDEN_MS } from './bounds.mjs';
import { bounded, isHello, isPlan } from './messages.mjs';
import { has, now, until } from './time.mjs';
import { Traffic } from './traffic.mjs';

export const BY_SERVER = 'io server disconnect';

/** What the sockets of the connections say, and what of it the app is told. */
export class Sockets extends Traffic {
  next = null;
  old = new Set(); // in the overlap, or lingering for an acknowledgement
  gone = new Map(); // since when the app knows a namespace as disconnected
  ids = new Map(); // of the app's sockets
  lastTicket = null;
  toTell = new Set(); // the namespaces that wait for the end of the move
  later = null; // the hint that is acted on after this move
  hinted = false; // the current connection
  unheard = () => {}; // what the manager has said of a cut that is hidden
  hideBy = null; // until then a cut may be hidden without another connection

  constructor(options) {
    super(options);
    this.namespaces = new Set(options.namespaces); // those that the app has not left
    this.query = { ...options.query, drain: '1', ...(options.token && { 'drain-token': '1' }) };
    this.auth = options.auth;
    this.current = this.connection(options.url, this.query, true, options.transports);
  }

  connection(url, query, reconnection, transports) {
    const namespaces = [...this.namespaces];
    const options = { transports, query, reconnection, auth: this.auth, namespaces };
    return new Connection(this, url, options);
  }

  /** The namespaces that a move takes along: all but those that an old connection still has. */
  get moving() {
    return [...this.namespaces].filter((ns) => !this.stays.has(ns));
  }

  tellAll(event, data) {
    for (const ns of this.toTell) this.tell(ns, event, [data]);
  }

  /** The move has failed in one namespace. */
  tellFailed(ns, code, message) {
    const failed = { reason: this.reason, code: has('codes') ? code : undefined, message };
    if (this.toTell.delete(ns)) this.tell(ns, 'drain:failed', [failed]);
  }

  close() {
    this.closed = true;
    for (const connection of [this.current, this.next, ...this.old]) connection?.close();
  }

  /** The app leaves one namespace. */
  disconnect(ns) {
    this.namespaces.delete(ns);
    this.toTell.delete(ns);
    if (!has('left alone')) this.namespaces.add(ns);
    for (const connection of [this.current, this.next, ...this.old]) connection?.leave(ns);
  }

  // ------------------------------------------------------------------ what its sockets say

  connected(connection, ns) {
    connection.connectedAt ??= now();
    if (connection !== this.current) return;
    if (this.hidden.has(ns)) this.tellHidden(false); // its own reconnect was first
    connection.back = this.gone.delete(ns);
    if (has('begins anew')) this.seenIn(ns).clear();
    this.ids.set(ns, connection.sockets.get(ns).id);
    this.tell(ns, 'connect', []);
    this.ready(connection, ns).catch(({ message }) => {
      const code = has('codes') ? 'ready' : undefined;
      this.tell(ns, 'drain:failed', [{ reason: 'ready', code, message }]);
    });
  }

  disconnected(connection, ns, reason) {
    if (!this.namespaces.has(ns)) return;
    if (connection === this.next) this.nextEnded(ns, reason);
    if (connection !== this.current) return;
    const standsIn = has('adopt') && this.next?.hasAnswered(this.moving);
    if (reason === BY_SERVER && this.isMoving && has('kick apart')) {
      this.hidden.set(ns, reason);
      if (this.next?.refused.has(ns) || this.next?.ended.has(ns)) this.final(ns);
    } else if (this.mayHide && reason !== BY_SERVER) {
      this.hideBy ??= now() + CUT_HIDDEN_MS;
      this.hidden.set(ns, reason);
    } else if (standsIn && reason !== BY_SERVER) {
      if (has('reconnect hidden')) connection.manager.reconnection(false);
      this.hidden.set(ns, reason);
    } else {
      if (reason === BY_SERVER) this.namespaces.delete(ns);
      else this.gone.set(ns, this.gone.get(ns) ?? now());
      this.tell(ns, 'disconnect', [reason]);
    }
  }

  /** Whether next may stand before the app has to know of a cut. */
  get mayHide() {
    return this.state === 'connecting' && now() < (this.hideBy ?? Infinity) && has('hide in time');
  }

  /** Whether a move is under way, and the old connection still the current one. */
  get isMoving() {
    return this.state !== 'idle' && this.state !== 'overlap';
  }

  nextEnded(ns, reason) {
    if (reason !== BY_SERVER) return; // it is lost
    if (this.hidden.get(ns) === BY_SERVER) this.final(ns);
    else if (this.state === 'holding' || !has('ended is refused')) this.next.lose(reason);
    else this.next.refused.set(ns, reason); // that is its answer
  }

  /** Both connections have been ended here by their servers. */
  final(ns) {
    const reason = this.hidden.get(ns);
    this.tellFailed(ns, 'refused', this.next?.refused.get(ns) ?? reason);
    this.hidden.delete(ns);
    this.namespaces.delete(ns);
    this.tell(ns, 'disconnect', [reason]);
  }

  refused(connection, ns, error, byServer) {
    const isHidden = !byServer && this.hidden.has(ns);
    const told = (connection === this.current && !isHidden) || (connection === this.next && byServer);
    if (!told || (connection === this.next && !has('refusal told'))) return;
    this.tell(ns, 'connect_error', [error.message]);
    const { refresh } = this.options; // what the app does in its listener
    if (byServer && refresh && this.auth !== refresh && has('join again')) {
      const { refreshMs = 0 } = this.options;
      if (refreshMs) setTimeout(() => this.connectAgain(refresh), refreshMs);
      else this.joinAgain(connection, ns, refresh);
    }
    const stillRefused = connection === this.next && connection.refused.has(ns);
    if (stillRefused && this.hidden.has(ns)) this.final(ns);
  }

  joinAgain(connection, ns, auth) {
    this.auth = auth;
    connection.join(ns, auth);
  }

  /** What the stock manager tells its app: of the current connection, while its cut is no secret. */
  managed(connection, event, args) {
    const byServer = event === 'close' && args[0] === 'forced close' && this.isMoving;
    const hidden = (this.hidden.size > 0 || byServer) && has('manager hidden');
    if (hidden && event === 'close' && !byServer) this.unheard = () => this.tellManager(connection, event, args);
    if (connection !== this.current || hidden) return;
    this.tellManager(connection, event, args);
  }

  tellManager(connection, event, args) {
    if (this.closed) return;
    say({ is: 'manager', event, args: args.map((arg) => arg?.message ?? arg ?? null) });
    if (event === 'reconnect_attempt' && this.options.countAttempts) {
      this.query.attempt = String(args[0]); // what the app does in its listener
      connection.manager.opts.query = this.query;
    }
  }

  heard(connection, ns, event, args) {
    const [said] = args;
    if (event === 'drain:hello' && isHello(said)) connection.hello = said;
    else if (event === 'drain:plan' && isPlan(said)) connection.plan = bounded(said.windowMs);
    else if (event === 'drain:reconnect') this.hint(connection, args);
    else if (event === 'drain:token') connection.bring(said.token);
    else if (event.startsWith('drain:') && has('silence')) return;
    else if (connection === this.next && has('held back')) this.holdBack(connection, ns, event, args);
    else if (connection === this.current || has('overlap')) this.deliver(connection, ns, event, args);
  }

  get readyIsGiven() {
    return this.options.ready !== 'none' && this.options.ready !== false;
  }

  async ready(connection, ns) {
    if (!this.readyIsGiven) return;
    const [way, ms] = this.options.ready.split(':');
    if (way === 'reject') throw new Error('not ready');
    if (way === 'slow') await until(() => false, now() + Number(ms));
    if (way === 'join') await connection.sockets.get(ns).emitWithAck('join');
  }
}
